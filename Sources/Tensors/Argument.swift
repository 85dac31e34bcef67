import CTorch

/// One argument of an operator, as its schema in LibTorch's `native_functions.yaml` takes it.
public enum Argument {
  case none
  case tensor(Tensor)
  case int(Int)
  case double(Double)
  case bool(Bool)
  case ints([Int])
  case doubles([Double])
  case tensors([Tensor])
  case string(String)
  case device(Device)
  case generator(Generator)
  case dtype(DType)
  /// What the schema gives when the argument is left out.
  case schemaDefault

  /// A tensor that may be left out.
  public static func optional(_ tensor: Tensor?) -> Argument { tensor.map(Argument.tensor) ?? .none }
}

extension Argument: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension [Argument] {
  /// Calls `body` with the arguments as the C interface takes them; lists live as long as the call.
  func withValues<Result>(_ body: (UnsafeBufferPointer<ct_value>) throws -> Result) rethrows -> Result {
    // Temporary allocations of this size are on the stack: an operator is called a million times a minute.
    try withUnsafeTemporaryAllocation(of: ct_value.self, capacity: Swift.max(count, 1)) { values in
      var lists: [UnsafeMutableRawPointer] = []
      defer { for list in lists { list.deallocate() } }
      for (index, argument) in enumerated() {
        values.initializeElement(at: index, to: argument.value(&lists))
      }
      return try withExtendedLifetime(self) {
        try body(UnsafeBufferPointer(rebasing: values.prefix(count)))
      }
    }
  }

  /// The shapes of all tensors, for an error's words.
  var shapes: [[Int]] {
    flatMap { argument -> [[Int]] in
      switch argument {
      case .tensor(let tensor): [tensor.shape]
      case .tensors(let tensors): tensors.map(\.shape)
      default: []
      }
    }
  }
}

extension Argument {
  /// As the C interface takes it; what a list needs is allocated and noted in `lists`.
  fileprivate func value(_ lists: inout [UnsafeMutableRawPointer]) -> ct_value {
    switch self {
    case .none: ct_value(CT_NONE)
    case .tensor(let tensor): ct_value(CT_TENSOR, data: UnsafeRawPointer(tensor.handle))
    case .int(let value): ct_value(CT_INT, integer: value)
    case .double(let value): ct_value(CT_DOUBLE, real: value)
    case .bool(let value): ct_value(CT_BOOL, integer: value ? 1 : 0)
    case .ints(let values): ct_value(CT_INTS, list: values, &lists) { Int64($0) }
    case .doubles(let values): ct_value(CT_DOUBLES, list: values, &lists) { $0 }
    case .tensors(let tensors): ct_value(CT_TENSORS, list: tensors, &lists) { $0.handle }
    case .string(let text): ct_value(CT_STRING, list: text.utf8, &lists) { $0 }
    case .device(let device): ct_value(CT_DEVICE, list: device.description.utf8, &lists) { $0 }
    case .generator(let generator): ct_value(CT_GENERATOR, data: UnsafeRawPointer(generator.handle))
    case .dtype(let dtype): ct_value(CT_INT, integer: Int(dtype.rawValue))
    case .schemaDefault: ct_value(CT_DEFAULT)
    }
  }
}

extension ct_value {
  fileprivate init(_ kind: ct_kind, integer: Int = 0, real: Double = 0, data: UnsafeRawPointer? = nil) {
    self.init(kind: kind, integer: Int64(integer), real: real, data: data, count: 0)
  }

  fileprivate init<Elements: Collection, Item: BitwiseCopyable>(
    _ kind: ct_kind, list: Elements, _ lists: inout [UnsafeMutableRawPointer], _ item: (Elements.Element) -> Item
  ) {
    let memory = UnsafeMutablePointer<Item>.allocate(capacity: max(list.count, 1))
    lists.append(UnsafeMutableRawPointer(memory))
    for (index, element) in list.enumerated() { (memory + index).initialize(to: item(element)) }
    self.init(kind: kind, integer: 0, real: 0, data: UnsafeRawPointer(memory), count: Int64(list.count))
  }
}
