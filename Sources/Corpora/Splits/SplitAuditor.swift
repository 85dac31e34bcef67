import SleepCore

/// A stretch of windows that a part of a fold uses.
public struct WindowClaim: Hashable, Sendable {
  public var recording: String
  public var windows: Range<Int>
  public var part: Part

  public init(recording: String, windows: Range<Int>, part: Part) {
    self.recording = recording
    self.windows = windows
    self.part = part
  }
}

/// What a recipe's shortcuts allow an evaluation to see of its test people. Nothing is allowed that does not stand here.
public struct Allowance: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Other windows of test people, with their labels, are trained and chosen on: folds are by night or by window.
  public static let people = Allowance(rawValue: 1)
  /// The very windows that are tested on are trained on, with their labels.
  public static let labels = Allowance(rawValue: 2)
  /// The model is chosen on the windows that are tested on.
  public static let selection = Allowance(rawValue: 4)
}

/// Refuses an evaluation that saw its test people.
///
/// What an ``Allowance`` lets through is told by each check that would have refused it.
public struct SplitAuditor: Sendable {
  private let index: CorpusIndex
  private let split: Split
  private let groups: SubjectGroups
  private let allowance: Allowance

  /// - Parameters:
  ///   - corpus: The corpus that the split divides.
  ///   - allowance: What is let through, and told.
  public init(_ split: Split, of corpus: CorpusIndex, allowing allowance: Allowance = []) {
    self.split = split
    self.allowance = allowance
    index = corpus
    groups = corpus.groups
  }

  /// Checks the split itself: that the folds name people of the corpus, nobody twice, no group in two parts, and no recording under two names.
  ///
  /// - Throws: The first ``Leak``.
  public func auditFolds() throws {
    let known = Set(index.recordings.map(\.subject))
    var tested: [Subject: Int] = [:]
    for (number, fold) in split.folds.enumerated() {
      var seen: [Subject: Part] = [:]
      var places: [String: (subject: Subject, part: Part)] = [:]
      for part in Part.allCases {
        for subject in fold.subjects(part) {
          guard known.contains(subject) else {
            throw Leak.unknownSubject(subject, fold: number, part: part, dataset: index.dataset)
          }
          if let other = seen.updateValue(part, forKey: subject) {
            throw Leak.sharedSubject(subject, fold: number, parts: [other, part])
          }
          guard let group = groups[subject] else { continue }
          if let other = places[group], other.part != part {
            throw Leak.sharedGroup(
              group, subjects: [other.subject, subject], fold: number, parts: [other.part, part])
          }
          places[group] = (subject, part)
        }
      }
      for subject in fold.test {
        if let other = tested.updateValue(number, forKey: subject) {
          throw Leak.testedTwice(subject, folds: [other, number])
        }
      }
      try auditContents(fold: number) { seen[$0.subject] }
      try audit(claims: claims(fold: number), fold: number)
    }
  }

  /// Checks that no stretch of a recording is used by two parts of a fold.
  ///
  /// - Parameter claims: What each part reads, with all context around its windows.
  /// - Throws: ``Leak/overlappingWindows(recording:windows:fold:parts:)``.
  public func audit(claims: [WindowClaim], fold: Int) throws {
    for (recording, claims) in Dictionary(grouping: claims, by: \.recording).sorted(by: { $0.key < $1.key }) {
      let ordered = claims.sorted {
        ($0.windows.lowerBound, $0.part.rawValue) < ($1.windows.lowerBound, $1.part.rawValue)
      }
      // The stretch that reaches furthest so far, of each part.
      var reached: [Part: Range<Int>] = [:]
      for claim in ordered where !claim.windows.isEmpty {
        for part in Part.allCases where part != claim.part {
          guard let range = reached[part], range.overlaps(claim.windows) else { continue }
          throw Leak.overlappingWindows(
            recording: recording, windows: range.clamped(to: claim.windows), fold: fold,
            parts: Part.allCases.filter { $0 == part || $0 == claim.part })
        }
        if reached[claim.part].map({ $0.upperBound < claim.windows.upperBound }) ?? true {
          reached[claim.part] = claim.windows
        }
      }
    }
  }

  /// Checks that no recording of a part, whatever it is called, holds the same numbers as one of another part.
  ///
  /// - Parameter claims: What each part reads; recordings that stand in several parts are left to ``audit(claims:fold:)``.
  /// - Throws: ``Leak/sameContent(recordings:sensor:fold:parts:)``.
  public func audit(contentsOf claims: [WindowClaim], fold: Int) throws {
    let parts = Dictionary(grouping: claims, by: \.recording).mapValues { Set($0.map(\.part)) }
    try auditContents(fold: fold) { recording in
      parts[recording.id].flatMap { $0.count == 1 ? $0.first : nil }
    }
  }

  /// Checks that a statistic fitted for a fold, such as a scaling, did not see its test part.
  ///
  /// - Returns: What was let through, in words; `nil` where nothing was.
  /// - Throws: ``Leak/normalisation(what:subjects:fold:)``.
  @discardableResult
  public func audit(normalisation: Provenance, fold: Int) throws -> String? {
    let leak = { Leak.normalisation(what: normalisation.what, subjects: $0, fold: fold) }
    return try told(normalisation, fold, [.people, .labels], "was fitted on", leak)
  }

