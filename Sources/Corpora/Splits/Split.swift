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
  ///   - groups: Who belongs together; a group stands in one part, so that parts may have a few people fewer.
  ///   - testShare: The share of all subjects to test on, at least one.
  ///   - validationShare: The share of the others to choose the model on, at least one.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` below three subjects.
  public static func holdOut(
    _ subjects: [Subject], groups: SubjectGroups = .none, testShare: Double, validationShare: Double, seed: UInt64
  ) throws -> Split {
    let units = try shuffle(subjects, groups, needed: 3, use: "a hold-out split", seed: seed)
    let test = drawn(testShare, of: units, leaving: 2)
    return Split(
      scheme: scheme("hold-out", units), seed: seed,
      folds: [fold(0, testing: test, of: units, groups, validationShare: validationShare, seed: seed)])
  }

  /// `folds` folds; every subject is tested on in exactly one.
  ///
  /// - Parameter groups: Who belongs together; each group joins the fold with the fewest test people so far.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` when there are fewer subjects than folds, or than three.
  public static func kFold(
    _ subjects: [Subject], groups: SubjectGroups = .none, folds count: Int, validationShare: Double, seed: UInt64
  ) throws -> Split {
    precondition(count >= 2, "at least two folds")
    let units = try shuffle(subjects, groups, needed: max(3, count), use: "\(count) folds", seed: seed)
    var tests = [[Subject]](repeating: [], count: count)
    for unit in units {
      let place = tests.indices.min { (tests[$0].count, $0) < (tests[$1].count, $1) } ?? 0
      tests[place] += unit
    }
    let folds = tests.enumerated().map { index, test in
      fold(index, testing: test, of: units, groups, validationShare: validationShare, seed: seed)
    }
    return Split(scheme: scheme("\(count)-fold", units), seed: seed, folds: folds)
  }

  /// As many folds as subjects, each tested on one, in order of subjects; of people who belong together, as many as groups.
  ///
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` below three subjects.
  public static func leaveOneSubjectOut(
    _ subjects: [Subject], groups: SubjectGroups = .none, validationShare: Double, seed: UInt64
  ) throws -> Split {
    let units = try shuffle(subjects, groups, needed: 3, use: "leaving one subject out", seed: seed)
    let folds = groups.units(of: subjects).enumerated().map { index, unit in
      fold(index, testing: unit, of: units, groups, validationShare: validationShare, seed: seed)
    }
    let scheme = areTogether(units) ? "leave-one-group-out" : "leave-one-subject-out"
    return Split(scheme: scheme, seed: seed, folds: folds)
  }

  /// One fold tested on given people, as published lists name them.
  ///
  /// - Parameter groups: Who belongs together; others of the groups of the test people are left out of all parts, and the scheme says so.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` when fewer than two others are left.
  public static func listed(
    _ subjects: [Subject], groups: SubjectGroups = .none, test: [Subject], validationShare: Double, seed: UInt64
  ) throws -> Split {
    let left = groups.company(of: test).subtracting(test).intersection(subjects)
    let units = try shuffle(
      subjects.filter { !left.contains($0) }, SubjectGroups.none, needed: 1 + test.count + 1,
      use: "the listed test subjects", seed: seed)
    let made = fold(0, testing: test, of: units, groups, validationShare: validationShare, seed: seed)
    let others = left.isEmpty ? "" : ", without \(left.count) others of the groups of those tested on"
    return Split(scheme: "listed" + others, seed: seed, folds: [made])
  }

  /// A division of those who are not tested on in a fold, to choose on: nobody of the fold's test people is in it.
  ///
  /// - Parameters:
  ///   - fold: The fold's number.
  ///   - groups: Who belongs together.
  ///   - count: How many folds there shall be inside it.
  /// - Throws: ``CorpusError/tooFewSubjects(found:needed:use:)`` where the fold has fewer people than that to train and choose on, or
  ///   than three.
  public func inside(
    _ fold: Int, groups: SubjectGroups = .none, folds count: Int, validationShare: Double
  ) throws -> Split {
    let people = folds[fold].train + folds[fold].validation
    let (found, needed) = (groups.units(of: people).count, max(3, count))
    guard found >= needed else {
      throw CorpusError.tooFewSubjects(
        found: found, needed: needed, use: "a search on \(count) folds inside a training part")
    }
    var inner = try Split.kFold(
      people, groups: groups, folds: count, validationShare: validationShare,
      seed: seed &+ 0x5ea4c4 &+ UInt64(fold))
    inner.scheme = "\(count)-fold inside fold \(fold)"
    return inner
  }

  /// Several divisions of different people as one, fold by fold.
  ///
  /// - Precondition: There are some, and all have as many folds.
  public init(together splits: [Split]) {
    precondition(Set(splits.map(\.folds.count)).count == 1, "as many folds in each division")
    self = splits[0]
    let schemes = splits.map(\.scheme).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    scheme = "\(schemes.joined(separator: " and ")) in each data set"
    folds = folds.indices.map { number in
      func all(_ part: Part) -> [Subject] { splits.flatMap { $0.folds[number].subjects(part) }.sorted() }
      return Fold(train: all(.train), validation: all(.validation), test: all(.test))
    }
  }

  private static func areTogether(_ units: [[Subject]]) -> Bool { units.contains { $0.count > 1 } }

  private static func scheme(_ name: String, _ units: [[Subject]]) -> String {
    areTogether(units) ? "\(name) by group" : name
  }

  /// Those who stay together, in an order of the seed's.
  private static func shuffle(
    _ subjects: [Subject], _ groups: SubjectGroups, needed: Int, use: String, seed: UInt64
  ) throws -> [[Subject]] {
    let units = groups.units(of: subjects)
    guard units.count >= needed else {
      throw CorpusError.tooFewSubjects(
        found: units.count, needed: needed,
        use: areTogether(units) ? "\(use), where people of one group count as one" : use)
    }
    var random = RandomSource(seed: seed, for: "split")
    return units.shuffled(using: &random)
  }

  /// The validation subjects are drawn for each fold anew from those who are not tested on.
  private static func fold(
    _ index: Int, testing test: [Subject], of all: [[Subject]], _ groups: SubjectGroups, validationShare: Double,
    seed: UInt64
  ) -> Fold {
    let tested = Set(test)
    var random = RandomSource(seed: seed, for: "validation of fold \(index)")
    let units = groups.units(of: all.joined().filter { !tested.contains($0) }).shuffled(using: &random)
    let validation = validationShare == 0 ? [] : drawn(validationShare, of: units, leaving: 1)
    let chosen = Set(validation)
    return Fold(
      train: units.joined().filter { !chosen.contains($0) }.sorted(), validation: validation.sorted(),
      test: test.sorted())
  }

  /// Units from the front, as many as their people come to a share of all: at least one, and leaving at least so many. One that is too
  /// large for what is wanted is passed over; where all are, the smallest is taken.
  private static func drawn(_ share: Double, of units: [[Subject]], leaving: Int) -> [Subject] {
    let people = units.reduce(0) { $0 + $1.count }
    let wanted = max(1, min(people - leaving, Int((share * Double(people)).rounded())))
    var (taken, count): ([Subject], Int) = ([], 0)
    for unit in units where taken.count + unit.count <= wanted && count < units.count - leaving {
      taken += unit
      count += 1
    }
    return taken.isEmpty ? units.min { $0.count < $1.count } ?? [] : taken
  }
}
