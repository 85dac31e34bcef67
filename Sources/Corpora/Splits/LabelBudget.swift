public import SleepCore

/// How much of the training part's labels a recogniser may see.
public enum LabelBudget: Hashable, Sendable {
  case all
  /// Every label of so many subjects.
  case subjects(Int)
  /// This share of each subject's scored windows, drawn at random.
  case windowShare(Double)
  /// So many minutes of scored windows of each subject, drawn at random.
  case minutesPerSubject(Double)

  /// For tables: `2 subjects`, `10 % of windows`.
  public var name: String {
    switch self {
    case .all: "all"
    case .subjects(let count): count == 1 ? "1 subject" : "\(count) subjects"
    case .windowShare(let share): "\(short((share * 1e4).rounded() / 100)) % of windows"
    case .minutesPerSubject(let minutes): "\(short(minutes)) min a subject"
    }
  }

  /// Chooses the labelled windows of a fold's training part.
  ///
  /// It depends on the seed, the fold and the subjects alone, so that every arm of a comparison sees the same; and
  /// a larger budget of the same kind holds every window of a smaller one.
  ///
  /// - Parameters:
  ///   - corpus: The training subjects' recordings.
  ///   - subjects: The training subjects of the fold.
  ///   - fold: The fold's number.
  ///   - seed: The run's seed.
  ///   - allowed: Where not all of the subjects' windows are of the training part.
  ///   - withUnscored: Whether a window that nobody scored counts as a labelled one.
  /// - Throws: ``CorpusError/badBudget(found:expected:)``, also when there are fewer subjects than asked for.
  public func labelledWindows(
    of corpus: any WindowStore, subjects: [Subject], fold: Int, seed: UInt64, among allowed: LabelledWindows? = nil,
    withUnscored: Bool = false
  ) throws -> LabelledWindows {
    let ordered = Set(subjects).sorted()
    var chosen = ordered
    switch self {
    case .all: break
    case .subjects(let count):
      guard count >= 1, count <= ordered.count else {
        throw CorpusError.badBudget(found: name, expected: "1 to \(ordered.count) training subjects")
      }
      var random = RandomSource(seed: seed, for: "label budget of fold \(fold)")
      chosen = Array(ordered.shuffled(using: &random).prefix(count))
    case .windowShare(let share):
      guard share > 0, share <= 1 else {
        throw CorpusError.badBudget(found: name, expected: "a share above 0 % and up to 100 %")
      }
    case .minutesPerSubject(let minutes):
      guard minutes > 0, minutes.isFinite else {
        throw CorpusError.badBudget(found: name, expected: "minutes above 0")
      }
    }
    let recordings = Dictionary(grouping: corpus.recordings.indices) { corpus.recordings[$0].subject }
    var flags: [String: [Bool]] = [:]
    for subject in chosen {
      var scored: [(recording: Int, window: Int)] = []
      for recording in recordings[subject] ?? [] {
        let labels = corpus.labels(recording: recording)
        flags[corpus.recordings[recording].id] = [Bool](repeating: false, count: labels.count)
        let id = corpus.recordings[recording].id
        scored += labels.indices.filter { window in
          (withUnscored || labels[window] >= 0) && allowed?.contains(recording: id, window: window) ?? true
        }.map { (recording, $0) }
      }
      for (recording, window) in take(
        scored, subject: subject, fold: fold, seed: seed, windowSeconds: corpus.windowSeconds ?? 1)
      {
        flags[corpus.recordings[recording].id]?[window] = true
      }
    }
    return LabelledWindows(flags: flags, subjects: chosen.sorted())
  }

  private func take<Element>(
    _ windows: [Element], subject: Subject, fold: Int, seed: UInt64, windowSeconds: Double
  ) -> some Sequence<Element> {
    let count: Int
    switch self {
    case .all, .subjects: return windows[...]
    case .windowShare(let share): count = Int((share * Double(windows.count)).rounded())
    case .minutesPerSubject(let minutes):
      count = Int(min(Double(windows.count), (minutes * 60 / windowSeconds).rounded()))
    }
    var random = RandomSource(seed: seed, for: "labelled windows of \(subject.id) in fold \(fold)")
    return windows.shuffled(using: &random).prefix(max(1, count))
  }
}

/// The windows whose labels may be seen.
public struct LabelledWindows: Hashable, Sendable {
  /// One flag a window, by recording; a recording that is not named has none.
  public let flags: [String: [Bool]]
  /// The people of those windows.
  public let subjects: [Subject]

  public init(flags: [String: [Bool]], subjects: [Subject]) {
    self.flags = flags
    self.subjects = subjects
  }

  /// How many windows are labelled.
  public var count: Int { flags.values.reduce(0) { $0 + $1.count { $0 } } }

  public func contains(recording: String, window: Int) -> Bool {
    flags[recording].map { $0.indices.contains(window) && $0[window] } ?? false
  }
}
