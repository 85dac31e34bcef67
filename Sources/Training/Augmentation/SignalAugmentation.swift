import Foundation
public import SleepCore
public import Tensors

/// Small random changes of one-dimensional signals, the same over a whole sequence where a sensor would do so.
public struct SignalAugmentation: Settings {
  /// Greatest change of the logarithm of a sequence's amplitude, in each channel.
  public var gain: Double = 0
  /// Greatest offset of a sequence, in each channel.
  public var offset: Double = 0
  /// Deviation of noise added to each sample.
  public var noise: Double = 0.1
  /// Probability that a channel is set to zero for a whole sequence.
  public var dropChannel: Double = 0

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .gain: .number(0...10),
      .offset: .number(0...1000),
      .noise: .number(0...1000),
      .dropChannel: .number(0..<1),
    ])

  public init() {}

  /// What two copies of one window are told apart by in contrastive pretraining.
  public static let strong: SignalAugmentation = {
    var strong = SignalAugmentation()
    strong.gain = 0.3
    strong.offset = 0.2
    strong.noise = 0.2
    return strong
  }()

  /// - Parameter windows: `[batch, length, channels, samples]`.
  /// - Returns: The same shape.
  public func callAsFunction(_ windows: Tensor, generator: Generator) throws -> Tensor {
    try changed(windows, generator: generator).windows
  }

  /// What is drawn of a channel: gain and offset.
  public static let drawn = 2

  /// Changed windows, and what was drawn for each sequence, `[batch, channels * drawn]`, each in -1...1 of its greatest.
  ///
  /// - Parameters:
  ///   - windows: `[batch, length, channels, samples]`.
  ///   - rows: Those that are to be changed; all where `nil`. The rest is drawn for, and becomes zeros.
  public func changed(
    _ windows: Tensor, generator: Generator, _ rows: RowShare? = nil
  ) throws -> (windows: Tensor, drawn: Tensor) {
    let rows = rows ?? RowShare(of: windows.shape[0], in: nil)
    let (batch, _, channels, _) = try windows.shape4()
    let shape = [batch, 1, channels, 1]
    func draw() throws -> Tensor { try Tensor.uniform(shape, generator: generator).to(windows.device) }
    var x = try rows.own(windows)
    var told = [Tensor](repeating: try .zeros([batch, channels], device: windows.device), count: Self.drawn)
    if gain > 0 {
      let drawn = try draw() - 0.5
      told[0] = try (drawn * 2).reshaped([batch, channels])
      x = try x * rows.own((drawn * (2 * gain)).exp())
    }
    if offset > 0 {
      let drawn = try draw() - 0.5
      told[1] = try (drawn * 2).reshaped([batch, channels])
      x = try x + rows.own(drawn * (2 * offset))
    }
    if noise > 0 {
      x = try x.adding(rows.own(.noise(windows.shape, generator: generator)).to(windows.device), scale: noise)
    }
    if dropChannel > 0 { x = try x * rows.own(draw().isGreater(than: dropChannel).to(.float32)) }
    return (try rows.spread(x), try .concatenate(told, axis: 1))
  }
}
