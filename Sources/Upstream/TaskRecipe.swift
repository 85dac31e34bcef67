public import Layers
public import SleepCore
import Encoders

/// One pretext task of a recipe, with its weight among the others and its own options.
public struct TaskRecipe: Codable, Hashable, Sendable, Ranged {
  public var choice: Choice<PretextTasks>
  public var weight: Double = 1
  /// The sensors it is used for; every sensor that it serves where absent. A task of nights has them all.
  public var sensors: [Sensor]?

  private enum CodingKeys: String, CodingKey { case weight, sensors }

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .weight: .number(0...1_000_000)
    ])
  public static let partsBeside = ["choice"]

  public init<Task: PretextTask>(
    _ task: Task.Type, weight: Double = 1, sensors: [Sensor]? = nil, _ change: (inout Task.Options) -> Void = { _ in }
  ) {
    choice = Choice(task, change)
    self.weight = weight
    self.sensors = sensors
  }

  /// A task with its defaults.
  ///
  /// - Throws: `Misfit` for a name that no task has.
  public init(named name: String) throws { choice = Choice(try PretextTasks.named(name)) }

  public init(from decoder: any Decoder) throws {
    choice = try Choice(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weight = try container.decodeIfPresent(Double.self, forKey: .weight) ?? 1
    sensors = try container.decodeIfPresent([Sensor].self, forKey: .sensors)
  }

  public func encode(to encoder: any Swift.Encoder) throws {
    try choice.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(weight, forKey: .weight)
    try container.encodeIfPresent(sensors, forKey: .sensors)
  }

  /// As recipes and logs name it.
  public var name: String { choice.name }

  /// - Throws: `Misfit` for a name that no task has.
  public var type: any PretextTask.Type {
    get throws {
      guard let kind else { throw Misfit("task", is: name, oneOf: PretextTasks.names) }
      return kind
    }
  }

  private var kind: (any PretextTask.Type)? { PretextTasks.kinds.first { $0.name == name } }

  /// Whether the task is one of nights.
  public var isOfNights: Bool { kind is any NightTask.Type }

  /// Whether the task teaches a context.
  public var teachesContext: Bool { (kind as? any NightTask.Type)?.teachesContext ?? false }
  /// Whether the task asks about a sensor what others tell.
  var asksAcross: Bool { (kind as? any NightTask.Type)?.asksAcross ?? false }

  /// Whether the task is used for a sensor's windows.
  public func serves(_ sensor: Sensor) -> Bool {
    (kind?.serves(sensor) ?? false) && (sensors?.contains(sensor) ?? true)
  }

  /// Makes the task's own parameters, for the sensors that it is used for.
  public func make(_ scope: Scope, _ network: PretextNetwork) throws -> any PretextTask {
    if let misfit { throw EncoderError.recipe("\(name): \(misfit)") }
    try checkAround(network)
    if asksAcross, network.night.count < 2 {
      throw EncoderError.recipe(
        "\(name): found one sensor, \(network.night.map(\.sensor.rawValue).joined()), expected two or more in 'sensors' that were "
          + "recorded together: it asks about one what the others tell")
    }
    let inputs = isOfNights ? network.night : network.encoder.inputs.filter { serves($0.sensor) }
    return try type.made(scope, choice.options, network, inputs: inputs)
  }

  /// - Throws: `EncoderError` where a task that asks about the windows around is given a network that reads none of them, or one that
  ///   reads the answer with the question.
  private func checkAround(_ network: PretextNetwork) throws {
    guard let night = kind as? any NightTask.Type, night.asksAround else { return }
    guard network.readsNights else {
      let kinds = Contexts.names.filter { $0 != NoContext.name }.joined(separator: ", ")
      throw EncoderError.recipe(
        "\(name): found no context to read the night around a window, expected 'context.kind' to be one of \(kinds), and no "
          + "published 'model'")
    }
    guard !network.encoder.readsNeighbours else {
      throw EncoderError.recipe(
        "\(name): found an encoder that reads the windows beside each, which gives the answer away, expected one that reads every "
          + "window by itself")
    }
  }
}

extension PretextTask {
  fileprivate static func made(
    _ scope: Scope, _ options: any Settings, _ network: PretextNetwork, inputs: [WindowContract]
  ) throws -> Self {
    try Self(scope, options as? Options ?? Options(), network, inputs: inputs)
  }
}
