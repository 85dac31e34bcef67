public import SleepCore

/// The labels of one recording beside what was predicted for it.
public struct ScoredRecording: Sendable {
  /// The recording's id.
  public let recording: String
  /// Whose recording it is.
  public let subject: Subject
  /// Class indices, one a window; -1 is unscored.
  public let truth: [Int8]
  /// Class indices, one a window; -1 where nothing was predicted.
  public let predicted: [Int8]

  /// One label and one prediction a window.
  public init(recording: String, subject: Subject, truth: [Int8], predicted: [Int8]) {
    self.recording = recording
    self.subject = subject
    self.truth = truth
    self.predicted = predicted
  }
}

/// A value with its 95 % interval; either is `nil` where it is not defined.
public struct Estimate: Codable, Hashable, Sendable {
  /// The estimate itself.
  public let value: Double?
  /// Of 95 %.
  public let interval: Interval?

  /// Either is `nil` where it is not defined.
  public init(value: Double?, interval: Interval?) {
    self.value = value
    self.interval = interval
  }
}

/// Everything that one evaluation says: over all windows, by class, by subject, and of the nights where the labels are stages.
public struct ClassificationReport: Codable, Hashable, Sendable {
  /// One class over all windows.
  public struct ClassScores: Codable, Hashable, Sendable {
    /// As the label scheme names it.
    public let name: String
    /// True windows.
    public let support: Int
    /// 0 where the class was never predicted.
    public let precision: Double
    /// 0 where the class has no windows.
    public let recall: Double
    /// 0 where the class is neither true nor predicted.
    public let f1: Double
  }

  /// One subject, all recordings together.
  public struct SubjectScores: Codable, Hashable, Sendable {
    /// The person.
    public let subject: Subject
    /// Of the person's windows.
    public let confusion: ConfusionMatrix
    /// Those that are defined.
    public let scores: [Score: Double]
  }

  /// All windows that some of a model's sensors measured, as it sees them with these alone.
  public struct SubsetScores: Codable, Hashable, Sendable {
    /// `heart-rate + activity`.
    public let sensors: String
    /// Scored windows that at least one of the sensors measured.
    public let windows: Int
    /// People with such a window.
    public let subjects: Int
    /// Over all windows together; intervals by bootstrap over subjects.
    public let scores: [Score: Estimate]

    /// - Parameter report: Of the model with these sensors alone.
    public init(_ sensors: String, _ report: ClassificationReport) {
      self.sensors = sensors
      windows = report.confusion.total
      subjects = report.subjects.count { $0.confusion.total > 0 }
      scores = report.pooled
    }
  }

  /// The name of the label scheme.
  public let scheme: String
  /// Of all windows together.
  public let confusion: ConfusionMatrix
  /// In the order of the label scheme.
  public let classes: [ClassScores]
  /// Over all windows together; intervals by bootstrap over subjects.
  public let pooled: [Score: Estimate]
  /// Means of the subjects' own scores; intervals by bootstrap over subjects.
  public let subjectMeans: [Score: Estimate]
  /// In the order of their names.
  public let subjects: [SubjectScores]
  /// Empty where the labels are not stages.
  public let nights: [NightReport]
  /// A score of the nights, each taken by itself; empty where the labels are not stages.
  public let nightScores: [Score: NightScore]
  /// Predicted less true; empty where the labels are not stages.
  public let sleepErrors: [SleepMeasure: SleepErrorSummary]
  /// The same model with all its sensors, and with some of them alone; `nil` of a model that takes no window without all of them.
  public var subsets: [SubsetScores]? = nil
  /// The shortcuts of its evaluation, in words; `nil` of an honest one.
  public var shortcuts: [String]? = nil

