/// Where a tensor lives.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu
  /// A graphics card, by its number among those that CUDA shows, from 0.
  case cuda(Int)

  /// The first graphics card where there is one, else the processor.
  public static var auto: Device { LibTorch.hasCUDA ? .cuda(0) : .cpu }

  /// - Parameter name: `cpu`, `cuda`, which is `cuda:0`, `cuda:N` or `auto`.
  /// - Throws: ``TensorError/device(name:cards:)`` for another name, and for a card that is not there.
  public init(named name: String) throws {
    switch name {
    case "cpu": self = .cpu
    case "auto": self = .auto
    default:
      let cards = LibTorch.cards
      guard let card = Self.card(name), card < cards else { throw TensorError.device(name: name, cards: cards) }
      self = .cuda(card)
    }
  }

  /// Whether a name is one of a device, here or on another machine.
  public static func isName(_ name: String) -> Bool { ["cpu", "auto"].contains(name) || card(name) != nil }

  /// The number of the card that a name is of; `nil` of another name.
  private static func card(_ name: String) -> Int? {
    if name == "cuda" { return 0 }
    let digits = name.dropFirst("cuda:".count)
    guard name.hasPrefix("cuda:"), let number = Int(digits), "\(number)" == digits, number >= 0 else { return nil }
    return number
  }

  /// Whether it is a graphics card.
  public var isCUDA: Bool { self != .cpu }

  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let card): "cuda:\(card)"
    }
  }
}

extension Device {
  /// The device of a run, whose results repeat: on a graphics card LibTorch's and cuDNN's deterministic algorithms are chosen, for the rest
  /// of the process. On the processor they repeat as they are, with as many threads.
  ///
  /// - Throws: As ``init(named:)``.
  public static func ofRun(_ name: String) throws -> Device {
    let device = try Device(named: name)
    if device.isCUDA { try LibTorch.setDeterministic(true) }
    return device
  }

  /// In what sense results repeat on it, in words.
  public var determinism: String {
    guard isCUDA else { return "the same bits with as many threads" }
    return LibTorch.isDeterministic
      ? "deterministic algorithms where LibTorch has them, no search by cuDNN, a workspace of cuBLAS for each stream"
      : "not asked for"
  }
}
