import Foundation

/// A file of a recording by its name, which rules about whose it is and what belongs to it go by. The folders that it lies in are
/// no part of the name.
struct FileName: Hashable, Sendable {
  let url: URL
  /// Below the root, in the way of `clinic a/night 1.edf`.
  let path: String
  /// The last part of the path.
  let name: String
  /// The name without its extension.
  let stem: String
  /// Whether it is a folder that is one recording.
  let isFolder: Bool

  init(_ url: URL, below root: URL) {
    self.url = url
    let rootPath = root.path.hasSuffix("/") ? root.path : root.path + "/"
    path = url.path.hasPrefix(rootPath) ? String(url.path.dropFirst(rootPath.count)) : url.lastPathComponent
    name = url.lastPathComponent
    stem = url.deletingPathExtension().lastPathComponent
    isFolder = false
  }

  /// A folder that is one recording; nothing in its name is an extension.
  init(folder url: URL, below root: URL) {
    self.url = url
    path = FileName(url, below: root).path
    name = url.lastPathComponent
    stem = name
    isFolder = true
  }

  /// In small letters.
  var fileExtension: String { url.pathExtension.lowercased() }

  /// The folder's path below the root; empty for the root itself.
  var folder: String { String(path.dropLast(name.count).drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed()) }

  /// The stem without `-PSG`: what the files of one night share.
  var base: String {
    for ending in ["-psg", "_psg", ".psg", " psg"]
    where stem.lowercased().hasSuffix(ending) && stem.count > ending.count {
      return String(stem.dropLast(ending.count))
    }
    return stem
  }

  /// What the recording is called: the entities of a name after BIDS, else ``pathIdentifier``; a folder keeps its name.
  var identifier: String {
    if isFolder { return name }
    return BIDSName(stem)?.entities ?? pathIdentifier
  }

  /// The path without its extension, with characters that are safe in a file name.
  var pathIdentifier: String { Self.identifier(path.dropLast(name.count - plainStem.count)) }

  /// The same of the name alone.
  var stemIdentifier: String { Self.identifier(plainStem[...]) }

  /// The same of the last so many parts of the path.
  func identifier(parts: Int) -> String {
    Self.identifier(
      path.dropLast(name.count - plainStem.count).split(separator: "/").suffix(parts).joined(separator: "/")[...])
  }

  /// The name without its extension; without both of `.csv.gz`.
  private var plainStem: String {
    fileExtension == "gz" && !isFolder ? url.deletingPathExtension().deletingPathExtension().lastPathComponent : stem
  }

  static func identifier(_ path: Substring) -> String {
    String(
      path.precomposedStringWithCanonicalMapping.map { character in
        character == "/"
          ? "-"
          : character.isLetter || character.isNumber || "-_.".contains(character)
            ? character : "_"
      })
  }

  /// The path in quotation marks, for messages: what cannot be printed is replaced.
  var quoted: String { quotedName(path) }
}

/// A file's name in quotation marks, whole, with what cannot be printed replaced.
func quotedName(_ name: String) -> String {
  let shown = name.unicodeScalars.map { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: "\u{fffd}"
    default: String(scalar)
    }
  }
  return "'\(shown.joined())'"
}

/// `'a'`, `'a' and 'b'`, `'a', 'b' and 'c'`; of more than six the first five and how many follow.
func listed(_ names: some Collection<String>) -> String {
  let names = names.count > 6 ? names.prefix(5) + ["\(names.count - 5) more"] : Array(names)
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and " + last
}

/// A path as a shell takes it for one word.
public func shellWord(_ path: String) -> String {
  let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_./+:,@".contains($0) }
  return isPlain && !path.isEmpty ? path : "'\(path.replacing("'", with: "'\\''"))'"
}
