import SleepCore

/// Labels out of a one-dimensional `.npy` array.
enum ArrayLabels {
  /// Integers 0...4 or names (`W`, `N1`, `N2`, `N3`, `N4`, `R`, `REM`, in any case); -1, `?` and an empty text are
  /// unscored.
  static func stages(_ file: ArrayFile, count: Int) throws -> [Stage?] {
    try labels(file, count: count, expected: "0 to 4 or W, N1, N2, N3, REM, and -1 where unscored") { text in
      switch text.uppercased() {
      case "-1", "?", "": .some(nil)
      case "0", "W", "WAKE": .wake
      case "1", "N1": .n1
      case "2", "N2": .n2
      case "3", "N3", "N4": .n3
      case "4", "R", "REM": .rem
      default: nil
      }
    }
  }

  /// Integers 0...16, which are the published numbers less one, or the names of ``Posture``; -1 is unscored.
  static func postures(_ file: ArrayFile, count: Int) throws -> [Posture?] {
    let expected = "0 to \(Posture.allCases.count - 1) or a posture's name, and -1 where unscored"
    return try labels(file, count: count, expected: expected) { text in
      if ["-1", "?", ""].contains(text) { return .some(nil) }
      return Int8(text).map(Posture.init(rawValue:)) ?? Posture.allCases.first { $0.name == text.lowercased() }
    }
  }

  private static func labels<Label>(
    _ file: ArrayFile, count: Int, expected: String, _ label: (String) -> Label??
  ) throws -> [Label?] {
    guard file.shape == [count] else {
      throw ReadError(file.url, found: "an array of shape \(file.shape)", expected: "a label a window, \([count])")
    }
    return try file.texts().enumerated().map { index, text in
      guard let label = label(text) else {
        throw ReadError(file.url, found: "the label '\(printable(text.utf8))' at index \(index)", expected: expected)
      }
      return label
    }
  }
}
