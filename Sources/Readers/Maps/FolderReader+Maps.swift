import Foundation
import SleepCore

extension FolderReader {
  /// The role of files of maps; several files of one recording are `pressure-map/1`, and with their posture `pressure-map/2/supine`.
  static let mapRole = Sensor.pressureMap.rawValue

  /// Reads a recording of pressure maps: its files one after the other, with the posture that the path or a label file says.
  ///
  /// - Throws: ``ReadError`` where frames differ in size, or labels and frames in number.
  func readMaps(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    let rules = request.files[Self.mapRole]?.reading.map ?? MapRules()
    var values: [Float] = []
    var postures: [Posture?] = []
    var first: MapFile?
    var filled = 0
    for role in inNumericOrder(source.files.keys.filter { $0.hasPrefix(Self.mapRole) }) {
      guard let url = source.files[role] else { continue }
      var file = try MapFile(url, rules)
      if let first, [first.rows, first.columns] != [file.rows, file.columns] {
        throw ReadError(
          url, found: "frames of \(file.rows) x \(file.columns)",
          expected: "\(first.rows) x \(first.columns) as in \(first.url.lastPathComponent)")
      }
      filled += file.fillMissing()
      let parts = role.split(separator: "/", maxSplits: 2)
      let posture = try parts.count > 2 ? PostureWords(request.labels).posture(of: String(parts[2]), in: url) : nil
      try RawFile.expectRoom(for: values.count + file.values.count, url)
      values += file.values
      postures += Array(repeating: posture, count: file.count)
      if first == nil { first = file }
    }
    guard let first else {
      throw ReadError(URL(fileURLWithPath: source.id), found: "no file", expected: "files of pressure maps")
    }
    var warnings: [String] = []
    if filled > 0 {
      warnings.append(
        "\(source.id): \(filled) cells of \(values.count) measured nothing and are the mean of their neighbours")
    }
    if request.readsLabels, let labels = source.files[FileRoles.labelsRole] {
      postures = try PostureWords(request.labels).postures(of: labels, count: postures.count)
    } else if request.readsLabels, postures.allSatisfy({ $0 == nil }) {
      warnings.append("\(source.id): no postures, in its paths or in a label file")
    }
    return Recording(
      id: source.id, subject: source.subject,
      frames: PressureFrames(
        rows: first.rows, columns: first.columns, framesPerSecond: rules.framesPerSecond, values: values,
        postures: postures), start: source.start, warnings: warnings)
  }
}

/// What the words of files and paths say of postures.
struct PostureWords {
  private let own: [String: String]

  init(_ rules: LabelRules?) {
    own = Dictionary(
      (rules?.postures ?? [:]).map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private static let expectation =
    "a posture's name, as 'supine', or what it means, as 'labels: {kind: postures, postures: {…: supine}}' in the card says it"

  /// - Returns: `nil` where it says that nobody knows.
  func posture(of word: String, in url: URL, line: Int? = nil) throws -> Posture? {
    let key = word.trimmingCharacters(in: .whitespaces).lowercased()
    if ["", "-1", "?", "none", "nan"].contains(key), own[key] == nil { return nil }
    let name = own[key] ?? key
    if name == "unscored" { return nil }
    guard let posture = Posture.named(name) else {
      throw ReadError(url, line: line, found: "the posture '\(printable(word.utf8))'", expected: Self.expectation)
    }
    return posture
  }

  /// One a frame, out of text with a posture a line, of a table its last column, or an array of texts or numbers that the card gives a meaning.
  func postures(of url: URL, count: Int) throws -> [Posture?] {
    let words: [(line: Int?, text: String)]
    if url.pathExtension.lowercased() == "npy" {
      words = try ArrayFile(url).texts().map { (nil, $0) }
    } else {
      let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
      // Names may have blanks in them: without a separator a line is one.
      var rows: [(line: Int, text: String)] =
        if let separator = DelimitedRows.separator(of: file) {
          DelimitedRows(file, separator: separator).rows.map { ($0.line, $0.fields.last ?? "") }
        } else {
          TextLines(file).map { ($0.number, String(decoding: $0.bytes, as: UTF8.self)) }
        }
      let headings = ["posture", "label", "labels", "position", "class"]
      if let first = rows.first?.text, headings.contains(first.trimmingCharacters(in: .whitespaces).lowercased()) {
        rows.removeFirst()
      }
      words = rows.map { ($0.line, $0.text) }
    }
    guard words.count == count else {
      throw ReadError(url, found: "\(words.count) labels", expected: "one a frame, \(count)")
    }
    return try words.map { try posture(of: $0.text, in: url, line: $0.line) }
  }
}

extension Posture {
  /// By its name, with or without blanks and dashes: `right 30`, `otherLeft`, `left-fetal`.
  static func named(_ name: String) -> Posture? {
    let plain = name.lettersAndDigits
    return allCases.first { $0.name.lettersAndDigits == plain || "\($0)".lettersAndDigits == plain }
  }
}
