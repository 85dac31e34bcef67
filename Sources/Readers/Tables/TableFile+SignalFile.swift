import Foundation
import SleepCore

/// A table as any other container.
struct TableSignalFile: SignalFile {
  let file: TableFile
  let channels: [StoredChannel]

  /// - Parameter labels: What a card says of labels: where no other file holds them, its column of stages may be one of this table's.
  /// - Throws: ``ReadError`` where it cannot be read, or a card's column is not there.
  init(_ url: URL, rules: TableRules, labels: LabelRules?) throws {
    let file = try TableFile(url, rules: rules, stage: labels?.files == nil ? labels?.stage : nil)
    self.file = file
    channels = file.channels.map { StoredChannel(label: $0.name, unit: $0.unit, sampleRateHz: file.sampleRateHz) }
  }

  var url: URL { file.url }
  var start: LocalTime? { file.start }
  var seconds: Double { file.seconds }
  var warnings: [String] { file.warnings }

  var ownLabels: LabelFile? {
    guard let stages = file.stages else { return nil }
    var labels = LabelFile(url: url)
    labels.entries = stages.map {
      LabelFile.Entry(onsetSeconds: $0.onsetSeconds, durationSeconds: $0.durationSeconds, word: $0.word)
    }
    return labels
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    file.stretches(ofChannel: index, times: factor).map { StoredStretch(timing: $0.timing, samples: $0.samples) }
  }
}
