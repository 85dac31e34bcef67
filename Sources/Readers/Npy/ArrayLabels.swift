import Foundation
import SleepCore

/// Labels out of a one-dimensional `.npy` array.
enum ArrayLabels {
  /// Numbers 0...4 of any type or names in any case (`W`, `N1`, `N2`, `N3`, `N4`, `R`, `REM`, also spelt out as `Wake`,
  /// `Stage 2` or `Sleep stage 2`); -1, NaN, `?` and an empty text are unscored. Also `[windows, 5]` with a single 1 a row.
  ///
  /// - Parameter own: What a card says of the files' words.
  static func stages(_ file: ArrayFile, count: Int, vocabulary own: [String: StageWord]? = nil) throws -> [Stage?] {
    if file.shape == [count, Stage.allCases.count], count > 0 {
      return try oneHot(file).map { $0.map { Stage.allCases[$0] } }
    }
    let vocabulary = StageVocabulary(own, numbers: .fiveStages)
    let expected =
      "0 to 4 or W, N1, N2, N3, REM, and -1 where unscored; labels.vocabulary in the card says what others mean"
    return try labels(file, count: count, expected: expected) { text in
      vocabulary.meaning(of: text).map(\.stage)
    }
  }

  /// The labels of an array of one stage a window as texts, numbers being those of five classes.
  static func words(_ file: ArrayFile) throws -> [String] {
    if file.shape.count == 2, file.shape[1] == Stage.allCases.count {
      return try oneHot(file).map { $0.map { "\($0)" } ?? "-1" }
    }
    guard file.shape.count == 1 || file.shape.count == 2 && file.shape[1] == 1 else {
      throw ReadError(file.url, found: "an array of shape \(file.shape)", expected: "a label a window, [windows]")
    }
    guard file.shape[0] <= RecordingLimits.mostLabels else {
      throw ReadError(
        file.url, found: "\(file.shape[0]) labels",
        expected: "those of one recording, at most \(RecordingLimits.mostLabels)")
    }
    return try file.texts()
  }

  /// The place of the 1 in each row; `nil` where a row is all 0.
  private static func oneHot(_ file: ArrayFile) throws -> [Int?] {
    let (values, width) = (try file.floats(), file.shape[1])
    return try (0..<file.shape[0]).map { row in
      let cells = values[(row * width)..<((row + 1) * width)]
      let ones = cells.indices.filter { cells[$0] == 1 }
      guard ones.count <= 1, cells.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw ReadError(
          file.url, found: "[\(cells.map { plain(Double($0)) }.joined(separator: ", "))] in row \(row)",
          expected: "a single 1 among 0, or labels of one axis")
      }
      return ones.first.map { $0 - cells.startIndex }
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
    guard file.shape == [count] || file.shape == [count, 1] else {
      throw ReadError(file.url, found: "an array of shape \(file.shape)", expected: "a label a window, \([count])")
    }
    let texts = try file.texts()
    let labels = texts.map { label($0.trimmingCharacters(in: .whitespaces)) }
    var unknown: [(text: String, index: Int)] = []
    var seen: Set<String> = []
    for (index, text) in texts.enumerated() where labels[index] == nil && seen.insert(text).inserted {
      unknown.append((text, index))
    }
    guard unknown.isEmpty else {
      let shown = unknown.prefix(5).map { "'\(printable($0.text.utf8))' at index \($0.index)" }
      let rest = unknown.count > shown.count ? " and \(unknown.count - shown.count) more" : ""
      throw ReadError(
        file.url, found: "the label\(unknown.count == 1 ? "" : "s") \(shown.joined(separator: ", "))\(rest)",
        expected: expected)
    }
    return labels.map { $0 ?? nil }
  }
}
