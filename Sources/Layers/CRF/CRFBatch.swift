/// Sequences of unequal length as a linear chain sees them: a score for each class of each window, and the tags
/// where there are any.
///
/// Everything is checked here, so that the kernel's functions cannot fail. Scores are held in double precision.
public struct CRFBatch: Sendable {
  public let batch: Int
  public let length: Int
  public let classes: Int
  /// `[batch, length, classes]`.
  let emissions: [Double]
  /// `[batch, length]`, -1 where the window is unscored; `nil` when no window has a tag.
  let tags: [Int32]?
  /// Valid windows of each sequence, `[batch]`.
  public let lengths: [Int]

  /// How many windows have a tag, within the sequences' lengths.
  public var knownTags: Int { tags?.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) } ?? 0 }

  /// A batch of single-precision emissions.
  ///
  /// - Parameters:
  ///   - emissions: `[batch, length, classes]`, row-major, finite.
  ///   - tags: `[batch, length]`; -1 is unscored, which leaves the window's class open. Not read beyond a sequence's length.
  ///   - lengths: Valid windows of each sequence, the first ones; `nil` when all are.
  /// - Throws: ``CRFError`` for a wrong count, a tag outside the classes, a length outside `0...length`.
  public init(
    emissions: UnsafeBufferPointer<Float>, tags: UnsafeBufferPointer<Int64>? = nil,
    lengths: [Int]? = nil, shape: (batch: Int, length: Int, classes: Int)
  ) throws(CRFError) {
    let scores = [Double](unsafeUninitializedCapacity: emissions.count) { buffer, count in
      for index in 0..<emissions.count { buffer[index] = Double(emissions[index]) }
      count = emissions.count
    }
    try self.init(scores: scores, tags: tags, lengths: lengths, shape: shape)
  }

  /// A batch of double-precision emissions.
  public init(
    emissions: UnsafeBufferPointer<Double>, tags: UnsafeBufferPointer<Int64>? = nil,
    lengths: [Int]? = nil, shape: (batch: Int, length: Int, classes: Int)
  ) throws(CRFError) {
    try self.init(scores: Array(emissions), tags: tags, lengths: lengths, shape: shape)
  }

  private init(
    scores: [Double], tags: UnsafeBufferPointer<Int64>?, lengths: [Int]?,
    shape: (batch: Int, length: Int, classes: Int)
  ) throws(CRFError) {
    let (batch, length, classes) = shape
    guard scores.count == batch * length * classes else {
      throw .count(array: "emissions", found: scores.count, shape: [batch, length, classes])
    }
    let lengths = lengths ?? Array(repeating: length, count: batch)
    guard lengths.count == batch else {
      throw .count(array: "lengths", found: lengths.count, shape: [batch])
    }
    for (sequence, count) in lengths.enumerated() where count < 0 || count > length {
      throw .length(count, sequence: sequence, maximum: length)
    }
    self.batch = batch
    self.length = length
    self.classes = classes
    emissions = scores
    self.lengths = lengths
    self.tags = try tags.map { tags throws(CRFError) in
      guard tags.count == batch * length else {
        throw .count(array: "tags", found: tags.count, shape: [batch, length])
      }
      var checked = [Int32](repeating: -1, count: tags.count)
      for sequence in 0..<batch {
        for window in 0..<lengths[sequence] {
          let tag = tags[sequence * length + window]
          guard tag >= -1, tag < classes else {
            throw .tag(Int(tag), sequence: sequence, window: window, classes: classes)
          }
          checked[sequence * length + window] = Int32(tag)
        }
      }
      return checked
    }
  }

  /// The lengths that a mask of valid windows stands for.
  ///
  /// - Parameter mask: `[batch, length]`, in each sequence true first and then false, as pytorch-crf takes it.
  /// - Throws: ``CRFError`` when a sequence has a valid window after an invalid one.
  public static func lengths(
    mask: UnsafeBufferPointer<Bool>, batch: Int, length: Int
  ) throws(CRFError) -> [Int] {
    guard mask.count == batch * length else {
      throw .count(array: "mask", found: mask.count, shape: [batch, length])
    }
    var lengths: [Int] = []
    for sequence in 0..<batch {
      var count = 0
      for window in 0..<length where mask[sequence * length + window] {
        guard window == count else { throw .mask(sequence: sequence, window: window) }
        count += 1
      }
      lengths.append(count)
    }
    return lengths
  }
}
