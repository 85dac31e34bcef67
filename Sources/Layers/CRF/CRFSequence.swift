import Dispatch

/// One sequence of a batch, at least one window long.
struct CRFSequence {
  let length: Int
  /// `[length, classes]`.
  let emissions: UnsafePointer<Double>
  /// `[length]`, -1 where the window is open.
  let tags: UnsafePointer<Int32>?

  /// The same with every window open.
  var withoutTags: CRFSequence { CRFSequence(length: length, emissions: emissions, tags: nil) }
}

extension CRFBatch {
  /// Multiply-adds from which a batch's sequences are worth several threads.
  private static let threadedWork = 400_000

  /// Calls `body` once for each sequence that is not empty, concurrently where the batch is large.
  func forEachSequence(_ body: @Sendable (Int, CRFSequence) -> Void) {
    emissions.withUnsafeBufferPointer { emissions in
      (tags ?? []).withUnsafeBufferPointer { tags in
        nonisolated(unsafe) let (emissions, tags) = (emissions, tags)
        @Sendable func visit(_ index: Int) {
          guard lengths[index] > 0, let emissions = emissions.baseAddress else { return }
          body(
            index,
            CRFSequence(
              length: lengths[index], emissions: emissions + index * length * classes,
              tags: self.tags == nil ? nil : tags.baseAddress.map { $0 + index * length }))
        }
        if batch > 1, batch * length * classes * classes >= Self.threadedWork {
          DispatchQueue.concurrentPerform(iterations: batch, execute: visit)
        } else {
          for index in 0..<batch { visit(index) }
        }
      }
    }
  }
}
