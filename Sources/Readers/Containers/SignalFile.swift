import Foundation
import SleepCore

/// A file of signals, opened: its header says what it holds, and samples are read channel by channel.
///
/// What a file is written in and what was measured are independent: any container may hold any sensor. A new container is one file with such
/// a value and a case of ``SignalFormat``.
protocol SignalFile: Sendable {
  var url: URL { get }
  /// In the order of the file.
  var channels: [StoredChannel] { get }
  /// What its clock said at 0 s; `nil` where the file does not say.
  var start: LocalTime? { get }
  /// From 0 s to the end of its last sample, gaps counted.
  var seconds: Double { get }
  /// What was odd and how it was read, a sentence each with the file's name.
  var warnings: [String] { get }
  /// Stages among its own annotations; `nil` where the format has none.
  var ownLabels: LabelFile? { get }
  /// When the lights went off, from 0 s, where the file says so.
  var lightsOffSeconds: Double? { get }
  /// Ticks a second of label files that count its samples; those of its first channel, unless it says otherwise.
  var tickRateHz: Double? { get }

  /// The samples of one channel in its own unit, in order of time; a gap that is long begins a new stretch, a missing sample is NaN.
  ///
  /// - Parameter factor: Multiplies every sample, to change the unit.
  /// - Precondition: The channel exists.
  /// - Throws: ``ReadError`` where the file is damaged or has become shorter.
  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch]
}

extension SignalFile {
  var ownLabels: LabelFile? { nil }
  var lightsOffSeconds: Double? { nil }
  var tickRateHz: Double? { channels.first?.sampleRateHz }

  /// What label files need to know of it.
  ///
  /// - Parameter told: Its start where a table of recordings says it; it wins over the file's.
  func clock(told: LocalTime? = nil) -> SignalClock {
    SignalClock(
      name: url.lastPathComponent, start: told ?? start, seconds: seconds,
      sampleRateHz: tickRateHz.flatMap { $0 > 0 ? $0 : nil })
  }
}

/// One channel of a signal file, as its header describes it.
struct StoredChannel: Hashable, Sendable {
  /// As the file has it, which names in a card are compared with.
  let label: String
  /// The label, made unique in the file.
  let name: String
  /// The physical unit as the file names it; empty where it names none.
  let unit: String
  /// `nil` where each sample has a time of its own.
  let sampleRateHz: Double?
  /// The values at the limits of what the recorder could store; `nil` where nobody says.
  let limits: ClosedRange<Double>?

  init(
    label: String, name: String? = nil, unit: String = "", sampleRateHz: Double?, limits: ClosedRange<Double>? = nil
  ) {
    self.label = label
    self.name = name ?? label
    self.unit = unit
    self.sampleRateHz = sampleRateHz
    self.limits = limits
  }
}

/// Samples of a channel without a long gap in their clock.
struct StoredStretch: Sendable {
  /// From the file's 0 s.
  let timing: Timing
  let samples: [Float]
}
