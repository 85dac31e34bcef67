/// The 64-bit FNV-1a hash of Fowler, Noll and Vo: to notice that something changed, not to withstand an attacker.
package struct ContentHash {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    var hash = value
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = hash
  }

  /// The same by words of eight bytes, for what is long; the bytes that are left over go one by one.
  package mutating func combineWords(_ bytes: UnsafeRawBufferPointer) {
    var hash = value
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = (hash ^ word) &* 0x100_0000_01b3
      hash ^= hash >> 32
    }
    value = hash
    combine(UnsafeRawBufferPointer(rebasing: bytes[whole...]))
  }

  /// `fnv1a64:` and 16 hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
