/// The element types of safetensors files that are read and written here, by their names in the file.
///
/// In the order in which Python's `safetensors` lays tensors out: wide types first, so that all are aligned.
public enum SafetensorsType: String, CaseIterable, Hashable, Sendable {
  case int64 = "I64"
  case float64 = "F64"
  case float32 = "F32"
  case int32 = "I32"
  case bfloat16 = "BF16"
  case float16 = "F16"
  case int16 = "I16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .int64, .float64: 8
    case .float32, .int32: 4
    case .bfloat16, .float16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Bytes of a tensor; `nil` where a side is negative or the product overflows.
  func bytes(ofShape shape: [Int]) -> Int? {
    var product = size
    for side in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }
}
