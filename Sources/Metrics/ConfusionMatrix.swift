/// How often each class was predicted for each true class. Matrices of the same classes add up.
public struct ConfusionMatrix: Hashable, Sendable {
  /// Rows, and columns.
  public let classCount: Int
  /// `[true class, predicted class]`, row-major.
  private var counts: [Int]

  /// No windows yet.
  public init(classCount: Int) {
    precondition(classCount > 0, "a matrix has classes")
    self.classCount = classCount
    counts = Array(repeating: 0, count: classCount * classCount)
  }

  /// Counts windows; those whose true or predicted label is -1 are left out.
  ///
  /// - Throws: ``MetricsError`` where the lengths differ or a label is of no class.
  public init(classCount: Int, truth: [Int8], predicted: [Int8]) throws {
    guard truth.count == predicted.count else {
      throw MetricsError.unequalLengths(truth: truth.count, predicted: predicted.count)
    }
    self.init(classCount: classCount)
    func isLabel(_ label: Int8) -> Bool { label >= -1 && label < classCount }
    for (index, (actual, guess)) in zip(truth, predicted).enumerated() {
      let unknown = isLabel(actual) ? (isLabel(guess) ? nil : guess) : actual
      if let unknown { throw MetricsError.labelOutOfRange(label: Int(unknown), index: index, classes: classCount) }
      if actual >= 0, guess >= 0 { counts[Int(actual) * classCount + Int(guess)] += 1 }
    }
  }

  /// - Precondition: The rows are as many and as long as there are classes.
  public init(rows: [[Int]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "a matrix is square")
    self.init(classCount: rows.count)
    counts = rows.flatMap { $0 }
  }

  /// Windows of one true and one predicted class.
  public subscript(actual: Int, predicted: Int) -> Int { counts[actual * classCount + predicted] }

  /// One a true class.
  public var rows: [[Int]] {
    (0..<classCount).map { Array(counts[($0 * classCount)..<(($0 + 1) * classCount)]) }
  }

  /// Windows that were counted.
  public var total: Int { counts.reduce(0, +) }

  /// - Precondition: Both are of the same classes.
  public static func += (left: inout Self, right: Self) {
    precondition(left.classCount == right.classCount, "matrices of the same classes add up")
    for index in left.counts.indices { left.counts[index] += right.counts[index] }
  }

  /// - Precondition: Both are of the same classes.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum += right
    return sum
  }
}

extension ConfusionMatrix: Codable {
  /// Numbers of windows that a file may say: far more than anyone has, and few enough to add up.
  package static let counts = 0...1 << 40

  /// - Throws: `DecodingError` where the rows are not a square of counts.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let rows = try container.decode([[Int]].self)
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == rows.count && $0.allSatisfy(Self.counts.contains) })
    else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a square matrix of counts")
    }
    self.init(rows: rows)
  }

  /// As rows, one a true class.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rows)
  }
}
