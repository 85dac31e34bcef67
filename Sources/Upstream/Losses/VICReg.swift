package import Tensors

/// VICReg's loss: the weighted sum of its three terms.
///
/// As in the code of Bardes, Ponce and LeCun, of the variance terms of both branches the mean is taken, and of the covariance terms
/// the sum.
///
/// - Parameter embeddings: `[2 * pairs, features]`: the first members of all pairs, then the second ones.
/// - Returns: A scalar, at least 0.
package func varianceInvarianceCovariance(
  _ embeddings: Tensor, invariance: Double = 25, variance: Double = 25, covariance: Double = 1
) throws -> Tensor {
  let branches = try embeddings.split(embeddings.shape[0] / 2, axis: 0)
  let alike = try invarianceTerm(branches[0], branches[1])
  let varied = try (varianceTerm(branches[0]) + varianceTerm(branches[1])) / 2
  let related = try covarianceTerm(branches[0]) + covarianceTerm(branches[1])
  return try alike * invariance + varied * variance + related * covariance
}

/// The invariance term of VICReg: how far the embeddings of partners are from each other.
///
/// `s(Z, Z')` of Bardes, Ponce and LeCun, "VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised
/// Learning" (ICLR 2022), as a mean over the features too, which is what the published weights were used with.
///
/// - Parameters:
///   - embeddings: `[pairs, features]`, not normalised.
///   - partners: The same shape; row by row the partners.
/// - Returns: A scalar, at least 0.
package func invarianceTerm(_ embeddings: Tensor, _ partners: Tensor) throws -> Tensor {
  try embeddings.meanSquaredError(partners)
}

/// The variance term of VICReg: how much the deviation of each feature over a batch falls short of 1.
///
/// `v(Z)` of Bardes, Ponce and LeCun (ICLR 2022), with their epsilon of 0.0001 beneath the root. It keeps embeddings from
/// falling together to a point. A single embedding has no deviation.
///
/// - Parameter embeddings: `[pairs, features]`, not normalised.
/// - Returns: A scalar, in `0...1`.
package func varianceTerm(_ embeddings: Tensor) throws -> Tensor {
  let centred = try embeddings - embeddings.mean([0], keepAxes: true)
  let variances = try centred.power(2).sum([0]) / freedom(embeddings)
  return try (((variances + 1e-4).squareRoot() - 1) * -1).relu().mean()
}

/// The covariance term of VICReg: how much the features of a batch tell of each other.
///
/// `c(Z)` of Bardes, Ponce and LeCun (ICLR 2022): the squared covariances of different features, summed and divided by how many
/// features there are. It keeps embeddings from using a few directions only.
///
/// - Parameter embeddings: `[pairs, features]`, not normalised.
/// - Returns: A scalar, at least 0.
package func covarianceTerm(_ embeddings: Tensor) throws -> Tensor {
  let features = embeddings.shape[1]
  let centred = try embeddings - embeddings.mean([0], keepAxes: true)
  let covariances = try centred.transposed(0, 1).matmul(centred) / freedom(embeddings)
  let apart = try (Tensor.identity(features, device: embeddings.device) - 1) * -1
  return try (covariances * apart).power(2).sum() / Double(features)
}

/// What sums of squares are divided by: one less than the rows, but not 0.
private func freedom(_ embeddings: Tensor) -> Double { Double(max(1, embeddings.shape[0] - 1)) }
