import SleepCore
import Tensors

/// How near vectors are to others: what ``PrototypesHead`` and ``NeighboursHead`` score by.
public struct Nearness {
  /// The measure.
  public enum Metric: String, Codable, CaseIterable, Sendable {
    /// The cosine of the angle between two vectors.
    case cosine
    /// Less the squared distance of two vectors.
    case euclidean
  }

  /// What stands for a class of which no labelled window is known: less than any nearness.
  static let lowest = -1e4

  let metric: Metric
  let temperature: Double

  /// - Parameter vectors: `[windows, inputs]`.
  /// - Returns: The same, of length 1 where directions are compared.
  func prepared(_ vectors: Tensor) throws -> Tensor {
    metric == .cosine ? try vectors / vectors.norm([1], keepAxes: true).clamp(1e-6) : vectors
  }

  /// How near each vector is to each of others, over the temperature.
  ///
  /// - Parameters:
  ///   - vectors: `[windows, inputs]`, prepared.
  ///   - others: `[others, inputs]`.
  /// - Returns: `[windows, others]`.
  func callAsFunction(_ vectors: Tensor, _ others: Tensor) throws -> Tensor {
    let others = try prepared(others)
    let products = try vectors.linear(others)
    guard metric == .euclidean else { return try products / temperature }
    let lengths = try (vectors * vectors).sum([1], keepAxes: true) + (others * others).sum([1])
    return try (products * 2 - lengths) / temperature
  }

  /// The same of each vector and its own partner.
  ///
  /// - Parameters:
  ///   - vectors: `[windows, inputs]`, prepared.
  ///   - partners: `[windows, inputs]`.
  /// - Returns: `[windows, 1]`.
  func paired(_ vectors: Tensor, _ partners: Tensor) throws -> Tensor {
    let partners = try prepared(partners)
    guard metric == .euclidean else { return try (vectors * partners).sum([1], keepAxes: true) / temperature }
    let difference = try vectors - partners
    return try -(difference * difference).sum([1], keepAxes: true) / temperature
  }
}
