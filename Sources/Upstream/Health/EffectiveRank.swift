import Foundation
public import Tensors

/// How many dimensions vectors really use: the exponential of the entropy of their singular values.
///
/// Roy and Vetterli, "The effective rank: A measure of effective dimensionality" (EUSIPCO 2007). A collapsed encoder has 1.
///
/// - Parameter vectors: `[windows, width]`, centred here.
public func effectiveRank(_ vectors: Tensor) throws -> Double {
  let values = try (vectors - vectors.mean([0], keepAxes: true)).singularValues().values(Double.self)
  let sum = values.reduce(0, +)
  guard sum > 0 else { return 1 }
  return exp(-values.reduce(0) { $1 > 0 ? $0 + $1 / sum * log($1 / sum) : $0 })
}
