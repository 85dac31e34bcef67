public import Encoders
public import Layers
public import SleepCore

/// One pretext task of a recipe, with its weight among the others.
public struct TaskRecipe: Codable, Hashable, Sendable, Ranged {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case views
    case rotation
    case frequency
    case contrast
  }

  public var task: Kind
  public var weight: Double
  /// The sensors it is used for; every sensor that it serves where absent.
  public var sensors: [Sensor]?
  public var contrast: ContrastTask.Options?
  public var frequency: FrequencyTask.Options?

  private enum CodingKeys: String, CodingKey { case task, weight, sensors, contrast, frequency }

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .weight: .number(0...1_000_000)
    ])

  public init(_ task: Kind, weight: Double = 1, sensors: [Sensor]? = nil) {
    self.task = task
    self.weight = weight
    self.sensors = sensors
  }

  /// `task` must be there, all else may be left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try container.decode(Kind.self, forKey: .task)
    weight = try container.decodeIfPresent(Double.self, forKey: .weight) ?? 1
    sensors = try container.decodeIfPresent([Sensor].self, forKey: .sensors)
    contrast = try container.decodeIfPresent(ContrastTask.Options.self, forKey: .contrast)
    frequency = try container.decodeIfPresent(FrequencyTask.Options.self, forKey: .frequency)
  }

  /// Whether the task is used for a sensor.
  public func serves(_ sensor: Sensor) -> Bool { type.serves(sensor) && (sensors?.contains(sensor) ?? true) }

  private var type: any PretextTask.Type {
    switch task {
    case .views: ViewsTask.self
    case .rotation: RotationTask.self
    case .frequency: FrequencyTask.self
    case .contrast: ContrastTask.self
    }
  }

  /// Makes the task's own parameters, for the sensors of the encoder that it serves.
  public func make(_ scope: Scope, encoder: any Encoder) throws -> any PretextTask {
    let inputs = encoder.inputs.filter { serves($0.sensor) }
    return switch task {
    case .views: try ViewsTask(scope, width: encoder.width)
    case .rotation: try RotationTask(scope, width: encoder.width)
    case .frequency: try FrequencyTask(scope, frequency ?? .init(), inputs: inputs, width: encoder.width)
    case .contrast: try ContrastTask(scope, contrast ?? .init(), width: encoder.width)
    }
  }
}
