import Foundation
import SleepCore

/// What a label file says, before its words are understood.
struct LabelFile {
  /// One text with its time.
  struct Entry {
    /// From the file's own zero, or from the signal's where the file has none.
    let onsetSeconds: Double
    /// `nil` where the file gives none.
    let durationSeconds: Double?
    let word: String
  }

  /// Whose words these are, for messages.
  let url: URL
  var entries: [Entry] = []
  /// Whether texts of other kinds stand among the stages by right, as in EDF+.
  var mayHoldOthers = false
  /// Whether these are events of one channel or another: an artefact or a movement among them leaves no window unscored.
  var isEventList = false
  /// Whether these are a signal file's own annotations, which may be all about something else.
  var isSignalFile = false
  /// What bare numbers mean.
  var numbers = StageNumbers.unsaid
  /// Length of a scored window, where the format says so.
  var windowSeconds: Double?
  /// What the onsets count from.
  var zero = Zero.signal
  /// What was odd, a sentence each with the file's name.
  var warnings: [String] = []

  enum Zero {
    /// The signal's first sample.
    case signal
    /// The file's own start; its clock's reading is `nil` where its header holds a placeholder.
    case own(LocalTime?)
  }

  var name: String { url.lastPathComponent }
}

/// What the bare numbers of a label file mean.
enum StageNumbers {
  /// 0 to 4 are W, N1, N2, N3 and REM, as arrays of five classes have them.
  case fiveStages
  /// 0 is W, 1 to 4 are the stages of Rechtschaffen and Kales, 5 is REM, 6 movement, 9 unscored.
  case older
  /// Nobody says: the older ones, unless 4 may as well be REM.
  case unsaid
}

/// What a label file needs to know of the signal that it belongs to.
struct SignalClock {
  /// The signal file's name, for messages.
  let name: String
  /// What the clock said at the first sample; `nil` where the file does not say.
  let start: LocalTime?
  let seconds: Double
  let sampleRateHz: Double?
}

/// One format of label files. A further one is a file with such a value, and a case of ``LabelFormat``.
protocol LabelFileReader: Sendable {
  /// - Throws: ``ReadError`` naming the file and, in text, the line.
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile
}

extension LabelRules {
  /// How long a window lasts where rows say no times.
  var rowSeconds: Double { windowSeconds ?? 30 }
}
