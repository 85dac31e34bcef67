/// The numbers of an array, as a MAT-file stores them: of the smallest type that holds them, whatever the array's own type is.
enum MATNumbers: Int {
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, single
  case double = 9
  case int64 = 12
  case uint64 = 13

  var bytes: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .single: 4
    case .double, .int64, .uint64: 8
    }
  }

  /// - Parameter bytes: Those of whole numbers alone.
  func values<Value>(_ bytes: [UInt8], _ isBigEndian: Bool, _ value: (Double) -> Value) -> [Value] {
    func integers<Number: FixedWidthInteger>(_ type: Number.Type) -> [Value] {
      stride(from: 0, to: bytes.count, by: self.bytes).map { value(Double(bytes.number(type, at: $0, isBigEndian))) }
    }
    switch self {
    case .int8: return integers(Int8.self)
    case .uint8: return integers(UInt8.self)
    case .int16: return integers(Int16.self)
    case .uint16: return integers(UInt16.self)
    case .int32: return integers(Int32.self)
    case .uint32: return integers(UInt32.self)
    case .int64: return integers(Int64.self)
    case .uint64: return integers(UInt64.self)
    case .single:
      return stride(from: 0, to: bytes.count, by: 4).map {
        value(Double(Float(bitPattern: bytes.number(UInt32.self, at: $0, isBigEndian))))
      }
    case .double:
      return stride(from: 0, to: bytes.count, by: 8).map {
        value(Double(bitPattern: bytes.number(UInt64.self, at: $0, isBigEndian)))
      }
    }
  }
}

/// Texts as a MAT-file stores them.
enum MATCharacters: Int {
  case int8 = 1
  case uint8 = 2
  case uint16 = 4
  case utf8 = 16
  case utf16 = 17

  /// The characters one by one, as MATLAB counts them: in units of UTF-16.
  func units(_ bytes: [UInt8], _ isBigEndian: Bool) -> [UInt16] {
    switch self {
    case .int8, .uint8: bytes.map(UInt16.init)
    case .utf8: Array(String(decoding: bytes, as: UTF8.self).utf16)
    case .uint16, .utf16:
      stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { bytes.number(UInt16.self, at: $0, isBigEndian) }
    }
  }
}
