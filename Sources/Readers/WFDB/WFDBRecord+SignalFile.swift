import Foundation
import SleepCore

extension WFDBRecord: SignalFile {
  var channels: [StoredChannel] {
    signals.indices.map { index in
      StoredChannel(
        label: signals[index].name, unit: signals[index].unit, sampleRateHz: sampleRateHz(ofSignal: index))
    }
  }

  var start: LocalTime? { header.start }
  /// Annotations count frames, however many samples of a signal are in one.
  var tickRateHz: Double? { header.frameRateHz }
  var seconds: Double { Double(frameCount) / header.frameRateHz }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    try segments.runs(of: index, frameRateHz: header.frameRateHz).map { run in
      StoredStretch(
        timing: .regular(
          startSeconds: Double(run.frames.lowerBound) / header.frameRateHz, sampleRateHz: sampleRateHz(ofSignal: index)),
        samples: try segments.samples(ofSignal: index, in: run, times: factor))
    }
  }
}
