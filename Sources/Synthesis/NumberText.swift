import Foundation

/// Text of many numbers, put together byte by byte.
struct NumberText {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ value: Int) {
    if value < 0 { bytes.append(0x2d) }
    appendDigits(value.magnitude, atLeast: 1)
  }

  /// A number with a fixed count of decimals.
  mutating func append(_ value: Double, decimals: Int) {
    var scale: UInt = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = UInt((abs(value) * Double(scale)).rounded())
    if value < 0, scaled > 0 { bytes.append(0x2d) }
    appendDigits(scaled / scale, atLeast: 1)
    bytes.append(0x2e)
    appendDigits(scaled % scale, atLeast: decimals)
  }

  private mutating func appendDigits(_ value: UInt, atLeast count: Int) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(0x30 + rest % 10))
      rest /= 10
    } while rest > 0 || bytes.count - start < count
    bytes[start...].reverse()
  }

  var data: Data { Data(bytes) }
}
