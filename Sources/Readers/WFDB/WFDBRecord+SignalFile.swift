import Foundation
import SleepCore

extension WFDBRecord: SignalFile {
  var channels: [StoredChannel] {
    header.signals.indices.map { index in
      StoredChannel(
        label: header.signals[index].name, unit: header.signals[index].unit, sampleRateHz: sampleRateHz(ofSignal: index)
      )
    }
  }

  var start: LocalTime? { header.start }
  var seconds: Double { Double(frameCount) / header.frameRateHz }
  var warnings: [String] { [] }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    let samples = samples(ofSignal: index)
    return [
      StoredStretch(
        timing: .regular(startSeconds: 0, sampleRateHz: sampleRateHz(ofSignal: index)),
        samples: factor == 1 ? samples : samples.map { $0 * Float(factor) })
    ]
  }
}
