package import Tensors
package import Training

/// Patches with mean 0 and deviation 1, each by itself; a flat one becomes all zeros.
///
/// He and others, "Masked Autoencoders Are Scalable Vision Learners" (CVPR 2022), with the epsilon of the authors' code.
///
/// - Parameter patches: `[…, cells]`.
package func normalizedPatches(_ patches: Tensor) throws -> Tensor {
  let axis = patches.shape.count - 1
  let centred = try patches - patches.mean([axis], keepAxes: true)
  let variances = try centred.power(2).sum([axis], keepAxes: true) / Double(max(1, patches.shape[axis] - 1))
  return try centred / (variances + 1e-6).squareRoot()
}

/// How well hidden patches are told.
package struct MaskedReconstruction {
  /// The mean squared error of the hidden patches, a scalar.
  package let error: Tensor
  /// The share of the hidden patches' variance that is explained: 0 where each is told to be what a patch of its place is
  /// in the mean of the batch, below 0 where it is told worse; 0 where nothing varies.
  package let explained: Double

  /// - Parameters:
  ///   - told: `[windows, patches, values]`.
  ///   - truth: The same shape.
  ///   - hidden: `[windows, patches]`: 1 where a patch counts, else 0; at least one.
  ///   - share: The windows that are told here; all where `nil`. Then `told` has their rows alone.
  package init(_ told: Tensor, truth: Tensor, hidden: Tensor, of share: RowShare? = nil) throws {
    let share = share ?? RowShare(of: truth.shape[0], in: nil)
    func overHidden(_ squares: Tensor) throws -> Tensor { try (squares.mean([2]) * hidden).sum() / hidden.sum() }
    let squares = try (told - share.own(truth)).power(2).mean([2])
    error = try share.total((squares * share.own(hidden)).sum()) / hidden.sum()
    let windows = Double(truth.shape[0])
    // A mean that the windows themselves are in lies too near to them.
    let unbiased = windows > 1 ? windows / (windows - 1) : 0
    let variance = try overHidden((truth - truth.mean([0], keepAxes: true)).power(2)).item() * unbiased
    explained = variance > 1e-6 ? 1 - (try error.item()) / variance : 0
  }
}
