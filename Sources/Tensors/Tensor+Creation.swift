/// Operators of this file, found once.
private enum Ops {
  static let full = Operator("full")
  static let arange = Operator("arange", "start_step")
  static let eye = Operator("eye")
  static let normal = Operator("randn", "generator")
  static let uniform = Operator("rand", "generator")
  static let manyNormal = Operator("ssrm::normal")
  static let manyUniform = Operator("ssrm::uniform")
  static let permutation = Operator("randperm", "generator")
  static let copy = Operator("_to_copy")
  static let clone = Operator("clone")
  static let contiguous = Operator("contiguous")
  static let detach = Operator("detach")
}

extension Tensor {
  public static func full(_ value: Double, _ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws
    -> Tensor
  {
    try Ops.full(.ints(shape), .double(value), .dtype(dtype), .none, .device(device))
  }

  public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
    try full(0, shape, dtype: dtype, device: device)
  }

  public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
    try full(1, shape, dtype: dtype, device: device)
  }

  /// The whole numbers of a range, int64 `[range.count]`.
  public static func range(_ range: Range<Int>, device: Device = .cpu) throws -> Tensor {
    try Ops.arange(
      .int(range.lowerBound), .int(range.upperBound), 1, .dtype(.int64), .none, .device(device))
  }

  /// The identity matrix, `[size, size]`.
  public static func identity(_ size: Int, device: Device = .cpu) throws -> Tensor {
    try Ops.eye(.int(size), .dtype(.float32), .none, .device(device))
  }

  /// Normal deviates of mean 0 and deviation 1, drawn on the generator's device.
  public static func normal(_ shape: [Int], generator: Generator, device: Device = .cpu) throws -> Tensor {
    try Ops.normal(.ints(shape), .generator(generator), .dtype(.float32), .none, .device(generator.device)).to(device)
  }

  /// Uniform deviates in `0..<1`, drawn on the generator's device.
  public static func uniform(_ shape: [Int], generator: Generator, device: Device = .cpu) throws -> Tensor {
    try Ops.uniform(.ints(shape), .generator(generator), .dtype(.float32), .none, .device(generator.device)).to(device)
  }

  /// As ``normal(_:generator:device:)``, other numbers, where there are many: on a processor all threads draw, and the numbers are the same
  /// however many there are.
  public static func noise(_ shape: [Int], generator: Generator) throws -> Tensor {
    guard generator.device == .cpu else { return try normal(shape, generator: generator, device: generator.device) }
    return try Ops.manyNormal(.ints(shape), .generator(generator))
  }

  /// As ``uniform(_:generator:device:)``, in the way of ``noise(_:generator:)``.
  static func chances(_ shape: [Int], generator: Generator) throws -> Tensor {
    guard generator.device == .cpu else { return try uniform(shape, generator: generator, device: generator.device) }
    return try Ops.manyUniform(.ints(shape), .generator(generator))
  }

  /// The numbers `0..<count` in random order, int64 `[count]`.
  public static func permutation(_ count: Int, generator: Generator) throws -> Tensor {
    try Ops.permutation(.int(count), .generator(generator), .dtype(.int64))
  }

  /// A copy of another type.
  public func to(_ dtype: DType) throws -> Tensor { try Ops.copy(.tensor(self), .dtype(dtype)) }

  /// This tensor where it is on `device`, else a copy there.
  public func to(_ device: Device) throws -> Tensor {
    self.device == device ? self : try Ops.copy(.tensor(self), .none, .none, .device(device))
  }

  /// A copy on another device, for which the program does not wait; this tensor is in pinned memory, or on a card.
  func following(to device: Device) throws -> Tensor {
    try Ops.copy(.tensor(self), .none, .none, .device(device), .none, true)
  }

  public func clone() throws -> Tensor { try Ops.clone(.tensor(self)) }

  /// The same elements in row-major order in memory.
  public func contiguous() throws -> Tensor { try Ops.contiguous(.tensor(self)) }

  /// The same elements, cut off from the gradients' record.
  public func detach() throws -> Tensor { try Ops.detach(.tensor(self)) }
}
