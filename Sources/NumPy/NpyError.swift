public import Foundation

/// Why an array file was refused.
public enum NpyError: Error, Equatable {
  case unreadable(path: String, found: String)
  case malformed(path: String, found: String)
  case columnMajor(path: String)
  case unsupported(path: String, descriptor: String)
  case truncated(path: String, bytes: Int, expected: Int)
}

extension NpyError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .unreadable(let path, let found):
      "\(path): found \(found), expected a .npy file"
    case .malformed(let path, let found):
      "\(path): found \(found), expected a .npy file as numpy.save writes it"
    case .columnMajor(let path):
      "\(path): found an array in column-major order, expected row-major: save numpy.ascontiguousarray of it"
    case .unsupported(let path, let descriptor):
      "\(path): found elements of type '\(descriptor)', expected integers or floats of 1 to 8 bytes"
    case .truncated(let path, let bytes, let expected):
      "\(path): found \(bytes) bytes, expected \(expected) by its header: the file was cut short"
    }
  }
}
