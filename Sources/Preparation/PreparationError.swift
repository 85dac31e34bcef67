public import Foundation
import Corpora
public import SleepCore

/// Why a card, or the preparation of a recording, was refused.
public enum PreparationError: Error, Equatable {
  case absentChannel(path: String, name: String, present: [String], nearest: String?)
  case unknownUnit(path: String, channel: String, found: String, expected: String)
  /// Windows that are counted on the clock, of a recording whose clock nobody knows.
  case noClock(path: String)
  case nothingToPrepare(path: String, sensors: [Sensor])
  /// A time of day that is to be found in a recording whose clock nobody knows.
  case noClockToCrop(path: String)
  case emptyStretch(path: String, from: Double, to: Double, measured: ClosedRange<Double>)
  /// Nights of which none was measured for an hour.
  case noNight(path: String, from: Double, to: Double, measured: ClosedRange<Double>)
  case tooLong(path: String, days: Double)
  /// More values than the recording's samples can be worth.
  case tooManyValues(path: String, sensor: Sensor, values: Double, samples: Int)
  case noRate(path: String, sensor: Sensor)
  /// Samples that have a time each, of which a transform was asked for.
  case noFixedRate(path: String, sensor: Sensor, resampling: String)
  /// Channels that a card makes one of, but that have no common times or unit.
  case otherTimings(path: String, channels: [String])
  /// More channels than the one that a spectrogram is made of.
  case severalChannels(path: String, channels: [String])
  case unpreparable(path: String, reason: String)
  case unknownCard(String, known: [String])
  case noDataFolder(name: String)
  case noReader(dataset: String, known: [String])
  /// Subjects that are one by all but case or zeros.
  case oneSubject(path: String, names: [String])
  /// A recording without pressure maps, of which nights were to be composed.
  case noMapsToCompose(recording: String)
  /// Maps that were taken one by one, of which no posture was held.
  case noFrameRate(recording: String)
  /// Maps of one person that are no frames of one mat.
  case otherFrames(recording: String, found: String, expected: String, first: String)
  case tooFewPostures(subject: String, found: Int, minimumFrames: Int)
  /// No recording has one of the names that nights are composed of.
  case nothingToCompose(path: String, prefixes: [String])
  /// No recording has one of the names that the card is of.
  case noSuchRecordings(path: String, prefixes: [String])
  /// A recording that another process could not prepare, in the words of its error.
  case failedElsewhere(String)
  case cancelled(done: Int, of: Int)
}

extension PreparationError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .absentChannel(let path, let name, let present, let nearest):
      "\(path): found no channel '\(name)', expected it; the channels here are \(list(present))"
        + (nearest.map { ", the nearest is '\($0)'" } ?? "")
    case .unknownUnit(let path, let channel, let found, let expected):
      "\(path): found the unit '\(found)' in channel '\(channel)', expected one that converts to '\(expected)'"
    case .noClock(let path):
      "\(path): found no start time, expected one for 'anchor: clock': give it in a table of recordings, or 'anchor: zero' in the card"
    case .nothingToPrepare(let path, let sensors):
      "\(path): found none of \(list(sensors.map(\.rawValue))), expected at least one with a whole window"
    case .noClockToCrop(let path):
      "\(path): found no start time, expected one to find a time of day by: give seconds instead, or the start in a table of recordings (--recordings)"
    case .emptyStretch(let path, let from, let to, let measured):
      "\(path): found nothing measured from \(short(from.rounded())) to \(short(to.rounded())) s, expected a part of \(short(measured.lowerBound.rounded())) to \(short(measured.upperBound.rounded())) s"
    case .noNight(let path, let from, let to, let measured):
      "\(path): found no night of which an hour was measured, the first from \(short(from.rounded())) to \(short(to.rounded())) s, expected one within \(short(measured.lowerBound.rounded())) to \(short(measured.upperBound.rounded())) s"
    case .tooLong(let path, let days):
      "\(path): found \(days < 1e6 ? String(Int(days)) : "a million or more") days from the first to the last sample, expected at most 90"
    case .tooManyValues(let path, let sensor, let values, let samples):
      "\(path): found \(short(values)) values in the windows of \(sensor.rawValue), made of \(samples) samples, expected at most \(short(WindowRoom.most(samples: samples))): lower 'sample_rate_hz', 'context_seconds' or 'size' in the card, or look for times that are wrong"
    case .noRate(let path, let sensor):
      "\(path): found \(sensor.rawValue) without one fixed rate, expected 'sample_rate_hz' in the card"
    case .noFixedRate(let path, let sensor, let resampling):
      "\(path): found \(sensor.rawValue) with a time for each sample, expected one fixed rate for 'resampling: \(resampling)': leave the key out in the card, or say 'window-lines'"
    case .otherTimings(let path, let channels):
      "\(path): found \(list(channels)) at different times or in different units, expected one timing and unit to combine them"
    case .severalChannels(let path, let channels):
      "\(path): found \(list(channels)), expected one channel to make a spectrogram of: pick one, or 'combine: magnitude' in the card"
    case .unpreparable(let path, let reason):
      "\(path): \(reason)"
    case .unknownCard(let name, let known):
      "found the data set '\(name)', expected one of \(list(known)), or the path of a card.yaml"
    case .noDataFolder(let name):
      "found no folder '\(name)' beside the program or above the current folder; set SSRM_HOME to the folder that holds it"
    case .noReader(let dataset, let known):
      "found the reader '\(dataset)', expected one of \(list(known))"
    case .oneSubject(let path, let names):
      "\(path): found the subjects \(list(names)), expected one spelling of a person, or names that differ by more than case and zeros: say it in a table of recordings (--recordings)"
    case .noMapsToCompose(let recording):
      "\(recording): found no pressure maps, expected them to compose nights of"
    case .noFrameRate(let recording):
      "\(recording): found single maps without a rate, expected frames of postures that were held: leave it out by 'compose.recordings' in the card"
    case .otherFrames(let recording, let found, let expected, let first):
      "\(recording): found maps of \(found), expected \(expected), as in \(first) of the same person: choose one of both by 'compose.recordings' in the card"
    case .tooFewPostures(let subject, let found, let minimumFrames):
      "\(subject): found \(found == 1 ? "1 posture" : "\(found) postures") of at least \(minimumFrames) frames, expected 2 or more to compose a night of: lower 'compose.minimum_frames' in the card, or leave the person out"
    case .nothingToCompose(let path, let prefixes):
      "\(path): found no recording whose name begins with \(list(prefixes.map { "'\($0)'" })), expected one that 'compose.recordings' of the card names"
    case .noSuchRecordings(let path, let prefixes):
      "\(path): found no recording whose name begins with \(list(prefixes.map { "'\($0)'" })), expected one that 'recordings' of the card names"
    case .failedElsewhere(let words):
      words
    case .cancelled(let done, let of):
      "interrupted after \(done) of \(of) recordings; run the same command again to go on"
    }
  }
}
