private enum Ops {
  static let add = Operator("add", "Tensor")
  static let subtract = Operator("sub", "Tensor")
  static let multiply = Operator("mul", "Tensor")
  static let divide = Operator("div", "Tensor")
  static let addScalar = Operator("add", "Scalar")
  static let multiplyScalar = Operator("mul", "Scalar")
  static let power = Operator("pow", "Tensor_Scalar")
  static let clamp = Operator("clamp")
  static let matmul = Operator("matmul")
  static let maximum = Operator("maximum")
  static let minimum = Operator("minimum")
  static let equal = Operator("eq", "Tensor")
  static let equalScalar = Operator("eq", "Scalar")
  static let greaterScalar = Operator("gt", "Scalar")
  static let lessScalar = Operator("lt", "Scalar")
  static let `where` = Operator("where", "self")
  static let maskedFill = Operator("masked_fill", "Scalar")
  static let negate = Operator("neg")
  static let exp = Operator("exp")
  static let log = Operator("log")
  static let log1p = Operator("log1p")
  static let sqrt = Operator("sqrt")
  static let abs = Operator("abs")
  static let sin = Operator("sin")
  static let cos = Operator("cos")
  static let copyInPlace = Operator("copy_")
  static let addInPlace = Operator("add_", "Tensor")
  static let multiplyInPlace = Operator("mul_", "Scalar")
}

extension Tensor {
  public static func + (left: Tensor, right: Tensor) throws -> Tensor { try Ops.add(.tensor(left), .tensor(right)) }
  public static func - (left: Tensor, right: Tensor) throws -> Tensor {
    try Ops.subtract(.tensor(left), .tensor(right))
  }
  public static func * (left: Tensor, right: Tensor) throws -> Tensor {
    try Ops.multiply(.tensor(left), .tensor(right))
  }
  public static func / (left: Tensor, right: Tensor) throws -> Tensor { try Ops.divide(.tensor(left), .tensor(right)) }
  public static func + (left: Tensor, right: Double) throws -> Tensor {
    try Ops.addScalar(.tensor(left), .double(right))
  }
  public static func - (left: Tensor, right: Double) throws -> Tensor {
    try Ops.addScalar(.tensor(left), .double(-right))
  }
  public static func * (left: Tensor, right: Double) throws -> Tensor {
    try Ops.multiplyScalar(.tensor(left), .double(right))
  }
  public static func / (left: Tensor, right: Double) throws -> Tensor {
    try Ops.multiplyScalar(.tensor(left), .double(1 / right))
  }
  public static prefix func - (value: Tensor) throws -> Tensor { try Ops.negate(.tensor(value)) }

  /// `self + scale * other`.
  public func adding(_ other: Tensor, scale: Double) throws -> Tensor {
    try Ops.add(.tensor(self), .tensor(other), .double(scale))
  }

  /// The matrix product, over leading axes where there are any.
  public func matmul(_ other: Tensor) throws -> Tensor { try Ops.matmul(.tensor(self), .tensor(other)) }

  public func power(_ exponent: Double) throws -> Tensor { try Ops.power(.tensor(self), .double(exponent)) }
  public func clamp(_ low: Double? = nil, _ high: Double? = nil) throws -> Tensor {
    try Ops.clamp(.tensor(self), low.map(Argument.double) ?? .none, high.map(Argument.double) ?? .none)
  }
  public func maximum(_ other: Tensor) throws -> Tensor { try Ops.maximum(.tensor(self), .tensor(other)) }
  public func minimum(_ other: Tensor) throws -> Tensor { try Ops.minimum(.tensor(self), .tensor(other)) }

  public func exp() throws -> Tensor { try Ops.exp(.tensor(self)) }
  public func log() throws -> Tensor { try Ops.log(.tensor(self)) }
  /// `log(1 + self)`.
  public func log1p() throws -> Tensor { try Ops.log1p(.tensor(self)) }
  public func squareRoot() throws -> Tensor { try Ops.sqrt(.tensor(self)) }
  public func magnitude() throws -> Tensor { try Ops.abs(.tensor(self)) }
  public func sine() throws -> Tensor { try Ops.sin(.tensor(self)) }
  public func cosine() throws -> Tensor { try Ops.cos(.tensor(self)) }

  /// Where elements are equal, as bool.
  public func equals(_ other: Tensor) throws -> Tensor { try Ops.equal(.tensor(self), .tensor(other)) }
  public func equals(_ value: Double) throws -> Tensor { try Ops.equalScalar(.tensor(self), .double(value)) }
  public func isGreater(than value: Double) throws -> Tensor { try Ops.greaterScalar(.tensor(self), .double(value)) }
  public func isLess(than value: Double) throws -> Tensor { try Ops.lessScalar(.tensor(self), .double(value)) }

  /// These elements where the mask holds, else the other's.
  public func `where`(_ mask: Tensor, else other: Tensor) throws -> Tensor {
    try Ops.where(.tensor(mask), .tensor(self), .tensor(other))
  }

  /// `value` where the mask holds, else these elements.
  public func filled(with value: Double, where mask: Tensor) throws -> Tensor {
    try Ops.maskedFill(.tensor(self), .tensor(mask), .double(value))
  }

  /// Overwrites the elements in place.
  public func assign(_ other: Tensor) throws { _ = try Ops.copyInPlace(.tensor(self), .tensor(other)) }

  /// Adds `scale * other` in place.
  public func add(_ other: Tensor, scale: Double = 1) throws {
    _ = try Ops.addInPlace(.tensor(self), .tensor(other), .double(scale))
  }

  /// Multiplies in place.
  public func scale(by factor: Double) throws { _ = try Ops.multiplyInPlace(.tensor(self), .double(factor)) }
}
