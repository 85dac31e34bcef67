extension SafetensorsFile {
  /// One tensor, in the file's own type.
  ///
  /// - Throws: ``SafetensorsError/missing(path:name:)``, or ``TensorError``.
  public func tensor(_ name: String) throws -> Tensor {
    guard let entry = entries[name] else { throw SafetensorsError.missing(path: path, name: name) }
    return try withBytes(of: name) { try Tensor(bytes: $0, shape: entry.shape, dtype: entry.type.dtype) }
  }
}

extension SafetensorsType {
  /// LibTorch's name of the type.
  public var dtype: DType {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int64: .int64
    case .int32: .int32
    case .int16: .int16
    case .int8: .int8
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  /// The file's name of LibTorch's type.
  public init(_ dtype: DType) {
    self =
      switch dtype {
      case .float64: .float64
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int64: .int64
      case .int32: .int32
      case .int16: .int16
      case .int8: .int8
      case .uint8: .uint8
      case .bool: .bool
      }
  }
}
