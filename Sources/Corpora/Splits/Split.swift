public import SleepCore

/// Which people a model is trained on, chosen on and tested on. No one stands in two parts.
public struct Fold: Hashable, Sendable {
  public var train: [Subject]
  /// The model is chosen on these.
  public var validation: [Subject]
  /// Read once.
  public var test: [Subject]

  public init(train: [Subject], validation: [Subject], test: [Subject]) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The people of one part.
  public func subjects(_ part: Part) -> [Subject] {
    switch part {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}

/// What a subject's windows are used for.
public enum Part: String, CaseIterable, Hashable, Sendable {
  case train, validation, test
}

/// A division of a data set's subjects into folds.
public struct Split: Hashable, Sendable {
  /// How it was made, in words: `5-fold`, `leave-one-subject-out`.
  public var scheme: String
  public var seed: UInt64
  public var folds: [Fold]

  public init(scheme: String, seed: UInt64, folds: [Fold]) {
    self.scheme = scheme
    self.seed = seed
    self.folds = folds
  }

  /// One fold whose test subjects are drawn at random.
  ///
  /// - Parameters:
  ///   - testShare: The share of all subjects to test on, at least one.
  ///   - validationShare: The share of the others to choose the model on, at least one.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` below three subjects.
  public static func holdOut(
    _ subjects: [Subject], testShare: Double, validationShare: Double, seed: UInt64
  ) throws -> Split {
    let shuffled = try shuffle(subjects, needed: 3, use: "a hold-out split", seed: seed)
    let test = Array(shuffled.prefix(share(testShare, of: shuffled.count, leaving: 2)))
    return Split(
      scheme: "hold-out", seed: seed,
      folds: [fold(0, testing: test, of: shuffled, validationShare: validationShare, seed: seed)])
  }

  /// `folds` folds; every subject is tested on in exactly one.
  ///
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` when there are fewer subjects than folds, or than three.
  public static func kFold(
    _ subjects: [Subject], folds count: Int, validationShare: Double, seed: UInt64
  ) throws -> Split {
    precondition(count >= 2, "at least two folds")
    let shuffled = try shuffle(subjects, needed: max(3, count), use: "\(count) folds", seed: seed)
    let folds = (0..<count).map { index in
      let test = stride(from: index, to: shuffled.count, by: count).map { shuffled[$0] }
      return fold(index, testing: test, of: shuffled, validationShare: validationShare, seed: seed)
    }
    return Split(scheme: "\(count)-fold", seed: seed, folds: folds)
  }

  /// As many folds as subjects, each tested on one, in order of subjects.
  ///
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` below three subjects.
  public static func leaveOneSubjectOut(
    _ subjects: [Subject], validationShare: Double, seed: UInt64
  ) throws -> Split {
    let shuffled = try shuffle(subjects, needed: 3, use: "leaving one subject out", seed: seed)
    let folds = shuffled.sorted().enumerated().map { index, subject in
      fold(index, testing: [subject], of: shuffled, validationShare: validationShare, seed: seed)
    }
    return Split(scheme: "leave-one-subject-out", seed: seed, folds: folds)
  }

  /// One fold tested on given people, as published lists name them.
  ///
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` when fewer than two others are left.
  public static func listed(
    _ subjects: [Subject], test: [Subject], validationShare: Double, seed: UInt64
  ) throws -> Split {
    let shuffled = try shuffle(subjects, needed: 1 + test.count + 1, use: "the listed test subjects", seed: seed)
    return Split(
      scheme: "listed", seed: seed,
      folds: [fold(0, testing: test, of: shuffled, validationShare: validationShare, seed: seed)])
  }

  /// A division of those who are not tested on in a fold, to choose on: nobody of the fold's test people is in it.
  ///
  /// - Parameters:
  ///   - fold: The fold's number.
  ///   - count: How many folds there shall be inside it.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` where the fold has fewer people than that to train and choose on, or
  ///   than three.
  public func inside(_ fold: Int, folds count: Int, validationShare: Double) throws -> Split {
    let people = folds[fold].train + folds[fold].validation
    let needed = max(3, count)
    guard people.count >= needed else {
      throw CorpusError.tooFewSubjects(
        found: people.count, needed: needed, use: "a search on \(count) folds inside a training part")
    }
    var inner = try Split.kFold(
      people, folds: count, validationShare: validationShare, seed: seed &+ 0x5ea4c4 &+ UInt64(fold))
    inner.scheme = "\(count)-fold inside fold \(fold)"
    return inner
  }

  private static func shuffle(
    _ subjects: [Subject], needed: Int, use: String, seed: UInt64
  ) throws -> [Subject] {
    let sorted = Set(subjects).sorted()
    guard sorted.count >= needed else {
      throw CorpusError.tooFewSubjects(found: sorted.count, needed: needed, use: use)
    }
    var random = RandomSource(seed: seed, for: "split")
    return sorted.shuffled(using: &random)
  }

  /// The validation subjects are drawn for each fold anew from those who are not tested on.
  private static func fold(
    _ index: Int, testing test: [Subject], of all: [Subject], validationShare: Double, seed: UInt64
  ) -> Fold {
    let tested = Set(test)
    var random = RandomSource(seed: seed, for: "validation of fold \(index)")
    let others = all.filter { !tested.contains($0) }.sorted().shuffled(using: &random)
    let count = validationShare == 0 ? 0 : share(validationShare, of: others.count, leaving: 1)
    return Fold(
      train: others.dropFirst(count).sorted(), validation: others.prefix(count).sorted(), test: test.sorted())
  }

  /// A share of a count, at least 1 and leaving at least so many.
  private static func share(_ share: Double, of count: Int, leaving: Int) -> Int {
    max(1, min(count - leaving, Int((share * Double(count)).rounded())))
  }
}
