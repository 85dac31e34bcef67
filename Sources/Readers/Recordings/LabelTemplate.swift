import Foundation
import SleepCore

/// A card's rule for where a recording's label file lies: `../scoring/{stem}_stages.csv`, from the folder of its signal file.
struct LabelTemplate {
  enum Outcome {
    case file(URL)
    /// There is no such file.
    case absent
    /// It cannot be known before someone says whose the recording is.
    case undecided
  }

  static let placeholders = ["name", "stem", "recording", "subject", "session"]

  let text: String
  /// Texts and placeholders in turn, beginning and ending with a text.
  private let parts: [String]

  /// - Throws: ``ReadError`` for a placeholder that is none, and for a rule without any.
  init(_ text: String, root: URL) throws {
    self.text = text
    var parts: [String] = [""]
    var rest = text[...]
    func refuse(_ found: String) -> ReadError {
      ReadError(
        root, found: "\(found) in the card's label files '\(text)'",
        expected: "one of \(Self.placeholders.map { "{\($0)}" }.joined(separator: ", "))")
    }
    while let character = rest.popFirst() {
      guard character == "{" else {
        parts[parts.count - 1].append(character)
        continue
      }
      guard let end = rest.firstIndex(of: "}") else { throw refuse("a '{' without its '}'") }
      let name = String(rest[..<end])
      guard Self.placeholders.contains(name) else { throw refuse("'{\(name)}'") }
      parts += [name, ""]
      rest = rest[rest.index(after: end)...]
    }
    // One file of all recordings is nobody's labels.
    guard parts.count > 1 else { throw refuse("no placeholder") }
    self.parts = parts
  }

  /// - Throws: ``ReadError`` for a path that leads out of the root, and for a recording without a session where the rule has one.
  func file(of signal: FileName, recording: String, owner: RecordingOwner, root: URL) throws -> Outcome {
    let values = [
      "name": signal.stem, "stem": signal.base, "recording": recording, "subject": owner.subject?.id,
      "session": owner.session,
    ]
    var path = ""
    for (index, part) in parts.enumerated() {
      guard index % 2 == 1 else {
        path += part
        continue
      }
      guard let value = values[part] ?? nil else {
        if part == "subject" { return .undecided }
        throw ReadError(
          signal.url, found: "a name without a {\(part)} for the card's label files '\(text)'",
          expected: "one with a word for a visit, such as S01_night1, or a rule without it")
      }
      path += value
    }
    let isRelative = !path.hasPrefix("/")
    guard isRelative, let below = (signal.folder.isEmpty ? path : signal.folder + "/" + path).pathBelowRoot else {
      throw ReadError(
        signal.url, found: "the label file '\(path)' by the card's '\(text)', which lies outside the folder",
        expected: "a path from the signal file's folder that stays below \(root.relativePath)")
    }
    let url = root.appendingPathComponent(below)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
      return .absent
    }
    return .file(url)
  }

  /// The rule that gives a label file to a signal in another folder; `nil` where its name does not hold the signal's.
  static func suggested(for labels: FileName, of signal: FileName) -> String? {
    // `{stem}` is `{name}` where nothing is left out of it.
    guard
      let (word, key) = [("{name}", signal.stem), ("{stem}", signal.base)].first(where: { labels.name.hasPrefix($0.1) })
    else { return nil }
    let from = signal.folder.split(separator: "/")
    let to = labels.folder.split(separator: "/")
    let shared = zip(from, to).prefix { $0 == $1 }.count
    let way = Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared).map(String.init)
    return (way + [word + labels.name.dropFirst(key.count)]).joined(separator: "/")
  }
}
