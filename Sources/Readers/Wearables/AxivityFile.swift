import Foundation
import SleepCore

/// A file of an Axivity AX3 or AX6 (`.cwa`): a header and blocks of 512 bytes, each with its own time.
///
/// Follows the maker's [description](https://github.com/digitalinteraction/openmovement/blob/master/Docs/ax3/cwa.h). Acceleration, rotation and
/// the magnetic field are put on a grid at the nominal rate, see ``BlockClock``; temperature, light and battery have one sample a block. Its
/// clock is the local time of the computer that set it up.
struct AxivityFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let warnings: [String]
  private let file: RawFile
  private let kinds: [Kind]
  private let blocks: [AxivityBlock]
  /// Where each block begins in the file.
  private let offsets: [Int]
  private let clock: BlockClock

  private static let kind = "a file of an Axivity device"
  private static let headerBytes = 1024
  /// Blocks that are read at once.
  private static let blocksAtOnce = 2048

  private enum Kind {
    case axis(Int, Unit)
    case temperature
    case light
    case battery

    enum Unit { case acceleration, rotation, field }
  }

  /// - Throws: ``ReadError`` when it is no such file or holds no whole block.
  init(_ url: URL) throws {
    let file = try RawFile(url, expected: Self.kind)
    let mark = try file.bytes(0..<min(2, file.size))
    guard mark == Array("MD".utf8) else {
      throw ReadError(url, found: "'\(printable(mark))' at its start", expected: "'MD', as in \(Self.kind)")
    }
    var found: [(offset: Int, block: AxivityBlock)] = []
    var (damaged, other) = (0, 0)
    var gravity = Gravity()
    try Self.forEachPiece(of: file) { bytes, base in
      for place in stride(from: 0, to: bytes.count, by: AxivityBlock.size) {
        guard let block = AxivityBlock(bytes, at: place) else {
          damaged += 1
          continue
        }
        guard block.layout == found.first?.block.layout ?? block.layout else {
          other += 1
          continue
        }
        found.append((base + place, block))
        let first = (0..<3).map { axis -> Double in
          var samples: [Float] = []
          block.append(
            axis: axis + (block.layout.axes > 3 ? 3 : 0), of: bytes, at: place, times: 1 / block.stepsPerG, to: &samples
          )
          return Double(samples.first ?? .nan)
        }
        gravity.add(first[0], first[1], first[2])
      }
    }
    guard let first = found.first?.block else {
      let count = damaged
      throw ReadError(
        url, found: count == 0 ? "a header alone" : "\(count) blocks, all damaged", expected: "blocks of samples")
    }
    let clock = try BlockClock(
      found.map { .init(startSeconds: $0.block.startSeconds - first.startSeconds, count: $0.block.count) },
      sampleRateHz: first.layout.sampleRateHz, url: url)
    (self.url, self.file, self.clock) = (url, file, clock)
    offsets = clock.kept.map { found[$0].offset }
    blocks = clock.kept.map { found[$0].block }
    start = LocalTime(day: 0, secondOfDay: first.startSeconds)
    let header = try file.bytes(0..<min(Self.headerBytes, file.size))
    (channels, kinds) = Self.channels(first, rangeG: Double(header.count > 36 ? 16 >> Int(header[36] >> 6) : 16))
    let name = url.lastPathComponent
    var warnings = clock.warnings(name)
    if damaged > 0 {
      warnings.append("\(name): \(damaged) of \(damaged + other + found.count) blocks damaged; left out")
    }
    if other > 0 {
      warnings.append("\(name): \(other) blocks of another rate or other axes than the first; left out")
    }
    gravity.warning(name).map { warnings.append($0) }
    self.warnings = warnings
  }

  var seconds: Double { clock.seconds }

  private static func forEachPiece(of file: RawFile, _ body: ([UInt8], _ base: Int) throws -> Void) throws {
    let whole = max(0, file.size - headerBytes) / AxivityBlock.size
    for first in stride(from: 0, to: whole, by: blocksAtOnce) {
      let base = headerBytes + first * AxivityBlock.size
      try body(try file.bytes(base..<base + min(blocksAtOnce, whole - first) * AxivityBlock.size), base)
    }
  }

  private static func channels(_ first: AxivityBlock, rangeG: Double) -> ([StoredChannel], [Kind]) {
    let rate = first.layout.sampleRateHz
    let hasGyroscope = first.layout.axes > 3
    var channels: [(StoredChannel, Kind)] = []
    func add(_ name: String, _ unit: String, _ kind: Kind.Unit, from axis: Int, range: Double?) {
      for (index, letter) in ["X", "Y", "Z"].enumerated() {
        // A little within the range, whose upper end is one step below it.
        let limits = range.map { -0.998 * $0...0.998 * $0 }
        channels.append(
          (
            StoredChannel(label: "\(name) \(letter)", unit: unit, sampleRateHz: rate, limits: limits),
            .axis(axis + index, kind)
          ))
      }
    }
    add("Accelerometer", "g", .acceleration, from: hasGyroscope ? 3 : 0, range: rangeG)
    if hasGyroscope { add("Gyroscope", "deg/s", .rotation, from: 0, range: first.gyroscopeRange) }
    if first.layout.axes == 9 { add("Magnetometer", "uT", .field, from: 6, range: nil) }
    for (name, unit, kind) in [
      ("Temperature", "degC", Kind.temperature), ("Light", "lux", .light), ("Battery", "V", .battery),
    ] {
      channels.append((StoredChannel(label: name, unit: unit, sampleRateHz: nil), kind))
    }
    return (channels.map(\.0), channels.map(\.1))
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    switch kinds[index] {
    case .axis(let axis, let unit): try axisStretches(axis, unit, factor)
    case .temperature: blockStretches { (Double($0.temperature) * 75 / 256 - 50) * factor }
    // What a diode gives for light is told in lux by its typical value; it is good for comparisons alone.
    case .light: blockStretches { pow(10, Double($0.light) / 341) * factor }
    case .battery: blockStretches { 3 * (Double($0.battery) / 256 + 1) * factor }
    }
  }

  private func blockStretches(_ value: (AxivityBlock) -> Double) -> [StoredStretch] {
    clock.stretches.map { stretch in
      StoredStretch(
        timing: .irregular(seconds: stretch.blocks.map { clock.blocks[$0].startSeconds }),
        samples: stretch.blocks.map { Float(value(blocks[$0])) })
    }
  }

  private func axisStretches(_ axis: Int, _ unit: Kind.Unit, _ factor: Double) throws -> [StoredStretch] {
    var piece: (range: Range<Int>, bytes: [UInt8]) = (0..<0, [])
    return try clock.stretches.map { stretch in
      let samples = try clock.samples(of: stretch, url: url) { index, samples in
        let (block, offset) = (blocks[index], offsets[index])
        if !piece.range.contains(offset) || offset + AxivityBlock.size > piece.range.upperBound {
          let range = offset..<min(offset + Self.blocksAtOnce * AxivityBlock.size, file.size)
          piece = (range, try file.bytes(range))
        }
        let scale =
          switch unit {
          case .acceleration: 1 / block.stepsPerG
          case .rotation: block.gyroscopeRange / 32_768
          case .field: 1.0 / 16
          }
        block.append(
          axis: axis, of: piece.bytes, at: offset - piece.range.lowerBound, times: scale * factor, to: &samples)
      }
      return StoredStretch(
        timing: .regular(startSeconds: stretch.startSeconds, sampleRateHz: clock.sampleRateHz), samples: samples)
    }
  }
}
