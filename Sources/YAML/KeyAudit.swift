import SleepCore

/// The keys that a type asked of one mapping; what it never asked for is unknown.
final class KeyAudit {
  /// The keys that were asked for, by all that read the mapping.
  private final class Requests {
    var names: [String] = []
  }

  let entries: [Node.Entry]
  private let requests: Requests

  private var requested: [String] { requests.names }

  /// - Parameter other: Of the same mapping, read with other keys left out.
  init(_ entries: [Node.Entry], with other: KeyAudit? = nil) {
    self.entries = entries
    requests = other?.requests ?? Requests()
  }

  func request(_ key: String) -> Node? {
    if !requested.contains(key) { requests.names.append(key) }
    return entries.first { $0.key == key }?.value
  }

  func missing(_ key: String, at origin: Origin) -> YAMLError {
    let others = entries.map(\.key).filter { !requested.contains($0) }
    return .missingKey(at: origin, key: key, meant: nearest(key, among: others))
  }

  func check() throws {
    guard let entry = entries.first(where: { !requested.contains($0.key) }) else { return }
    throw YAMLError.unknownKey(at: entry.origin, key: entry.key, known: requested)
  }
}

/// The mappings that one value is made of.
final class KeyAudits {
  private var audits: [[String]: KeyAudit] = [:]

  /// The audit of a mapping, shared by all containers over it.
  ///
  /// - Parameter path: Where the mapping stands in the document.
  func audit(of entries: [Node.Entry], at path: [String]) -> KeyAudit {
    if let audit = audits[path] { return audit.entries == entries ? audit : KeyAudit(entries, with: audit) }
    let audit = KeyAudit(entries)
    audits[path] = audit
    return audit
  }

  func check() throws {
    for path in audits.keys.sorted(by: { $0.count < $1.count }) { try audits[path]?.check() }
  }
}
