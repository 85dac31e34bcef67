/// Reads the few forms of JSON that a safetensors header is made of, and sees a name that comes twice, which
/// Foundation's parser drops.
struct SafetensorsScanner {
  let bytes: UnsafeRawBufferPointer
  let path: String
  /// The next byte to read.
  private(set) var position = 0

  init(bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// `{"key": value, …}`; `body` reads each value.
  mutating func object(
    _ body: (inout Self, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try take("{", "an object")
    if skip("}") { return }
    repeat {
      let key = try string()
      try take(":", "':'")
      try body(&self, key)
    } while skip(",")
    try take("}", "',' or '}'")
  }

  mutating func stringMap() throws(SafetensorsError) -> [String: String] {
    var map: [String: String] = [:]
    try object { (scanner, key) throws(SafetensorsError) in
      guard map[key] == nil else { throw .duplicate(path: scanner.path, name: key) }
      map[key] = try scanner.string()
    }
    return map
  }

  /// `[0, 1, …]`, none negative.
  mutating func integers() throws(SafetensorsError) -> [Int] {
    try take("[", "a list of integers")
    var values: [Int] = []
    if skip("]") { return values }
    repeat { values.append(try integer()) } while skip(",")
    try take("]", "',' or ']'")
    return values
  }

  mutating func string() throws(SafetensorsError) -> String {
    try take("\"", "a string")
    let start = position
    var utf8: [UInt8] = []
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: utf8, as: UTF8.self) else {
          position = start
          throw problem("text that is not UTF-8", "UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        try escape(into: &utf8)
      case 0..<0x20:
        position -= 1
        throw problem("a control character", "text")
      default:
        utf8.append(byte)
      }
    }
    throw problem("the end", "a closing quote")
  }

  /// Only spaces may follow the header's object.
  mutating func end() throws(SafetensorsError) {
    skipSpace()
    guard position == bytes.count else { throw problem(here, "the end of the header") }
  }

  func problem(_ found: String, _ expected: String) -> SafetensorsError {
    .header(path: path, offset: position, found: found, expected: expected)
  }

  private mutating func integer() throws(SafetensorsError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit))
      guard !overflow, !carry else {
        position = start
        throw problem("a number beyond 64 bits", "a size")
      }
      value = sum
      position += 1
    }
    guard position > start else { throw problem(here, "an integer of at least 0") }
    return value
  }

  private mutating func escape(into utf8: inout [UInt8]) throws(SafetensorsError) {
    switch next() {
    case UInt8(ascii: "\""): utf8.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): utf8.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): utf8.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): utf8.append(8)
    case UInt8(ascii: "f"): utf8.append(12)
    case UInt8(ascii: "n"): utf8.append(10)
    case UInt8(ascii: "r"): utf8.append(13)
    case UInt8(ascii: "t"): utf8.append(9)
    case UInt8(ascii: "u"):
      var value = try codeUnit()
      if 0xd800..<0xdc00 ~= value, next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") {
        let low = try codeUnit()
        if 0xdc00..<0xe000 ~= low { value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00) }
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw problem("half of a surrogate pair", "a Unicode character")
      }
      utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw problem("an unknown escape", "one of JSON's")
    }
  }

  private mutating func codeUnit() throws(SafetensorsError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("an unknown escape", "four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func take(_ wanted: Unicode.Scalar, _ expected: String) throws(SafetensorsError) {
    guard skip(wanted) else { throw problem(here, expected) }
  }

  private mutating func skip(_ wanted: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private mutating func next() -> UInt8? {
    guard position < bytes.count else { return nil }
    position += 1
    return bytes[position - 1]
  }

  /// The byte at the position, in words.
  private var here: String {
    guard position < bytes.count else { return "the end" }
    let byte = bytes[position]
    return 0x20..<0x7f ~= byte ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }
}
