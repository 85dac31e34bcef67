private enum Ops {
  static let reshape = Operator("reshape")
  static let transpose = Operator("transpose", "int")
  static let permute = Operator("permute")
  static let move = Operator("movedim", "int")
  static let squeeze = Operator("squeeze", "dim")
  static let unsqueeze = Operator("unsqueeze")
  static let expand = Operator("expand")
  static let concatenate = Operator("cat")
  static let stack = Operator("stack")
  static let narrow = Operator("narrow")
  static let slice = Operator("slice", "Tensor")
  static let select = Operator("select", "int")
  static let indexSelect = Operator("index_select")
  static let indexCopy = Operator("index_copy")
  static let gather = Operator("gather")
  static let flip = Operator("flip")
  static let roll = Operator("roll")
  static let pad = Operator("constant_pad_nd")
  static let split = Operator("split", "Tensor")
  static let repeated = Operator("repeat")
}

extension Tensor {
  /// - Parameter shape: One size may be -1: it is worked out.
  public func reshaped(_ shape: [Int]) throws -> Tensor { try Ops.reshape(.tensor(self), .ints(shape)) }
  public func transposed(_ first: Int, _ second: Int) throws -> Tensor {
    try Ops.transpose(.tensor(self), .int(first), .int(second))
  }
  public func permuted(_ axes: [Int]) throws -> Tensor { try Ops.permute(.tensor(self), .ints(axes)) }
  /// With one axis at another place; places behind the last are counted from -1 backwards.
  public func moved(_ axis: Int, to place: Int) throws -> Tensor {
    try Ops.move(.tensor(self), .int(axis), .int(place))
  }
  /// Without an axis of size 1.
  public func squeezed(_ axis: Int) throws -> Tensor { try Ops.squeeze(.tensor(self), .int(axis)) }
  /// With a new axis of size 1.
  public func unsqueezed(_ axis: Int) throws -> Tensor { try Ops.unsqueeze(.tensor(self), .int(axis)) }
  /// Axes of size 1 repeated without a copy.
  public func expanded(_ shape: [Int]) throws -> Tensor { try Ops.expand(.tensor(self), .ints(shape)) }
  public func repeated(_ times: [Int]) throws -> Tensor { try Ops.repeated(.tensor(self), .ints(times)) }

  public static func concatenate(_ tensors: [Tensor], axis: Int) throws -> Tensor {
    try Ops.concatenate(.tensors(tensors), .int(axis))
  }

  /// Along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    try Ops.stack(.tensors(tensors), .int(axis))
  }

  /// A range of an axis, without a copy.
  public func narrowed(_ axis: Int, _ range: Range<Int>) throws -> Tensor {
    try Ops.narrow(.tensor(self), .int(axis), .int(range.lowerBound), .int(range.count))
  }

  /// Every so many places of an axis, from its first one on, without a copy.
  public func strided(_ axis: Int, by step: Int) throws -> Tensor {
    try Ops.slice(.tensor(self), .int(axis), .none, .none, .int(step))
  }

  /// One place of an axis, which goes.
  public func select(_ axis: Int, _ index: Int) throws -> Tensor {
    try Ops.select(.tensor(self), .int(axis), .int(index))
  }

  /// The places of an axis that an int64 vector names.
  public func select(_ axis: Int, indices: Tensor) throws -> Tensor {
    try Ops.indexSelect(.tensor(self), .int(axis), .tensor(indices))
  }

  /// These rows, each at the place that an int64 vector names for it, of `count` along the first axis; zeros elsewhere.
  ///
  /// - Parameter places: `[rows]`, each in `0..<count` and there once.
  public func placed(at places: Tensor, of count: Int) throws -> Tensor {
    let zeros = try Tensor.zeros([count] + shape.dropFirst(), dtype: dtype, device: device)
    return try Ops.indexCopy(.tensor(zeros), 0, .tensor(places), .tensor(self))
  }

  /// One element along `axis` for each index.
  public func gathered(_ axis: Int, _ indices: Tensor) throws -> Tensor {
    try Ops.gather(.tensor(self), .int(axis), .tensor(indices))
  }

  public func flipped(_ axes: [Int]) throws -> Tensor { try Ops.flip(.tensor(self), .ints(axes)) }
  public func rolled(_ shifts: [Int], axes: [Int]) throws -> Tensor {
    try Ops.roll(.tensor(self), .ints(shifts), .ints(axes))
  }
  /// - Parameter widths: Before and after the last axis, then the one before it, and so on.
  public func padded(_ widths: [Int], with value: Double = 0) throws -> Tensor {
    try Ops.pad(.tensor(self), .ints(widths), .double(value))
  }
  /// Parts of at most `size` along an axis.
  public func split(_ size: Int, axis: Int) throws -> [Tensor] {
    try Ops.split.results([.tensor(self), .int(size), .int(axis)])
  }
}
