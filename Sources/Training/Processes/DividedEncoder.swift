public import Encoders
public import Layers
public import SleepCore
public import Tensors

/// An encoder whose windows are divided among the processes of a group: each encodes its own, and all get all vectors.
///
/// What stands before and behind it is the same on all processes, as it would be on one: the batch, what is drawn at random, heads, losses. So a
/// batch has the loss that it has on one process whichever way a task joins its windows, and a training's state is the same
/// everywhere. Window `i` is encoded by process `i` modulo their number. Batch norm is over all rows; dropout is drawn by each process for
/// its own, so with dropout the weights are not those of one process.
public struct DividedEncoder: Encoder {
  private let encoder: any Encoder
  private let group: ProcessGroup

  public init(_ encoder: any Encoder, across group: ProcessGroup) { (self.encoder, self.group) = (encoder, group) }

  public var inputs: [WindowContract] { encoder.inputs }
  public var width: Int { encoder.width }
  public var readsNeighbours: Bool { encoder.readsNeighbours }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try divided(windows, mode) { [try encoder($0, of: sensor, $1)] }[0]
  }

  public func tokens(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try divided(windows, mode) { [try encoder.tokens($0, of: sensor, $1)] }[0]
  }

  public func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    try divided(windows, mode) { try encoder.layers($0, of: sensor, $1) }
  }

  /// What `body` makes of each process's own rows, put together.
  ///
  /// - Parameters:
  ///   - windows: `[batch, length, …]`; a row is a window, or a sequence where the encoder reads neighbours.
  ///   - body: `[rows, length, …]` to tensors whose first two axes are these.
  private func divided(
    _ windows: Tensor, _ mode: Mode, _ body: (Tensor, Mode) throws -> [Tensor]
  ) throws -> [Tensor] {
    let shape = windows.shape
    let (batch, length) = (shape[0], shape[1])
    let rows = readsNeighbours ? windows : try windows.reshaped([batch * length, 1] + shape[2...])
    let share = RowShare(of: rows.shape[0], in: group)
    // Too few for all: each encodes them all.
    guard !share.isWhole else { return try body(windows, mode) }
    let own = try mode.generator.map { try OwnGenerator($0, rank: group.rank) }
    let parts = try body(share.own(rows), own.map { mode.shared($0.generator, across: group) } ?? mode)
    try own?.close()
    return try parts.map { try share.joined($0).reshaped([batch, length] + $0.shape[2...]) }
  }
}

/// A generator of one process's own, made from one that is the same on all and stays so.
private struct OwnGenerator {
  let generator: Generator
  private let common: Generator
  private let began: [UInt8]

  init(_ common: Generator, rank: Int) throws {
    self.common = common
    var random = RandomSource(seed: UInt64(rank), for: "process")
    let seed = try common.state().values(UInt8.self).reduce(random.next()) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    generator = try Generator(seed: seed, device: common.device)
    began = try generator.state().values()
  }

  /// Where something was drawn, the common one goes on too: what is drawn next is something else.
  func close() throws {
    guard try generator.state().values(UInt8.self) != began else { return }
    _ = try Tensor.uniform([1], generator: common, device: common.device)
  }
}
