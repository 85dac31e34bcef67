public import SleepCore

/// Folds that divide nights or windows instead of people, so that a person who is tested on is trained on too.
///
/// Published results are often of such folds; they tell little about new people. Each window is tested on in exactly one fold, so that a
/// person's confusion matrices add up over the folds to one of all windows.
public struct MixedFolds: Hashable, Sendable {
  /// What stands in one part as a whole.
  public enum Unit: String, CaseIterable, Hashable, Sendable {
    case night, window
  }

  public let unit: Unit
  public let count: Int
  /// The people whose windows are divided: all of them stand in every part, but for what chance leaves out.
  public let subjects: [Subject]
  /// The fold that tests each window, by recording.
  private let places: [String: [Int]]
  private let seed: UInt64

  /// - Parameters:
  ///   - count: How many folds there shall be, at least two.
  ///   - recordings: Only those that this likes are divided.
  /// - Throws: ``CorpusError/badMixedFolds(path:found:expected:)`` where each person has one night, or there are fewer nights than folds.
  public init(
    _ store: any WindowStore, subjects: [Subject], unit: Unit, count: Int, seed: UInt64,
    where isDivided: (CorpusRecording) -> Bool = { _ in true }
  ) throws {
    precondition(count >= 2, "at least two folds")
    let people = Set(subjects)
    let nights = store.recordings.filter { people.contains($0.subject) && isDivided($0) }.sorted { $0.id < $1.id }
    var places: [String: [Int]] = [:]
    switch unit {
    case .night:
      guard nights.count > Set(nights.map(\.subject)).count else {
        throw CorpusError.badMixedFolds(
          path: store.path, found: "one recording of each person",
          expected: "several of some: folds by night are folds by person here")
      }
      guard nights.count >= count else {
        throw CorpusError.badMixedFolds(
          path: store.path, found: "\(nights.count) recordings", expected: "at least \(count), one for each fold")
      }
      var random = RandomSource(seed: seed, for: "folds by night")
      for (number, night) in nights.shuffled(using: &random).enumerated() {
        places[night.id] = [Int](repeating: number % count, count: night.windows)
      }
    case .window:
      for night in nights {
        var random = RandomSource(seed: seed, for: "folds by window of \(night.id)")
        let first = Int.random(in: 0..<count, using: &random)
        var own = [Int](repeating: 0, count: night.windows)
        for (number, window) in own.indices.shuffled(using: &random).enumerated() {
          own[window] = (first + number) % count
        }
        places[night.id] = own
      }
    }
    (self.unit, self.count, self.seed, self.places) = (unit, count, seed, places)
    self.subjects = Set(nights.map(\.subject)).sorted()
  }

  /// The windows of each part of a fold: the fold's own are tested on, a share of the others is chosen on, and the rest is trained on.
  ///
  /// - Parameter validationShare: The share of the others to choose the model on; nothing where 0.
  public func parts(of fold: Int, validationShare: Double) -> [Part: LabelledWindows] {
    let chosen = validation(of: fold, share: validationShare)
    func windows(_ isWanted: (_ recording: String, _ window: Int, _ place: Int) -> Bool) -> LabelledWindows {
      LabelledWindows(
        flags: Dictionary(
          uniqueKeysWithValues: places.map { id, places in
            (id, places.enumerated().map { isWanted(id, $0, $1) })
          }),
        subjects: subjects)
    }
    return [
      .test: windows { $2 == fold },
      .validation: windows { $2 != fold && chosen[$0]?.contains($1) ?? false },
      .train: windows { $2 != fold && !(chosen[$0]?.contains($1) ?? false) },
    ]
  }

  /// Drawn for each fold anew from what it does not test on: whole nights, or windows of every night.
  private func validation(of fold: Int, share: Double) -> [String: Set<Int>] {
    guard share > 0 else { return [:] }
    switch unit {
    case .night:
      var random = RandomSource(seed: seed, for: "validation nights of fold \(fold)")
      let others = places.keys.sorted().filter { places[$0]?.first != fold }.shuffled(using: &random)
      let wanted = max(1, Int((share * Double(others.count)).rounded()))
      return Dictionary(uniqueKeysWithValues: others.prefix(wanted).map { ($0, Set(places[$0]?.indices ?? 0..<0)) })
    case .window:
      return Dictionary(
        uniqueKeysWithValues: places.map { id, places in
          var random = RandomSource(seed: seed, for: "validation windows of \(id) in fold \(fold)")
          let others = places.indices.filter { places[$0] != fold }.shuffled(using: &random)
          return (id, Set(others.prefix(Int((share * Double(others.count)).rounded()))))
        })
    }
  }
}

extension LabelledWindows {
  /// Each stretch of neighbouring windows, as one part of a fold uses it.
  public func claims(_ part: Part) -> [WindowClaim] {
    flags.sorted { $0.key < $1.key }.flatMap { recording, flags -> [WindowClaim] in
      var claims: [WindowClaim] = []
      var start: Int?
      for (window, isThere) in (flags + [false]).enumerated() {
        if isThere {
          start = start ?? window
        } else if let first = start {
          claims.append(WindowClaim(recording: recording, windows: first..<window, part: part))
          start = nil
        }
      }
      return claims
    }
  }
}
