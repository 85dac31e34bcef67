/// How a recogniser comes by its encoder.
public enum TransferProtocol: String, Codable, CaseIterable, Sendable {
  /// Random weights, all trained: supervised learning.
  case scratch
  /// A pretrained encoder that stays as it is.
  case frozen
  /// A pretrained encoder, trained on at a share of the head's learning rate.
  case fineTuned = "fine-tuned"
  /// Random weights that stay as they are: the control for `frozen`.
  case randomFrozen = "random-frozen"

  public var isPretrained: Bool { self == .frozen || self == .fineTuned }
  public var trainsEncoder: Bool { self == .scratch || self == .fineTuned }
}
