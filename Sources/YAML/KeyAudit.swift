import SleepCore

/// The keys that a type asked of one mapping; what it never asked for is unknown.
final class KeyAudit {
  /// The keys that were asked for, by all that read the mapping.
  private final class Requests {
    private(set) var names: [String] = []
    private var known: Set<String> = []

    func add(_ name: String) { if known.insert(name).inserted { names.append(name) } }
    func contains(_ name: String) -> Bool { known.contains(name) }
  }

  let entries: [Node.Entry]
  private let places: [String: Int]
  private let requests: Requests

  /// - Parameter other: Of the same mapping, read with other keys left out.
  init(_ entries: [Node.Entry], with other: KeyAudit? = nil) {
    self.entries = entries
    places = Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    requests = other?.requests ?? Requests()
  }

  func request(_ key: String) -> Node? {
    requests.add(key)
    return places[key].map { entries[$0].value }
  }

  func missing(_ key: String, at origin: Origin) -> YAMLError {
    let others = entries.map(\.key).filter { !requests.contains($0) }
    return .missingKey(at: origin, key: key, meant: nearest(key, among: others))
  }

  func check() throws {
    guard let entry = entries.first(where: { !requests.contains($0.key) }) else { return }
    throw YAMLError.unknownKey(at: entry.origin, key: entry.key, known: requests.names)
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
