public import Tensors

/// A linear-chain CRF as a layer: the exact log-likelihood with its gradient, and the best path. Names as in pytorch-crf.
///
/// The sums are ``CRFKernel``'s, on the processor, joined to LibTorch's gradients.
public struct ConditionalRandomField {
  let start: Tensor
  let end: Tensor
  let transitions: Tensor

  /// - Parameter isTrained: Whether a training will change it. One that keeps its first values has them as TensorFlow's chain begins: Glorot's
  ///   uniform between classes, and nothing at the ends.
  public init(_ scope: Scope, classes: Int, isTrained: Bool = true) throws {
    let ends: Initializer = isTrained ? .uniform(bound: 0.1) : .zeros
    start = try scope.parameter("start_transitions", [classes], ends)
    end = try scope.parameter("end_transitions", [classes], ends)
    transitions = try scope.parameter(
      "transitions", [classes, classes], isTrained ? ends : .glorot(fanIn: classes, fanOut: classes))
  }

  /// The mean negative log-likelihood of a labelled window.
  ///
  /// - Parameters:
  ///   - emissions: `[batch, length, classes]`.
  ///   - tags: `[batch, length]`, -1 where the class is not known: any may stand there.
  ///   - lengths: Windows of each sequence, the first ones; `nil` when all.
  /// - Returns: A scalar: the batch's negative log-likelihood over its known tags.
  public func loss(_ emissions: Tensor, tags: [Int8], lengths: [Int]? = nil) throws -> Tensor {
    let values = try batch(emissions, lengths, tags: tags.map(Int64.init))
    let known = max(1, values.knownTags)
    let weights = [Double](repeating: -1 / Double(known), count: values.batch)
    let result = try kernel().gradient(values, weights: weights)
    let loss = -result.logLikelihoods.reduce(0, +) / Double(known)
    let inputs = [emissions, start, end, transitions]
    let gradients = [result.emissions, result.start, result.end, result.transitions]
    let device = emissions.device
    return try Tensor.custom(Tensor(Float(loss)).to(device), of: inputs) { gradient in
      try zip(gradients, inputs).map { values, input in
        try Tensor(values.map { Float($0) }, shape: input.shape).to(device) * gradient
      }
    }
  }

  /// The most probable classes, `[batch, length]`; -1 behind a sequence's end.
  public func decode(_ emissions: Tensor, lengths: [Int]? = nil) throws -> CRFPaths {
    try kernel().decode(batch(emissions, lengths))
  }

  /// The probability of each class of each window, `[batch, length, classes]`.
  public func marginals(_ emissions: Tensor, lengths: [Int]? = nil) throws -> [Double] {
    try kernel().marginals(batch(emissions, lengths))
  }

  private func batch(_ emissions: Tensor, _ lengths: [Int]?, tags: [Int64]? = nil) throws -> CRFBatch {
    let shape = try emissions.shape3()
    return try emissions.detach().values(Float.self).withUnsafeBufferPointer { scores in
      guard let tags else { return try CRFBatch(emissions: scores, lengths: lengths, shape: shape) }
      return try tags.withUnsafeBufferPointer {
        try CRFBatch(emissions: scores, tags: $0, lengths: lengths, shape: shape)
      }
    }
  }

  private func kernel() throws -> CRFKernel {
    CRFKernel(
      start: try start.detach().values(Float.self), transitions: try transitions.detach().values(Float.self),
      end: try end.detach().values(Float.self))
  }
}
