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
    var scratch: [UnsafeMutableRawBufferPointer] = []
    defer { scratch.forEach { $0.deallocate() } }
    func list<Item: BitwiseCopyable>(_ kind: ct_kind, _ elements: [Item]) -> ct_value {
      let size = elements.count * MemoryLayout<Item>.stride
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(size, 8), alignment: 8)
      scratch.append(memory)
      elements.withUnsafeBytes { memory.copyMemory(from: $0) }
      return ct_value(kind: kind, integer: 0, real: 0, data: memory.baseAddress, count: Int64(elements.count))
    }
    func scalar(_ kind: ct_kind, integer: Int = 0, real: Double = 0, data: UnsafeRawPointer? = nil) -> ct_value {
      ct_value(kind: kind, integer: Int64(integer), real: real, data: data, count: 0)
    }
    let values = map { argument in
      switch argument {
      case .none: scalar(CT_NONE)
      case .tensor(let tensor): scalar(CT_TENSOR, data: UnsafeRawPointer(tensor.handle))
      case .int(let value): scalar(CT_INT, integer: value)
      case .double(let value): scalar(CT_DOUBLE, real: value)
      case .bool(let value): scalar(CT_BOOL, integer: value ? 1 : 0)
      case .ints(let values): list(CT_INTS, values.map(Int64.init))
      case .doubles(let values): list(CT_DOUBLES, values)
      case .tensors(let tensors): list(CT_TENSORS, tensors.map(\.handle))
      case .string(let text): list(CT_STRING, Array<UInt8>(text.utf8))
      case .device(let device): list(CT_DEVICE, Array<UInt8>(device.description.utf8))
      case .generator(let generator): scalar(CT_GENERATOR, data: UnsafeRawPointer(generator.handle))
      case .dtype(let dtype): scalar(CT_INT, integer: Int(dtype.rawValue))
      case .schemaDefault: scalar(CT_DEFAULT)
      }
    }
    return try withExtendedLifetime(self) { try values.withUnsafeBufferPointer(body) }
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
