public import Foundation

/// Why a safetensors file was refused.
public enum SafetensorsError: Error, Equatable {
  case unreadable(path: String, reason: String)
  /// Fewer bytes than the header's length, or the offsets in it, ask for.
  case truncated(path: String, bytes: Int, expected: Int)
  case headerTooLong(path: String, length: UInt64)
  /// The header is not the JSON that it should be. `offset` is the byte in the file.
  case header(path: String, offset: Int, found: String, expected: String)
  case duplicate(path: String, name: String)
  case unknownType(path: String, name: String, type: String)
  case shape(path: String, name: String, shape: [Int])
  case size(path: String, name: String, bytes: Int, expected: Int, type: SafetensorsType, shape: [Int])
  /// A tensor that starts before the end of the one before it, or leaves a gap, or ends before it starts.
  case offsets(path: String, name: String, found: Range<Int>?, expectedStart: Int)
  /// Bytes after the last tensor.
  case trailing(path: String, bytes: Int)
  case missing(path: String, name: String)
  case reservedName(path: String)
}

extension SafetensorsError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): \(reason), expected a safetensors file"
    case .truncated(let path, let bytes, let expected):
      "\(path): found \(bytes) bytes, expected \(expected): the file was cut short"
    case .headerTooLong(let path, let length):
      "\(path): found a header of \(length) bytes, expected at most \(SafetensorsFile.longestHeader): not a safetensors file"
    case .header(let path, let offset, let found, let expected):
      "\(path): found \(found) at byte \(offset) of the header, expected \(expected)"
    case .duplicate(let path, let name):
      "\(path): found '\(name)' twice, expected a name for each tensor"
    case .unknownType(let path, let name, let type):
      "\(path): found type '\(type)' for '\(name)', expected one of "
        + SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
    case .shape(let path, let name, let shape):
      "\(path): found shape \(shape) for '\(name)', expected sides of at least 0 and a size that memory can hold"
    case .size(let path, let name, let bytes, let expected, let type, let shape):
      "\(path): found \(bytes) bytes for '\(name)', expected \(expected) for \(type.rawValue) of shape \(shape)"
    case .offsets(let path, let name, let found?, let expectedStart):
      "\(path): found '\(name)' at bytes \(found.lowerBound) to \(found.upperBound) of the data, expected it to start at "
        + "\(expectedStart): tensors must neither overlap nor leave gaps"
    case .offsets(let path, let name, nil, _):
      "\(path): found an end before the start of '\(name)', expected data_offsets in order"
    case .trailing(let path, let bytes):
      "\(path): found \(bytes) bytes after the last tensor, expected none"
    case .missing(let path, let name):
      "\(path): no tensor '\(name)'"
    case .reservedName(let path):
      "\(path): cannot write a tensor named '__metadata__': the format keeps that name for itself"
    }
  }
}