  /// - Parameters:
  ///   - windowSeconds: Length of a window, for the measures of the night; `nil` leaves them out.
  ///   - draws: Of the bootstrap.
  ///   - seed: Of the bootstrap.
  /// - Throws: ``MetricsError`` where a recording has not one prediction a label or a label is of no class.
  public init(
    scheme: LabelScheme, windowSeconds: Double? = 30, recordings: [ScoredRecording], draws: Int = 2000, seed: UInt64 = 0
  ) throws {
    let classCount = scheme.classes.count
    func sum(_ matrices: some Sequence<ConfusionMatrix>) -> ConfusionMatrix {
      matrices.reduce(into: ConfusionMatrix(classCount: classCount), +=)
    }
    let bySubject = try Dictionary(grouping: recordings, by: \.subject).sorted { $0.key < $1.key }
      .map { subject, recordings in
        let matrices = try recordings.map {
          try ConfusionMatrix(classCount: classCount, truth: $0.truth, predicted: $0.predicted)
        }
        return (subject: subject, matrix: sum(matrices))
      }
    let confusion = sum(bySubject.map(\.matrix))
    let subjects = bySubject.map { subject, matrix in
      let scores = Score.allCases.compactMap { score in score(matrix).map { (score, $0) } }
      return SubjectScores(subject: subject, confusion: matrix, scores: Dictionary(uniqueKeysWithValues: scores))
    }

    var random = RandomSource(seed: seed, for: "bootstrap")
    func subjectMean(_ score: Score, _ drawn: some Sequence<Int>) -> Double? {
      mean(drawn.compactMap { subjects[$0].scores[score] })
    }
    let intervals = Interval.bootstrap(count: subjects.count, draws: draws, using: &random) { drawn in
      let matrix = sum(drawn.lazy.map { bySubject[$0].matrix })
      return Score.allCases.map { $0(matrix) } + Score.allCases.map { subjectMean($0, drawn) }
    }
    func estimates(_ intervals: ArraySlice<Interval?>, _ value: (Score) -> Double?) -> [Score: Estimate] {
      let pairs = zip(Score.allCases, intervals).map { ($0, Estimate(value: value($0), interval: $1)) }
      return Dictionary(uniqueKeysWithValues: pairs)
    }
    let scoreCount = Score.allCases.count

    self.scheme = scheme.name
    self.confusion = confusion
    self.subjects = subjects
    pooled = estimates(intervals.prefix(scoreCount)) { $0(confusion) }
    subjectMeans = estimates(intervals.suffix(scoreCount)) { subjectMean($0, subjects.indices) }
    let (support, precision, recall, f1) = (confusion.support, confusion.precision, confusion.recall, confusion.f1)
    classes = scheme.classes.enumerated().map { index, name in
      ClassScores(
        name: name, support: support[index], precision: precision[index], recall: recall[index], f1: f1[index])
    }
    nights = try Self.nights(of: recordings, scheme: scheme, windowSeconds: windowSeconds)
    nightScores =
      nights.isEmpty
      ? [:] : [.accuracy: NightScore(nights.map(\.accuracy)), .kappa: NightScore(nights.map(\.kappa))]
    sleepErrors = Self.summaries(of: nights, draws: draws, seed: seed)
  }

  private static func nights(of recordings: [ScoredRecording], scheme: LabelScheme, windowSeconds: Double?) throws
    -> [NightReport]
  {
    guard let windowSeconds, scheme.kind == .stages else { return [] }
    return try recordings.map { night in
      func measures(_ labels: [Int8]) -> SleepMeasures {
        SleepMeasures(labels: labels, scheme: scheme, windowSeconds: windowSeconds)
      }
      let matrix = try ConfusionMatrix(
        classCount: scheme.classes.count, truth: night.truth, predicted: night.predicted)
      return NightReport(
        recording: night.recording, subject: night.subject, truth: measures(night.truth),
        predicted: measures(night.predicted),
        errors: try SleepMeasureErrors(
          truth: night.truth, predicted: night.predicted, scheme: scheme, windowSeconds: windowSeconds),
        accuracy: matrix.accuracy, kappa: matrix.kappa)
    }
  }

  private static func summaries(of nights: [NightReport], draws: Int, seed: UInt64) -> [SleepMeasure: SleepErrorSummary]
  {
    var summaries: [SleepMeasure: SleepErrorSummary] = [:]
    for measure in SleepMeasure.allCases where !nights.isEmpty {
      let scored = nights.compactMap { night in measure(night.errors).map { (subject: night.subject, error: $0) } }
      let groups = Dictionary(grouping: scored, by: \.subject).sorted { $0.key < $1.key }.map { $0.value.map(\.error) }
      // A source for each measure, so that a new one does not move the others' intervals.
      var random = RandomSource(seed: seed, for: "bootstrap \(measure.rawValue)")
      let interval = Interval.bootstrap(count: groups.count, draws: draws, using: &random) { drawn in
        [mean(drawn.flatMap { groups[$0] })]
      }
      summaries[measure] = SleepErrorSummary(
        nights: scored.count, bias: Estimate(value: mean(scored.map(\.error)), interval: interval[0]),
        meanAbsoluteError: mean(scored.map { abs($0.error) }))
    }
    return summaries
  }
}
