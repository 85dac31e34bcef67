import SleepCore

/// When each sample of a BrainVision file was taken: its segments, and what the clock said where each began.
struct BrainVisionClock: Sendable {
  /// Samples that follow each other at once.
  struct Piece: Sendable {
    /// Where they are stored.
    let samples: Range<Int>
    /// Where they stand on the clock, in samples from the first.
    let place: Int

    var places: Range<Int> { place..<place + samples.count }
  }

  /// In order of time, without overlaps.
  let pieces: [Piece]
  let sampleRateHz: Double
  /// What the clock said at the first sample; `nil` where nobody says.
  let start: LocalTime?
  let warnings: [String]

  /// - Parameter name: The marker file's, for messages.
  init(_ markers: [BrainVisionMarker], sampleCount: Int, sampleRateHz rate: Double, name: String) {
    var times: [Int: LocalTime] = [:]
    var begins: Set = [0]
    for marker in markers where marker.type == "New Segment" && (0..<sampleCount).contains(marker.sample) {
      begins.insert(marker.sample)
      if times[marker.sample] == nil { times[marker.sample] = marker.time }
    }
    let firsts = begins.sorted()
    let start = times.min { $0.key < $1.key }.map { $0.value.adding(seconds: -Double($0.key) / rate) }
    self.start = start
    var pieces: [Piece] = []
    var (undated, early, gaps) = (0, 0, 0)
    var (missing, earliest) = (0.0, 0.0)
    for (first, next) in zip(firsts, firsts.dropFirst() + [sampleCount]) where first < next {
      let end = pieces.last?.places.upperBound ?? 0
      var place = end
      if first > 0 {
        if let start, let time = times[first], abs(time.seconds(since: start)) <= RecordingLimits.farthestSeconds {
          let told = Int((time.seconds(since: start) * rate).rounded())
          // A rounding of one sample is no gap.
          if told - end > 1 {
            place = told
            gaps += 1
            missing += Double(told - end) / rate
          } else if end - told > 1 {
            early += 1
            earliest = max(earliest, Double(end - told) / rate)
          }
        } else {
          undated += 1
        }
      }
      pieces.append(Piece(samples: first..<next, place: place))
    }
    func rounded(_ seconds: Double) -> String { plain((seconds * 1000).rounded() / 1000) }
    var warnings: [String] = []
    if gaps > 0 {
      warnings.append(
        "\(name): \(gaps) \(gaps == 1 ? "gap" : "gaps") between its segments, \(rounded(missing)) s together")
    }
    if undated > 0 {
      warnings.append(
        "\(name): \(undated) \(undated == 1 ? "segment says" : "segments say") no time: taken to follow at once")
    }
    if early > 0 {
      warnings.append(
        "\(name): \(early) \(early == 1 ? "segment begins" : "segments begin") before the one before has ended, by up to "
          + "\(rounded(earliest)) s: taken to follow at once")
    }
    self.pieces = pieces
    self.warnings = warnings
    sampleRateHz = rate
  }

  /// From the first sample to the end of the last.
  var seconds: Double { Double(pieces.last?.places.upperBound ?? 0) / sampleRateHz }

  /// When a sample was taken, from the first; one outside the file is as far from its end.
  func seconds(ofSample sample: Int) -> Double {
    // The last piece that begins at or before it.
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].samples.lowerBound <= sample { low = middle + 1 } else { high = middle }
    }
    guard !pieces.isEmpty else { return Double(sample) / sampleRateHz }
    let piece = pieces[max(0, low - 1)]
    return Double(piece.place + sample - piece.samples.lowerBound) / sampleRateHz
  }
}
