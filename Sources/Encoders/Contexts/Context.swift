public import Layers
public import SleepCore
public import Tensors

/// Reads the vectors of a night's windows, so that each knows of its neighbours: what night tasks teach and heads use.
///
/// A new context is one file with such a type, and one line of ``Contexts``. It is a head too, with a linear layer behind it.
public protocol Context: Choosable {
  /// Makes the context's parameters.
  ///
  /// - Parameter inputs: The size of a window's vector, of all sensors together.
  init(_ scope: Scope, _ options: Options, inputs: Int) throws

  /// The size of the vectors that come out.
  var width: Int { get }

  /// - Parameters:
  ///   - vectors: `[batch, length, inputs]`, zeros where a window was not measured.
  ///   - extent: How far each sequence goes.
  /// - Returns: `[batch, length, width]`; what stands behind a sequence's end has no meaning.
  func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor
}

/// How far the sequences of a batch go, and where in them something was measured.
public struct Extent {
  /// Windows of each sequence, the first ones.
  public let lengths: [Int]
  /// bool `[batch, length]`: where attention may look; `nil` everywhere.
  public let attendable: Tensor?

  public init(lengths: [Int], attendable: Tensor? = nil) {
    self.lengths = lengths
    self.attendable = attendable
  }

  /// 1 within each sequence and 0 behind its end, `[batch, 1, length]`; `nil` where all go to the end.
  func inside(length: Int, device: Device) throws -> Tensor? {
    guard lengths.contains(where: { $0 < length }) else { return nil }
    let values = lengths.flatMap { own in (0..<length).map { $0 < own ? Float(1) : 0 } }
    return try Tensor(values, shape: [lengths.count, 1, length]).to(device)
  }
}

/// The contexts that a recipe may choose.
public enum Contexts: Registry {
  public static let key = "kind"
  public static var all: [any Choosable.Type] { kinds }
  static let kinds: [any Context.Type] = [
    NoContext.self, Transformer.self, BiLSTM.self, BiGRU.self, DilatedConvolutions.self,
  ]
}

/// What a recipe says of a context: its kind with its options, and whether it is told the time of night.
public struct ContextRecipe: Codable, Hashable, Sendable, Ranged {
  public var choice: Choice<Contexts>
  /// Whether the time since the start of the recording is one more input.
  public var clock: Bool = false

  private enum CodingKeys: String, CodingKey { case clock }

  public static let ranges = NumberRanges(CodingKeys.self, [:])
  public static let partsBeside = ["choice"]

  /// No context.
  public init() { choice = Choice() }

  public init<Kind: Context>(_ kind: Kind.Type, clock: Bool = false, _ change: (inout Kind.Options) -> Void = { _ in })
  {
    choice = Choice(kind, change)
    self.clock = clock
  }

  public init(from decoder: any Decoder) throws {
    choice = try Choice(from: decoder)
    clock = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Bool.self, forKey: .clock) ?? false
  }

  public func encode(to encoder: any Swift.Encoder) throws {
    try choice.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(clock, forKey: .clock)
  }

  public var conflict: Misfit? {
    clock && isNone ? Misfit("clock", with: ["kind"], is: "true without a context", expected: "a kind of context") : nil
  }

  /// As recipes name the kind.
  public var name: String { choice.name }
  /// Whether there is one.
  public var isNone: Bool { name == NoContext.name }

  /// Makes the context's parameters.
  public func make(_ scope: Scope, inputs: Int) throws -> any Context {
    if let misfit { throw EncoderError.recipe("context: \(misfit)") }
    guard let kind = Contexts.kinds.first(where: { $0.name == name }) else { throw EncoderError.recipe(name) }
    return try kind.made(scope, choice.options, inputs: inputs)
  }
}

extension Context {
  fileprivate static func made(_ scope: Scope, _ options: any Settings, inputs: Int) throws -> Self {
    try Self(scope, options as? Options ?? Options(), inputs: inputs)
  }
}

/// Every window by itself.
public struct NoContext: Context {
  public typealias Options = NoOptions

  public static let name = "none"
  public static let summary = "every window by itself"

  public let width: Int

  public init(_ scope: Scope, _ options: NoOptions, inputs: Int) { width = inputs }

  public func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) -> Tensor { vectors }
}
