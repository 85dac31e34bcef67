import Corpora

/// What the first of the processes that prepare a corpus decided, for all.
struct PreparationPlan: Codable, Sendable {
  /// What it found.
  let stock: CorpusWriter.Stock
  /// The identifiers of the recordings that stay as they are; all others are made.
  let kept: Set<String>
  /// What is made again and why, a sentence each.
  let notes: [String]
}
