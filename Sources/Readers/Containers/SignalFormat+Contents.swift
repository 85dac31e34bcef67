package import Foundation
package import SleepCore

/// All that a signal file holds, read at once.
package struct SignalFileContents: Sendable {
  /// One channel with all of its samples.
  package struct Content: Sendable {
    package let channel: Channel
    package let sampleRateHz: Double?
    /// In order of time; each from the file's 0 s.
    package let stretches: [(timing: Timing, samples: [Float])]
  }

  package let channels: [Content]
  package let start: LocalTime?
  package let seconds: Double
  package let warnings: [String]
}

extension SignalFormat {
  /// The format that a file's name tells; `nil` where it tells none.
  package static func named(by url: URL) -> SignalFormat? { SignalFormat(of: url) }

  /// Opens a file and reads every channel in the file's own unit.
  ///
  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  package func contents(of url: URL, rules: SignalRules = SignalRules()) throws -> SignalFileContents {
    let file = try open(url, rules: rules)
    return SignalFileContents(
      channels: try file.channels.enumerated().map { index, channel in
        .init(
          channel: Channel(name: channel.name, unit: channel.unit), sampleRateHz: channel.sampleRateHz,
          stretches: try file.stretches(ofChannel: index, times: 1).map { ($0.timing, $0.samples) })
      },
      start: file.start, seconds: file.seconds, warnings: file.warnings)
  }
}
