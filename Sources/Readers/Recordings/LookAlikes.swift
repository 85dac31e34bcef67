/// Names that look like several recordings of one subject, or may not be: nothing in them says which.
///
/// `n1`, `n2` and `S01`, `S02` are plainly people. `P01_1` and `P01_2` are not: what they share names somebody.
struct LookAlikes: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// What the names begin with holds a number of its own, or a word such as `baseline` follows it: `P01_1`, `n1a`, `anna_post`; or
    /// others have the same parts: `anna_s001`, `anna_s002`, `bert_s001`.
    case prefix
    /// What the names end with is somebody's: `shhs1-200001` and `shhs2-200001`.
    case ending
    /// Letters with few numbers, for several letters: `A1`, `A2`, `B1`.
    case numbered
    /// One name in several places.
    case same
    /// Names of visits, and of nothing else: `night1`, `night2`.
    case visitsAlone
  }

  let kind: Kind
  /// What the names share; empty for visits alone.
  let shared: String
  /// Indices of the names, in order.
  let members: [Int]

  private static let occasions: Set = [
    "pre", "post", "before", "after", "baseline", "followup", "first", "second", "third", "adaptation", "recovery",
    "nap",
  ]

  /// - Parameter names: The names without extensions. Case does not count.
  static func groups(in names: [String]) -> [LookAlikes] {
    var prefixes = Groups()
    var endings = Groups()
    var numbered: [(prefix: String, index: Int)] = []
    var parted: [(prefix: String, part: String, index: Int)] = []
    var sames = Groups()
    var visits: [Int] = []
    var largest = 0
    for (index, name) in names.enumerated() {
      let name = name.lowercased()
      let tokens = NameToken.all(of: name)
      sames.add(index, to: name)
      if VisitName(name)?.subject.isEmpty == true { visits.append(index) }
      for prefix in Self.prefixes(of: tokens) { prefixes.add(index, to: prefix) }
      if let ending = ending(of: tokens) { endings.add(index, to: ending) }
      if let (prefix, part) = parts(of: tokens) { parted.append((prefix, part, index)) }
      if let (prefix, number) = numbering(of: tokens) {
        numbered.append((prefix, index))
        largest = max(largest, number)
      }
    }
    var found: [LookAlikes] = sames.several.map { LookAlikes(kind: .same, shared: $0.key, members: $0.members) }
    if visits.count > 1 { found.append(LookAlikes(kind: .visitsAlone, shared: "", members: visits)) }
    found += prefixes.several.filter { !areNumberedByStudy($0.members.map { names[$0] }) }
      .map { LookAlikes(kind: .prefix, shared: $0.key, members: $0.members) }
    found += endings.several.map { LookAlikes(kind: .ending, shared: $0.key, members: $0.members) }
    let byLetters = Dictionary(grouping: numbered, by: \.prefix)
    if largest <= 4, byLetters.count > 1 {
      found += byLetters.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        .map { LookAlikes(kind: .numbered, shared: $0.key, members: $0.value.map(\.index)) }
    }
    let byPrefix = Dictionary(grouping: parted, by: \.prefix)
    if Dictionary(grouping: parted, by: \.part).contains(where: { Set($0.value.map(\.prefix)).count > 1 }) {
      found += byPrefix.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        .map { LookAlikes(kind: .prefix, shared: $0.key, members: $0.value.map(\.index)) }
    }
    // `P01_a_1` and `P01_a_2` share two beginnings, and are told once.
    var told: Set<[Int]> = []
    return found.filter { told.insert($0.members).inserted }
  }

  /// The beginnings of a name that may be a subject's name of their own.
  private static func prefixes(of tokens: [NameToken]) -> [String] {
    func text(_ end: Int) -> String { tokens[..<end].map(\.text).joined() }
    var found: [String] = []
    // A date names nobody.
    let start = leadingDate(of: tokens)
    for index in tokens.indices.dropFirst() where tokens[index].kind == .separator && index + 1 < tokens.count {
      let word = tokens[index + 1].lowercased
      let isOccasion =
        (occasions.contains(word) || ScoringName.words.contains(word))
        && tokens[(index + 2)...].allSatisfy { $0.kind == .digits || $0.kind == .separator }
      let hasNumber = index > start && tokens[start..<index].contains { $0.kind == .digits }
      if hasNumber || isOccasion { found.append(text(index)) }
    }
    found.append(text(tokens.count))
    let last = tokens.suffix(3).map(\.kind)
    if last.suffix(2) == [.digits, .letters], tokens.last?.text.count == 1 { found.append(text(tokens.count - 1)) }
    if last == [.digits, .letters, .digits] { found.append(text(tokens.count - 2)) }
    return found
  }

  /// The ending of a name that may be a subject's name, with another number before it.
  private static func ending(of tokens: [NameToken]) -> String? {
    guard let dash = tokens.lastIndex(where: { $0.kind == .separator }), dash > 0, dash + 1 < tokens.count else {
      return nil
    }
    let (before, after) = (tokens[..<dash], tokens[(dash + 1)...])
    let hasNumber = after.contains { $0.kind == .digits }
    let isLongNumber =
      after.count == 1 && hasNumber && tokens[dash + 1].text.count >= 4 && !isDate(tokens[dash + 1].text)
    let isNameAfterNumber =
      hasNumber && after.contains { $0.kind == .letters }
      && before.allSatisfy { $0.kind == .digits && $0.text.count < 3 }
    return isLongNumber || isNameAfterNumber ? after.map(\.text).joined() : nil
  }

  /// Letters, and after a separator letters with a number, `anna_s001`: where several have an `s001`, it may be a visit of each.
  private static func parts(of tokens: [NameToken]) -> (prefix: String, part: String)? {
    guard tokens.prefix(4).map(\.kind) == [.letters, .separator, .letters, .digits] else { return nil }
    return (String(tokens[0].text), tokens[2...3].map(\.text).joined())
  }

  /// Letters and one digit after them: `anna_2`.
  private static func numbering(of tokens: [NameToken]) -> (prefix: String, number: Int)? {
    guard let last = tokens.last, last.kind == .digits, let number = Int(last.text),
      !tokens.dropLast().contains(where: { $0.kind == .digits }), tokens.count > 1
    else { return nil }
    // `S01` counts subjects as `S10` does.
    guard last.text.count == 1, number > 0 else { return (tokens.dropLast().map(\.text).joined(), .max) }
    return (String(tokens.dropLast().map(\.text).joined().trimmed { !$0.isLetter }), number)
  }

  /// Whether the names are one beginning and a long number each, as a study numbers its people: `shhs1-200001`, `shhs1-200002`.
  private static func areNumberedByStudy(_ names: [String]) -> Bool {
    let parts = names.map { NameToken.all(of: $0.lowercased()) }
    let numbers = Set(parts.compactMap(\.last?.text))
    return Set(parts.map { $0.dropLast().map(\.text).joined() }).count == 1 && numbers.count == names.count
      && parts.compactMap(\.last).allSatisfy {
        $0.kind == .digits && $0.text.count >= 4 && !isDate($0.text) && !isYear($0.text)
      }
  }

  /// The tokens of a date that a name begins with, `20240131` or `2024-01-31`.
  private static func leadingDate(of tokens: [NameToken]) -> Int {
    guard let first = tokens.first, first.kind == .digits else { return 0 }
    if isDate(first.text) { return 1 }
    let parts = tokens.prefix(5)
    guard parts.map(\.kind) == [.digits, .separator, .digits, .separator, .digits] else { return 0 }
    return isDate(Substring(parts.filter { $0.kind == .digits }.map(\.text).joined())) ? 5 : 0
  }

  /// `20240131`.
  private static func isDate(_ digits: Substring) -> Bool {
    guard digits.count == 8, isYear(digits.prefix(4)), let month = Int(digits.dropFirst(4).prefix(2)),
      let day = Int(digits.suffix(2))
    else { return false }
    return (1...12).contains(month) && (1...31).contains(day)
  }

  private static func isYear(_ digits: Substring) -> Bool {
    digits.count == 4 && (digits.hasPrefix("19") || digits.hasPrefix("20"))
  }
}

/// Names by what they share, in the order in which it was first seen.
private struct Groups {
  private var order: [String] = []
  private var members: [String: [Int]] = [:]

  mutating func add(_ index: Int, to key: String) {
    if members[key] == nil { order.append(key) }
    members[key, default: []].append(index)
  }

  var several: [(key: String, members: [Int])] {
    order.compactMap { key in members[key].flatMap { $0.count > 1 ? (key, $0) : nil } }
  }
}
