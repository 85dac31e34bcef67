import Foundation
import SleepCore
import Synchronization

/// A file of arrays as any other container of signals: each array is a channel, or a few.
final class ArraySignalFile: SignalFile {
  let channels: [StoredChannel]
  let start: LocalTime?
  let seconds: Double
  let warnings: [String]
  /// Those of the array that a card names.
  let ownLabels: LabelFile?
  private let store: any ArrayStore
  /// Where each channel is.
  private let places: [Place]
  /// The values of the array that was read last, where it has several channels.
  private let last = Mutex<(array: Int, values: [Float])?>(nil)

  private struct Place {
    let array: Int
    let channel: Int
    let layout: ArrayLayout
    let rateHz: Double
  }

  var url: URL { store.url }

  /// - Parameters:
  ///   - rules: What a card says of such files.
  ///   - labels: What it says of labels; where it names an array of this file and no other file, its stages are this file's own.
  /// - Throws: ``ReadError`` where no array is a signal, and where nobody says how many samples a second there are.
  init(_ store: some ArrayStore, _ rules: SignalRules, _ labels: LabelRules?) throws {
    self.store = store
    let name = store.name
    let dataset = labels?.files == nil ? labels?.dataset.map(store.path) : nil
    let isHere = dataset.map(store.holds) ?? false
    let found = try ArrayChannels(store, rules, except: isHere ? dataset : nil)
    guard !found.arrays.isEmpty else { throw Self.nothing(found, store) }
    var (channels, places, taken) = ([StoredChannel](), [Place](), [String: Int]())
    for array in found.arrays {
      let path = store.arrays[array.index].path
      let labels = found.labels(of: array, store)
      for (channel, label) in labels.enumerated() {
        let count = taken[label, default: 0]
        taken[label] = count + 1
        channels.append(
          StoredChannel(
            label: label, name: count == 0 ? label : "\(label) (\(count + 1))",
            unit: Self.unit(store.facts.unit(of: path), rules), sampleRateHz: array.rateHz))
        places.append(Place(array: array.index, channel: channel, layout: array.layout, rateHz: array.rateHz))
      }
      guard channels.count <= RecordingLimits.mostChannels else {
        throw ReadError(
          store.url, found: "more than \(RecordingLimits.mostChannels) channels", expected: "those of one recording")
      }
    }
    self.channels = channels
    self.places = places
    seconds = places.map { Double($0.layout.samples) / $0.rateHz }.max() ?? 0
    let start = StoredStart(store.facts.start(of: found.arrays.first.map { store.arrays[$0.index].path } ?? ""))
    self.start = start.time
    ownLabels = try isHere ? labels.map { try LabelFile(store, $0) } : nil
    warnings = found.warnings.map { "\(name): \($0)" } + (start.warning.map { ["\(name): \($0)"] } ?? [])
  }

  private static func unit(_ stored: String, _ rules: SignalRules) -> String {
    stored.isEmpty ? rules.unit ?? "" : stored
  }

  private static func nothing(_ found: ArrayChannels, _ store: some ArrayStore) -> ReadError {
    guard !found.silent.isEmpty else {
      let what = found.warnings.first.map { ": \($0)" } ?? ""
      return ReadError(
        store.url, found: "no array of numbers that is a signal\(what)", expected: "signals in arrays of 1 to 3 axes")
    }
    return ReadError(
      store.url, found: "no sampling rate for \(found.silentWords)",
      expected:
        "a number beside it named fs or sampling_rate, or 'sample_rate_hz' among the card's files")
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    let place = places[index]
    let values = try values(ofArray: place.array, isShared: place.layout.channels > 1)
    let samples = place.layout.samples(ofChannel: place.channel, in: values, times: factor)
    if let at = samples.firstIndex(where: \.isInfinite) {
      throw ReadError(
        url, found: "an infinite number at sample \(at) of channel '\(printable(channels[index].name.utf8))'",
        expected: "finite numbers, and NaN where nothing was measured")
    }
    return [StoredStretch(timing: .regular(startSeconds: 0, sampleRateHz: place.rateHz), samples: samples)]
  }

  private func values(ofArray array: Int, isShared: Bool) throws -> [Float] {
    guard isShared else { return try store.floats(ofArray: array) }
    return try last.withLock { last in
      if let last, last.array == array { return last.values }
      last = nil
      let values = try store.floats(ofArray: array)
      last = (array, values)
      return values
    }
  }
}
