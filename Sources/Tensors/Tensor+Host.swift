import CTorch

extension Tensor {
  /// Copies values into a new tensor on the processor.
  ///
  /// - Parameters:
  ///   - values: Row-major.
  ///   - shape: Holds as many elements as there are values.
  public convenience init<Element: TensorElement>(_ values: [Element], shape: [Int]) throws {
    guard shape.reduce(1, *) == values.count else {
      throw TensorError.countMismatch(values: values.count, shape: shape)
    }
    self.init(owning: try values.withUnsafeBytes { try Tensor.copy($0, shape: shape, dtype: Element.dtype) })
  }

  /// A one-dimensional tensor of the values.
  public convenience init<Element: TensorElement>(_ values: [Element]) throws {
    try self.init(values, shape: [values.count])
  }

  /// A scalar, of shape `[]`.
  public convenience init<Element: TensorElement>(_ value: Element) throws {
    try self.init([value], shape: [])
  }

  /// Copies the bytes of row-major elements into a new tensor on the processor.
  public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws {
    guard shape.reduce(1, *) * dtype.size == bytes.count else {
      throw TensorError.countMismatch(values: bytes.count / dtype.size, shape: shape)
    }
    self.init(owning: try Tensor.copy(bytes, shape: shape, dtype: dtype))
  }

  /// Copies values to a device, which is not waited for: a graphics card reads them from memory that it reaches by itself, while the program
  /// goes on.
  ///
  /// - Parameters:
  ///   - values: Row-major.
  ///   - shape: Holds as many elements as there are values.
  public static func sent<Element: TensorElement>(_ values: [Element], shape: [Int], to device: Device) throws -> Tensor
  {
    guard device.isCUDA else { return try Tensor(values, shape: shape) }
    guard shape.reduce(1, *) == values.count else {
      throw TensorError.countMismatch(values: values.count, shape: shape)
    }
    // LibTorch gives the memory to nobody else before it was read.
    return try Tensor(
      owning: values.withUnsafeBytes { try copy($0, shape: shape, dtype: Element.dtype, pinned: true) }
    ).following(to: device)
  }

  private static func copy(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, pinned: Bool = false
  ) throws -> ct_tensor {
    let table = try ct
    var out: ct_tensor?
    var empty: UInt8 = 0
    let status = withUnsafePointer(to: &empty) { nothing in
      table.from_data(
        bytes.baseAddress ?? UnsafeRawPointer(nothing), shape.map(Int64.init) + [0], Int64(shape.count),
        dtype.rawValue, pinned, &out)
    }
    guard status == 0, let out else {
      throw TensorError.operation(name: "tensor", shapes: [shape], message: String(cString: table.message()))
    }
    return out
  }

  /// The elements, row-major, converted to `Element`'s type where they are of another.
  public func values<Element: TensorElement>(_ type: Element.Type = Element.self) throws -> [Element] {
    let source = dtype == Element.dtype ? self : try to(Element.dtype)
    let count = source.count
    return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      try source.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), byteCount: count * MemoryLayout<Element>.stride)
      initialized = count
    }
  }

  /// Copies the elements' bytes, row-major.
  public func copyBytes(to buffer: UnsafeMutableRawBufferPointer, byteCount: Int) throws {
    precondition(buffer.count >= byteCount, "room for \(byteCount) bytes")
    guard byteCount > 0, let base = buffer.baseAddress else { return }
    OperatorObservation.current?.recordRead(of: self)
    let table = try ct
    guard table.to_data(handle, base, Int64(byteCount)) == 0 else {
      throw TensorError.operation(name: "values", shapes: [shape], message: String(cString: table.message()))
    }
  }

  /// The only element.
  public func item() throws -> Double {
    guard count == 1 else { throw TensorError.shapeMismatch(found: shape, expected: "one element") }
    return try values(Double.self)[0]
  }
}
