import Foundation

/// The text of a BrainVision header or marker file: sections of keys and values.
struct BrainVisionSettings {
  /// One line of a section.
  struct Entry {
    let key: String
    let value: String
    let line: Int
  }

  let url: URL
  /// By the section's name in small letters, in the order of the file.
  private let sections: [String: [Entry]]

  /// - Parameter kind: `Header` or `Marker`, as the first line says it.
  /// - Throws: ``ReadError`` when the file is missing, too large, or does not begin as such a file does.
  init(_ url: URL, kind: String) throws {
    let expectation = "'Brain Vision Data Exchange \(kind) File Version 1.0', or 2.0"
    let file = try RawFile(url, expected: "a BrainVision \(kind.lowercased()) file")
    var bytes = try file.bytes(atMost: RawFile.mostBytesBesideSignals)[...]
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    self.url = url
    let lines = decodedText(bytes).split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { $0.split(separator: "\r\n", omittingEmptySubsequences: false) }
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let mark = (lines.first ?? "").lowercased().filter { $0.isLetter || $0.isNumber || $0 == "." }
    guard mark.hasPrefix("brainvision"), mark.contains(kind.lowercased() + "fileversion"),
      mark.hasSuffix("version1.0") || mark.hasSuffix("version2.0")
    else {
      throw ReadError(url, line: 1, found: "'\(printable((lines.first ?? "").utf8))'", expected: expectation)
    }
    var sections: [String: [Entry]] = [:]
    var section = ""
    for (index, line) in lines.enumerated().dropFirst() {
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = line.dropFirst().dropLast().lowercased()
        // Free text up to the end.
        if section == "comment" { break }
      } else if !line.hasPrefix(";"), let equals = line.firstIndex(of: "=") {
        sections[section, default: []].append(
          Entry(
            key: line[..<equals].trimmingCharacters(in: .whitespaces),
            value: line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces), line: index + 1))
      }
    }
    self.sections = sections
  }

  func entries(_ section: String) -> [Entry] { sections[section.lowercased()] ?? [] }

  /// The value of a key; `nil` where there is none, or nothing behind it.
  func entry(_ section: String, _ key: String) -> Entry? {
    entries(section).first { $0.key.lowercased() == key.lowercased() }.flatMap { $0.value.isEmpty ? nil : $0 }
  }

  /// One of some words.
  ///
  /// - Throws: ``ReadError`` with the line for any other.
  func word<Word: CaseIterable & RawRepresentable<String>>(
    _ section: String, _ key: String, absent: Word?
  ) throws -> Word {
    let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
    guard let entry = entry(section, key) else {
      guard let absent else { throw missing(section, key, "one of \(known)") }
      return absent
    }
    guard let word = Word(rawValue: entry.value.uppercased()) else {
      throw ReadError(
        url, line: entry.line, found: "\(key) '\(printable(entry.value.utf8))'", expected: "one of \(known)")
    }
    return word
  }

  /// A whole number within a range; `nil` where there is none.
  ///
  /// - Throws: ``ReadError`` with the line where it is another.
  func integer(_ section: String, _ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let entry = entry(section, key) else { return nil }
    guard let number = Int(entry.value), range.contains(number) else {
      throw ReadError(
        url, line: entry.line, found: "\(key) '\(printable(entry.value.utf8))'",
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func missing(_ section: String, _ key: String, _ expected: String) -> ReadError {
    ReadError(url, found: "no \(key) in [\(section)]", expected: expected)
  }
}
