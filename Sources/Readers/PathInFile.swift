/// The one rule for paths that stand in a file and name others, in a table of recordings or a card: they stay below the folder that they
/// start from.
///
/// It goes by the text alone. Links are followed wherever they lead, since whoever keeps a data set as links has made them; what a stranger
/// wrote into a file names none outside the folder.
extension String {
  /// A relative path without `.` and `..`; `nil` for one that leads out of the folder it starts in, an absolute one, and an empty one.
  var pathBelowRoot: String? {
    guard !hasPrefix("/"), !unicodeScalars.contains("\0") else { return nil }
    var parts: [Substring] = []
    for part in split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }
}