  /// Checks that a model, epoch or threshold was not chosen on the test part.
  ///
  /// - Returns: What was let through, in words; `nil` where nothing was.
  /// - Throws: ``Leak/selection(what:subjects:fold:)``.
  @discardableResult
  public func audit(selection: Provenance, fold: Int) throws -> String? {
    let leak = { Leak.selection(what: selection.what, subjects: $0, fold: fold) }
    return try told(selection, fold, [.people, .selection], "was chosen on", leak)
  }

  /// - Parameter allowed: Any of these lets it through.
  private func told(
    _ provenance: Provenance, _ fold: Int, _ allowed: Allowance, _ verb: String, _ leak: ([Subject]) -> Leak
  ) throws -> String? {
    guard allowance.isDisjoint(with: allowed) else {
      let seen = people(fold, seenBy: provenance)
      guard !seen.isEmpty else { return nil }
      let plural = seen.count == 1 ? "subject" : "subjects"
      return "fold \(fold): \(provenance.what) \(verb) test \(plural) \(list(shortened(seen.map(\.id))))"
    }
    let seen = try tested(fold, seenBy: provenance)
    guard seen.isEmpty else { throw leak(seen) }
    return nil
  }

  /// Checks that pretraining saw none of the fold's test people.
  ///
  /// - Parameter transductive: Allows it.
  /// - Returns: What the table must say where it was allowed; `nil` where nobody was seen.
  /// - Throws: ``Leak/pretraining(what:subjects:fold:)``.
  @discardableResult
  public func audit(pretraining: Provenance, fold: Int, transductive: Bool) throws -> String? {
    if transductive {
      let seen = people(fold, seenBy: pretraining)
      guard !seen.isEmpty else { return nil }
      let plural = seen.count == 1 ? "subject" : "subjects"
      return
        "transductive: \(pretraining.what) was pretrained on \(seen.count) test \(plural) of fold \(fold), without labels"
    }
    let seen = try tested(fold, seenBy: pretraining)
    guard seen.isEmpty else { throw Leak.pretraining(what: pretraining.what, subjects: seen, fold: fold) }
    return nil
  }

  /// Checks that weights, to begin with or to test, were not trained or chosen with the labels of the fold's test people.
  ///
  /// - Returns: What was let through, in words; `nil` where nothing was.
  /// - Throws: ``Leak/training(what:subjects:fold:)``.
  @discardableResult
  public func audit(training: Provenance, fold: Int) throws -> String? {
    let leak = { Leak.training(what: training.what, subjects: $0, fold: fold) }
    return try told(training, fold, [.people, .labels], "was trained with labels of", leak)
  }

  /// All windows of each part's recordings.
  private func claims(fold: Int) -> [WindowClaim] {
    Part.allCases.flatMap { part in
      let subjects = Set(split.folds[fold].subjects(part))
      return index.recordings.filter { subjects.contains($0.subject) }
        .map { WindowClaim(recording: $0.id, windows: 0..<$0.windows, part: part) }
    }
  }

  private func auditContents(fold: Int, part partOf: (CorpusRecording) -> Part?) throws {
    var first: [String: CorpusRecording] = [:]
    for recording in index.recordings {
      guard let part = partOf(recording) else { continue }
      for sensor in recording.sensors {
        for content in recording.contents(of: sensor) {
          guard let other = first[content] else {
            first[content] = recording
            continue
          }
          if let otherPart = partOf(other), otherPart != part {
            throw Leak.sameContent(
              recordings: [other.id, recording.id], sensor: sensor, fold: fold, parts: [otherPart, part])
          }
        }
      }
    }
  }

  /// The test people whom something saw, by their population.
  ///
  /// - Throws: ``Leak/seenGroup(what:subjects:fold:)`` where it saw others of their groups alone, ``Leak/seenContent(what:recordings:fold:)``
  ///   where it saw a test recording under another name.
  private func tested(_ fold: Int, seenBy provenance: Provenance) throws -> [Subject] {
    let seen = people(fold, seenBy: provenance)
    guard seen.isEmpty else { return seen }
    let known = groups.company(of: index.recordings.map(\.subject).filter { provenance.saw(index.person($0)) })
    let related = split.folds[fold].test.filter(known.contains).sorted()
    guard related.isEmpty else {
      throw Leak.seenGroup(what: provenance.what, subjects: related, fold: fold)
    }
    let test = Set(split.folds[fold].test)
    let recordings = index.recordings.filter { recording in
      test.contains(recording.subject) && !provenance.contents.isDisjoint(with: recording.contents)
    }
    guard recordings.isEmpty else {
      throw Leak.seenContent(what: provenance.what, recordings: recordings.map(\.id), fold: fold)
    }
    return []
  }

  private func people(_ fold: Int, seenBy provenance: Provenance) -> [Subject] {
    split.folds[fold].test.filter { provenance.saw(index.person($0)) }.sorted()
  }
}
