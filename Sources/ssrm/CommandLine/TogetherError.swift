import Foundation
import Tensors
import Training

/// What went wrong in another process than the first of those that train together.
struct TogetherError: Error, LocalizedError {
  let rank: Int
  let count: Int
  let error: any Error

  var errorDescription: String? { "process \(rank) of \(count) (counted from 0): \(error.localizedDescription)" }

  /// Whether the first process says the same.
  var isSaid: Bool { error is Interrupted || error is ProcessGroupError }
}
