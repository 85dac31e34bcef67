private enum Ops {
  static let complex = Operator("complex")
  static let viewAsReal = Operator("view_as_real")
}

extension Tensor {
  /// The larger of each two samples of `[batch, channels, samples]`: `maxPool1d(2)`, with the same values and gradients.
  ///
  /// LibTorch's pooling notes where each maximum stood, eight bytes each, one by one, which takes most of the time of small
  /// networks. Here a backward pass compares instead: as there, of two equal samples the first has the gradient.
  ///
  /// - Parameter ceiling: Whether a last sample that has no partner counts.
  public func maxPoolPairs(ceiling: Bool = false) throws -> Tensor {
    let (batch, channels, samples) = try shape3()
    let isOdd = samples % 2 == 1
    if isOdd, ceiling { return try padded([0, 1], with: -.infinity).maxPoolPairs() }
    let pairs = isOdd ? try narrowed(2, 0..<(samples - 1)) : self
    let (inputs, maxima) = try LibTorch.withoutGradients { (try pairs.detach(), try pairs.maxPool1d(2)) }
    return try .custom(maxima, of: [pairs]) { gradient in
      let first = try inputs.strided(2, by: 2)
      let ofFirst = try gradient * first.equals(maxima)
      // Two interleaved vectors are the parts of a complex one, where there are complex numbers of the type.
      let both =
        gradient.dtype.size < 4
        ? try Tensor.stack([ofFirst, gradient - ofFirst], axis: 3)
        : try Ops.viewAsReal(.tensor(Ops.complex(.tensor(ofFirst), .tensor(gradient - ofFirst))))
      return [try both.reshaped([batch, channels, samples - samples % 2])]
    }
  }
}
