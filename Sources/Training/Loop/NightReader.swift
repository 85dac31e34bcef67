public import Encoders
public import Layers
import SleepCore
public import Tensors

/// A context over the joined vectors of a night's windows, told the time of night where its recipe says so.
public struct NightReader {
  private let context: any Context
  private let clock: Bool

  /// - Parameter inputs: The size of a window's joined vectors.
  public init(_ scope: Scope, _ recipe: ContextRecipe, inputs: Int) throws {
    context = try recipe.make(scope, inputs: inputs + (recipe.clock ? Clock.width : 0))
    clock = recipe.clock
  }

  /// The size of the vectors that come out.
  public var width: Int { context.width }

  /// - Parameters:
  ///   - vectors: `[batch, length, inputs]`, zeros where a window was not measured.
  ///   - hours: `[batch, length]`: from where the time of night counts to each window.
  /// - Returns: `[batch, length, width]`.
  public func callAsFunction(_ vectors: Tensor, hours: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    let told = try clock ? .concatenate([vectors, Clock.features(hours)], axis: 2) : vectors
    return try Precision.forward(on: vectors.device) { try context(told, extent, mode) }
  }

  /// The same for the vectors of a whole batch.
  public func callAsFunction(_ vectors: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try self(vectors, hours: batch.hourTensor(), batch.extent(), mode)
  }
}

/// The time since the start of a recording, as inputs of a context or a head.
public enum Clock {
  public static let width = 3

  /// Hours, their square, and the phase of a 90-minute cycle.
  ///
  /// - Parameter hours: `[batch, length]`.
  /// - Returns: `[batch, length, 3]`.
  public static func features(_ hours: Tensor) throws -> Tensor {
    let hours = try hours.unsqueezed(2)
    let scaled = try hours * 0.25 - 1
    return try .concatenate([scaled, scaled * scaled, (hours * (2 * .pi / 1.5)).sine()], axis: 2)
  }
}
