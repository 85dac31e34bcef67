import Foundation
import SleepCore

extension BrainVisionFile: SignalFile {
  var channels: [StoredChannel] {
    header.channels.map { channel in
      var limits: ClosedRange<Double>?
      if case .binary(let number, _) = header.storage, let stored = number.limits {
        // Half a step within the limits, so that a rounded value at one counts as there.
        let ends = [stored.lowerBound + 0.5, stored.upperBound - 0.5].map { $0 * channel.resolution }
        limits = min(ends[0], ends[1])...max(ends[0], ends[1])
      }
      return StoredChannel(
        label: channel.label, name: channel.name, unit: channel.unit, sampleRateHz: header.sampleRateHz, limits: limits)
    }
  }

  var seconds: Double { clock.seconds }

  var ownLabels: LabelFile? {
    guard let markerURL else { return nil }
    var labels = LabelFile(url: markerURL)
    labels.mayHoldOthers = true
    labels.isSignalFile = true
    labels.entries = markers.filter(\.mayBeStage).map { marker in
      LabelFile.Entry(
        onsetSeconds: clock.seconds(ofSample: marker.sample),
        durationSeconds: marker.length > 1 ? Double(marker.length) / header.sampleRateHz : nil, word: marker.text)
    }
    return labels
  }

  var lightsOffSeconds: Double? {
    markers.first { ["lightsoff", "lightsout", "lightoff", "lightout"].contains($0.text.lettersAndDigits) }
      .map { clock.seconds(ofSample: $0.sample) }
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    try StretchCut.stretches(clock.pieces.map(\.places), ticksPerSecond: header.sampleRateHz).map { range in
      let pieces = clock.pieces[range]
      let first = pieces[range.lowerBound].place
      let count = pieces[range.upperBound - 1].places.upperBound - first
      try RawFile.expectRoom(for: count, data.url)
      let samples = try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        try data.read(
          index, pieces, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]), times: factor)
        initialized = count
      }
      return StoredStretch(
        timing: .regular(startSeconds: Double(first) / header.sampleRateHz, sampleRateHz: header.sampleRateHz),
        samples: samples)
    }
  }
}

extension BrainVisionMarker {
  /// Whether its text may name a stage: not where it is a trigger, `S  2` or `R  1`, which reads like one.
  fileprivate var mayBeStage: Bool {
    guard type != "New Segment", type != "SyncStatus", !text.isEmpty else { return false }
    guard ["Stimulus", "Response"].contains(type) else { return true }
    return !text.dropFirst().allSatisfy { $0.isNumber || $0.isWhitespace }
  }
}
