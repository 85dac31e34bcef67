private enum Ops {
  static let sum = Operator("sum", "dim_IntList")
  static let mean = Operator("mean", "dim")
  static let sumAll = Operator("sum")
  static let meanAll = Operator("mean")
  static let variance = Operator("var", "correction")
  static let amax = Operator("amax")
  static let amin = Operator("amin")
  static let argmax = Operator("argmax")
  static let topk = Operator("topk")
  static let norm = Operator("linalg_vector_norm")
  static let logSumExp = Operator("logsumexp")
  static let singularValues = Operator("linalg_svdvals")
  static let all = Operator("all")
  static let isFinite = Operator("isfinite")
}

extension Tensor {
  public func sum() throws -> Tensor { try Ops.sumAll(.tensor(self)) }
  public func mean() throws -> Tensor { try Ops.meanAll(.tensor(self)) }
  public func sum(_ axes: [Int], keepAxes: Bool = false) throws -> Tensor {
    try Ops.sum(.tensor(self), .ints(axes), .bool(keepAxes))
  }
  public func mean(_ axes: [Int], keepAxes: Bool = false) throws -> Tensor {
    try Ops.mean(.tensor(self), .ints(axes), .bool(keepAxes))
  }
  /// - Parameter correction: 1 divides by one less than the count.
  public func variance(_ axes: [Int], correction: Int = 1, keepAxes: Bool = false) throws -> Tensor {
    try Ops.variance(.tensor(self), .ints(axes), .int(correction), .bool(keepAxes))
  }
  public func maximum(_ axes: [Int], keepAxes: Bool = false) throws -> Tensor {
    try Ops.amax(.tensor(self), .ints(axes), .bool(keepAxes))
  }
  public func minimum(_ axes: [Int], keepAxes: Bool = false) throws -> Tensor {
    try Ops.amin(.tensor(self), .ints(axes), .bool(keepAxes))
  }
  /// The place of the largest element along an axis, int64.
  public func argmax(_ axis: Int) throws -> Tensor { try Ops.argmax(.tensor(self), .int(axis)) }
  /// The greatest elements along the last axis, the greatest first, and where they stand, in int64.
  ///
  /// - Parameter count: At most the axis's length.
  public func greatest(_ count: Int) throws -> (values: Tensor, indices: Tensor) {
    let found = try Ops.topk.results([.tensor(self), .int(count), -1, true, true])
    return (found[0], found[1])
  }
  /// The Euclidean norm over axes.
  public func norm(_ axes: [Int], keepAxes: Bool = false) throws -> Tensor {
    try Ops.norm(.tensor(self), 2, .ints(axes), .bool(keepAxes))
  }
  public func logSumExp(_ axes: [Int]) throws -> Tensor { try Ops.logSumExp(.tensor(self), .ints(axes)) }
  /// Of a matrix, in falling order.
  public func singularValues() throws -> Tensor { try Ops.singularValues(.tensor(self)) }
  /// Whether no element is NaN or infinite.
  public func isFinite() throws -> Bool { try Ops.all(.tensor(Ops.isFinite(.tensor(self)))).item() != 0 }
}
