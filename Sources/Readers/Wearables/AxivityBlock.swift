import Foundation
import SleepCore

/// One block of 512 bytes of an Axivity file.
struct AxivityBlock: Sendable {
  /// What the samples of a block look like.
  struct Layout: Hashable, Sendable {
    /// 3 of acceleration, 6 with three of rotation before them, 9 with three of the magnetic field behind them.
    let axes: Int
    /// Three numbers of 10 bits with a shared exponent, not 16 bits each.
    let isPacked: Bool
    let sampleRateHz: Double

    var bytesPerSample: Int { isPacked ? 4 : 2 * axes }
  }

  static let size = 512
  static let samplesOffset = 30
  private static let sampleBytes = 480

  let layout: Layout
  /// Of its first sample, since 1970 by the device's clock.
  let startSeconds: Double
  let count: Int
  /// Steps a g.
  let stepsPerG: Double
  /// Degrees a second at the end of the gyroscope's range.
  let gyroscopeRange: Double
  let light: UInt16
  let temperature: UInt16
  let battery: UInt8

  /// - Returns: `nil` where its bytes are no block, a damaged one, or without a sample.
  init?(_ bytes: [UInt8], at offset: Int) {
    func word(_ place: Int) -> UInt16 { bytes.integer(UInt16.self, at: offset + place) }
    guard word(0) == 0x5841, word(2) == 508 else { return nil }
    let rateCode = bytes[offset + 24]
    // The oldest devices wrote the rate itself, and no checksum.
    let isOldest = rateCode == 0
    if !isOldest {
      var sum: UInt16 = 0
      for place in stride(from: 0, to: Self.size, by: 2) { sum &+= word(place) }
      guard sum == 0 else { return nil }
    }
    let sampleOffset = Double(bytes.integer(Int16.self, at: offset + 26))
    let rate = isOldest ? sampleOffset : 3200 / Double(1 << (15 - Int(rateCode & 15)))
    let axes = Int(bytes[offset + 25] >> 4)
    let packing = bytes[offset + 25] & 15
    guard rate > 0, [3, 6, 9].contains(axes), packing == 2 || packing == 0 && axes == 3 else { return nil }
    layout = Layout(axes: axes, isPacked: packing == 0, sampleRateHz: rate)
    count = min(Int(word(28)), Self.sampleBytes / layout.bytesPerSample)
    guard count > 0, let clock = LocalTime(axivity: bytes.integer(UInt32.self, at: offset + 14)), let day = clock.day
    else { return nil }
    // Where the top bit is set, the rest is a fraction of a second, which the sample's offset was already moved by: the device takes the rate
    // for whole.
    let fraction = word(4) & 0x8000 == 0 || isOldest ? 0 : Int(word(4) & 0x7fff) << 1
    let shift = isOldest ? 0 : sampleOffset + Double((fraction * Int(rate)) >> 16)
    startSeconds = Double(day) * 86_400 + clock.secondOfDay + Double(fraction) / 65_536 - shift / rate
    stepsPerG = Double(1 << (8 + Int(word(18) >> 13)))
    gyroscopeRange = 8000 / Double(1 << (Int(word(18) >> 10) & 7))
    light = word(18) & 0x3ff
    temperature = word(20) & 0x3ff
    battery = bytes[offset + 23]
  }

  /// Appends one axis, counted as the layout has them.
  ///
  /// - Parameter factor: Multiplies every step.
  func append(axis: Int, of bytes: [UInt8], at offset: Int, times factor: Double, to samples: inout [Float]) {
    for index in 0..<count {
      let place = offset + Self.samplesOffset + index * layout.bytesPerSample
      let steps: Int
      if layout.isPacked {
        let packed = bytes.integer(UInt32.self, at: place)
        let low = Int16(truncatingIfNeeded: (packed >> UInt32(10 * axis)) << 6)
        steps = Int(low >> 6) << Int(packed >> 30)
      } else {
        steps = Int(bytes.integer(Int16.self, at: place + 2 * axis))
      }
      samples.append(Float(Double(steps) * factor))
    }
  }
}

extension LocalTime {
  /// Reads the six fields that Axivity packs into 32 bits; `nil` where they are no time.
  init?(axivity packed: UInt32) {
    func field(_ shift: UInt32, _ mask: UInt32) -> Int { Int(packed >> shift & mask) }
    self.init(
      year: 2000 + field(26, 0x3f), month: field(22, 0xf), day: field(17, 0x1f), hour: field(12, 0x1f),
      minute: field(6, 0x3f), second: Double(field(0, 0x3f)))
  }
}
