public import Foundation

/// Why something could not be written.
public enum DiskError: Error, Equatable {
  /// Nothing more fits: the disk, the user's quota or the greatest size of a file.
  case full(path: String, reason: String)
  /// Everything else: a folder without permission, a name that is too long.
  case unwritable(path: String, reason: String)

  /// The error of a call of the system that has just failed.
  ///
  /// - Parameter code: The call's `errno`.
  public init(_ code: Int32, path: String) {
    let reason = String(cString: strerror(code))
    self =
      [ENOSPC, EDQUOT, EFBIG].contains(code)
      ? .full(path: path, reason: reason) : .unwritable(path: path, reason: reason)
  }

  /// Whether there is no room, so that nothing else can be written either.
  public var isFull: Bool {
    if case .full = self { true } else { false }
  }
}

extension DiskError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .full(let path, let reason):
      "\(path): found no room to write (\(reason)), expected some: make room and run the same command again; what was whole before is kept"
    case .unwritable(let path, let reason):
      "\(path): found no way to write (\(reason)), expected a place that may be written to: choose another, or change its permissions"
    }
  }
}
