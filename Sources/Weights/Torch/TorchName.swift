import Tensors

/// The classes and functions that a state dictionary is made with. Nothing of any other name is looked up, called or imported, and none of these
/// is run either: what they would give is written down.
enum TorchName: Equatable, CustomStringConvertible {
  case orderedDictionary
  /// `_rebuild_tensor`, `_rebuild_tensor_v2`: a tensor of a storage that knows its type.
  case rebuildTensor
  /// `_rebuild_tensor_v3`: one of a storage of bytes.
  case rebuildTypedTensor
  case rebuildParameter
  /// A storage's class, with the type of its elements; `nil` where it is one of bytes alone.
  case storage(DType?)
  case dtype(DType)
  case size
  /// What stands beside weights in a checkpoint of a training, and is passed over.
  case other

  /// - Returns: `nil` of what is not known.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch.storage", "UntypedStorage"), ("torch.storage", "_UntypedStorage"): self = .storage(nil)
    case ("torch", _) where Self.storages[name] != nil, ("torch.cuda", _) where Self.storages[name] != nil:
      self = .storage(Self.storages[name])
    case ("torch", _) where Self.types[name] != nil: self = Self.types[name].map { .dtype($0) } ?? .other
    case ("torch", "Size"): self = .size
    case ("torch", "device"), ("collections", "Counter"), ("_codecs", "encode"), ("numpy", "dtype"),
      ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"), ("builtins", "set"),
      ("__builtin__", "set"):
      self = .other
    default: return nil
    }
  }

  private static let types: [String: DType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16, "int64": .int64,
    "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8, "bool": .bool,
  ]
  private static let storages: [String: DType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
    "ByteStorage": .uint8, "BoolStorage": .bool,
  ]

  var description: String {
    switch self {
    case .orderedDictionary: "OrderedDict"
    case .rebuildTensor: "_rebuild_tensor_v2"
    case .rebuildTypedTensor: "_rebuild_tensor_v3"
    case .rebuildParameter: "_rebuild_parameter"
    case .storage: "a storage's class"
    case .dtype(let type): "\(type)"
    case .size: "Size"
    case .other: "another class"
    }
  }
}
