public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// Several models of one kind whose probabilities are averaged: its members are trained one by one, from different seeds.
///
/// Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles"
/// (2017). A member's chain gives its marginals; there is no best path of several chains together, so each window has its
/// most probable class.
public struct Ensemble: RecognitionModel {
  private let members: [any RecognitionModel]

  /// - Parameter members: At least one, of the same inputs and classes.
  public init(_ members: [any RecognitionModel]) {
    precondition(!members.isEmpty, "an ensemble has members")
    self.members = members
  }

  public var inputs: [WindowContract] { members[0].inputs }
  public var classes: Int { members[0].classes }
  public var frozen: [String] {
    members.indices.flatMap { index in members[index].frozen.map { "\(Self.name(index)).\($0)" } }
  }

  /// What a member's parameters are named under.
  public static func name(_ member: Int) -> String { "members.\(member)" }

  public func freezingEncoder() -> Ensemble { Ensemble(members.map { $0.freezingEncoder() }) }

  /// - Returns: The logarithms of the mean probabilities, so that their softmax is these.
  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try mean(lengths: batch.lengths) { try $0.scores(batch, mode) }
  }

  public func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    try mean(lengths: stretch.cut(into: sequences, withInputs: false).lengths) {
      try $0.scores(sequences, of: stretch)
    }
  }

  private func mean(lengths: [Int], _ scores: (any RecognitionModel) throws -> Tensor) throws -> Tensor {
    let sum = try members.dropFirst().reduce(probabilities(members[0], lengths, scores)) {
      try $0 + probabilities($1, lengths, scores)
    }
    return try (sum / Double(members.count)).clamp(1e-12).log()
  }

  private func probabilities(
    _ member: any RecognitionModel, _ lengths: [Int], _ scores: (any RecognitionModel) throws -> Tensor
  ) throws -> Tensor {
    let scores = try scores(member)
    guard let chain = member.chain else { return try scores.softmax(2) }
    let marginals = try chain.marginals(scores, lengths: lengths)
    return try Tensor(marginals.map { Float($0) }, shape: scores.shape).to(scores.device)
  }
}
