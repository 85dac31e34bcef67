/// How the samples of a BrainVision file are written.
enum BrainVisionStorage: Hashable, Sendable {
  case binary(BrainVisionNumber, isBigEndian: Bool)
  /// Columns between blanks, tabs, semicolons or, where it is no decimal symbol, commas.
  case text(hasComma: Bool, skippedLines: Int, skippedColumns: Int)
}

/// A number of a binary BrainVision file.
enum BrainVisionNumber: String, CaseIterable, Sendable {
  case int16 = "INT_16"
  case uint16 = "UINT_16"
  case int32 = "INT_32"
  case float32 = "IEEE_FLOAT_32"

  var byteCount: Int {
    switch self {
    case .int16, .uint16: 2
    case .int32, .float32: 4
    }
  }

  /// The least and the greatest value that can be stored; `nil` where that says nothing of the recorder.
  var limits: ClosedRange<Double>? {
    switch self {
    case .int16: -32_768...32_767
    case .uint16: 0...65_535
    case .int32, .float32: nil
    }
  }

  @inline(__always)
  func value(_ bytes: UnsafeRawBufferPointer, at offset: Int, isBigEndian: Bool) -> Double {
    switch self {
    case .int16, .uint16:
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
      let bits = isBigEndian ? UInt16(bigEndian: word) : UInt16(littleEndian: word)
      return self == .int16 ? Double(Int16(bitPattern: bits)) : Double(bits)
    case .int32, .float32:
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let bits = isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
      return self == .int32 ? Double(Int32(bitPattern: bits)) : Double(Float(bitPattern: bits))
    }
  }
}
