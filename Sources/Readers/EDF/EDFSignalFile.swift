import Foundation
import SleepCore

/// An EDF or BDF file as any other container.
struct EDFSignalFile: SignalFile {
  let file: EDFFile
  let own: EDFAnnotations
  let channels: [StoredChannel]

  /// - Throws: ``ReadError`` when the file is no EDF or BDF file, or a damaged one.
  init(_ url: URL) throws {
    let file = try EDFFile(url)
    self.file = file
    own = try file.annotations()
    channels = file.channels.map { channel in
      // Half a step within the limits, so that a rounded value at one counts as there.
      let ends = [channel.digitalMinimum, channel.digitalMaximum].map { $0 * channel.scale + channel.offset }
      let margin = abs(channel.scale) / 2
      let (low, high) = (min(ends[0], ends[1]) + margin, max(ends[0], ends[1]) - margin)
      return StoredChannel(
        label: channel.label, name: channel.name, unit: channel.unit, sampleRateHz: channel.sampleRateHz,
        limits: low <= high ? low...high : nil)
    }
  }

  var url: URL { file.url }
  var start: LocalTime? { file.start(own) }
  var seconds: Double { file.clockSeconds }
  var warnings: [String] { file.warnings + own.warnings }
  var ownLabels: LabelFile? { LabelFile(own, of: file) }
  var lightsOffSeconds: Double? { own.lightsOffSeconds }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    let channel = file.channels[index]
    guard channel.sampleRateHz > 0, channel.sampleRateHz.isFinite else {
      throw ReadError(
        url,
        found:
          "\(channel.samplesPerRecord) samples in records of \(file.header.recordSeconds) s in channel '\(channel.name)'",
        expected: "a sampling rate above 0")
    }
    return try file.segments.map { segment in
      StoredStretch(
        timing: .regular(startSeconds: segment.startSeconds, sampleRateHz: channel.sampleRateHz),
        samples: try file.samples(ofChannel: index, in: segment, times: factor))
    }
  }
}
