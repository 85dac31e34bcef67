import Foundation

/// One stage a window in an array of a file that may hold others.
struct StoredLabels: LabelFileReader {
  let open: @Sendable (URL) throws -> any ArrayStore

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let store = try open(url)
    var labels = try LabelFile(store, rules)
    let fact = store.facts.start(of: rules.dataset.map(store.path) ?? "")
    // A count since 1970 is UTC, which the signal's clock need not read.
    if case .number? = fact, rules.start != .labels { return labels }
    let start = StoredStart(fact)
    if let time = start.time { labels.zero = .own(time) }
    if let warning = start.warning { labels.warnings.append("\(labels.name): \(warning)") }
    return labels
  }
}

extension LabelFile {
  /// The stages of the dataset that a card names; where it names none, of the only one that there is.
  ///
  /// - Throws: ``ReadError`` where there is no such dataset, or it has more than a stage a window.
  init(_ store: some ArrayStore, _ rules: LabelRules) throws {
    let known = store.arrays.map(\.path)
    guard let path = rules.dataset ?? (known.count == 1 ? known[0] : nil) else {
      throw ReadError(
        store.url, found: "\(known.count) arrays: \(NpzStore.listed(known.map(NpzStore.quoted)))",
        expected: "the one with the stages, as the card says it: 'labels: {dataset: …}'")
    }
    let (shape, texts) = try store.texts(of: store.path(path))
    guard shape.filter({ $0 > 1 }).count <= 1 else {
      throw ReadError(
        store.url, found: "an array '\(printable(path.utf8))' of shape \(shape)",
        expected: "a label a window, of one axis")
    }
    self.init(url: store.url)
    windowSeconds = rules.rowSeconds
    entries = texts.enumerated().map { index, word in
      Entry(onsetSeconds: Double(index) * rules.rowSeconds, durationSeconds: rules.rowSeconds, word: word)
    }
  }
}
