/// Where each sample of each channel is in an array in row-major order.
struct ArrayLayout: Hashable, Sendable {
  /// What each axis runs over.
  let axes: [ArrayAxis]
  let shape: [Int]

  /// More channels than a montage has: a second axis that is longer is taken for channels only where the card says so.
  static let mostGuessedChannels = 256

  /// Of a vector, also of one that is written as a matrix, there is nothing to tell; of a matrix the longer side is samples; of three axes
  /// the first is windows and the longer one of the others samples.
  ///
  /// - Parameters:
  ///   - said: What a card says; it counts for arrays of so many axes.
  /// - Returns: `nil` where the array has more than three axes, or too many channels to be taken for such.
  init?(_ shape: [Int], said: [ArrayAxis]?) {
    self.shape = shape
    if let said, said.count == shape.count {
      axes = said
    } else {
      switch shape.count {
      case 1: axes = [.samples]
      case 2: axes = shape[1] >= shape[0] ? [.channels, .samples] : [.samples, .channels]
      case 3: axes = [.windows] + (shape[2] >= shape[1] ? [.channels, .samples] : [.samples, .channels])
      default: return nil
      }
      guard channels <= Self.mostGuessedChannels else { return nil }
    }
    guard channels <= RecordingLimits.mostChannels else { return nil }
  }

  var channels: Int { length(.channels) }
  /// Samples of one channel, those of all windows.
  var samples: Int { length(.samples) * length(.windows) }
  /// Whether nothing had to be chosen.
  var isVector: Bool { shape.count { $0 > 1 } <= 1 && shape.count < 3 }

  private func length(_ axis: ArrayAxis) -> Int { axes.firstIndex(of: axis).map { shape[$0] } ?? 1 }

  private func step(_ axis: ArrayAxis) -> Int {
    axes.firstIndex(of: axis).map { shape[($0 + 1)...].reduce(1, *) } ?? 0
  }

  /// The samples of one channel in order of time.
  ///
  /// - Precondition: There are as many values as the shape says, and the channel exists.
  func samples(ofChannel channel: Int, in values: [Float], times factor: Double) -> [Float] {
    let (windowStep, sampleStep) = (step(.windows), step(.samples))
    let (windows, perWindow) = (length(.windows), length(.samples))
    let scale = Float(factor)
    return [Float](unsafeUninitializedCapacity: windows * perWindow) { buffer, initialized in
      var at = 0
      for window in 0..<windows {
        var place = channel * step(.channels) + window * windowStep
        for _ in 0..<perWindow {
          buffer[at] = values[place] * scale
          (at, place) = (at + 1, place + sampleStep)
        }
      }
      initialized = at
    }
  }

  /// `[windows, samples]`.
  var words: String { "[\(axes.map(\.rawValue).joined(separator: ", "))]" }
}
