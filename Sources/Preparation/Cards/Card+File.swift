public import Foundation
import Corpora
import Readers
import SleepCore
import YAML

extension Card {
  /// A card as it stands in its file.
  private struct File: Decodable {
    let name: String
    let title: String
    let citation: String
    let licence: String
    let url: String
    let notes: String?
    let dataset: String?
    let population: String?
    let reader: String?
    let labels: Labels?
    let subject: NamePattern?
    let windowSeconds: Double?
    let anchor: WindowAnchor?
    let fromSeconds: Double?
    let toSeconds: Double?
    let trimWakeMinutes: Double?
    let sensors: [Sensor: SensorPreprocessing]
  }

  /// `labels: stages`, or a mapping that says where they are and how they read, with `kind` among its keys.
  private struct Labels: Decodable {
    let kind: LabelKind?
    let rules: LabelRules?

    private enum CodingKeys: String, CodingKey { case kind }

    init(from decoder: any Decoder) throws {
      if let kind = try? decoder.singleValueContainer().decode(LabelKind.self) {
        self.kind = kind
        rules = nil
        return
      }
      kind = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(LabelKind.self, forKey: .kind) ?? .stages
      rules = try LabelRules(from: decoder)
    }
  }

  /// Reads `card.yaml`, strictly: a key that no card has is an error with its place and the nearest name.
  ///
  /// - Throws: ``YAML/YAMLError`` with line and column, ``PreparationError/badCard(path:found:expected:)`` for a number
  ///   that cannot be.
  public init(contentsOf url: URL) throws {
    let file = try YAMLDecoder().decode(File.self, from: YAML.load(contentsOf: url))
    self.init(
      name: file.name, title: file.title, citation: file.citation, licence: file.licence, url: file.url,
      notes: file.notes ?? "", dataset: file.dataset, population: file.population, reader: file.reader,
      labels: file.labels?.kind, rules: ReadingRules(subject: file.subject, labels: file.labels?.rules),
      preprocessing: Preprocessing(
        windowSeconds: file.windowSeconds, anchor: file.anchor, fromSeconds: file.fromSeconds,
        toSeconds: file.toSeconds, trimWakeMinutes: file.trimWakeMinutes, sensors: file.sensors))
    if let (found, expected) = preprocessing.problem {
      throw PreparationError.badCard(path: url.relativePath, found: found, expected: expected)
    }
  }

  /// Reads a data set's card by its name, or by the path of a file.
  ///
  /// - Parameter datasets: The folder with a folder a data set; found by ``DataFolder`` where `nil`.
  /// - Throws: ``PreparationError/unknownCard(_:known:)``, and as ``init(contentsOf:)``.
  public init(named name: String, in datasets: URL? = nil) throws {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/") {
      try self.init(contentsOf: URL(fileURLWithPath: name))
      return
    }
    let folder = try datasets ?? DataFolder.find("Datasets")
    let file = folder.appendingPathComponent("\(name)/card.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw PreparationError.unknownCard(name, known: Self.names(in: folder))
    }
    try self.init(contentsOf: file)
  }

  /// The data sets that a folder has cards of.
  public static func names(in datasets: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: datasets.path)) ?? []
    return names.filter {
      FileManager.default.fileExists(atPath: datasets.appendingPathComponent("\($0)/card.yaml").path)
    }.sorted()
  }
}

extension Preprocessing {
  /// A number that cannot be, in words.
  var problem: (found: String, expected: String)? {
    func positive(_ name: String, _ value: Double?) -> (String, String)? {
      guard let value, !(value > 0 && value.isFinite) else { return nil }
      return ("\(name): \(short(value))", "a number above 0")
    }
    if let found = positive("window_seconds", windowSeconds) { return found }
    if let minutes = trimWakeMinutes, !(minutes >= 0) { return ("trim_wake_minutes: \(short(minutes))", "0 or more") }
    if sensors.isEmpty { return ("no sensors", "at least one under 'sensors'") }
    for (sensor, settings) in sensors.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let prefix = "sensors.\(sensor.rawValue)."
      for (name, value) in [
        ("sample_rate_hz", settings.sampleRateHz), ("high_pass_hz", settings.highPassHz),
        ("low_pass_hz", settings.lowPassHz), ("maximum_gap_seconds", settings.maximumGapSeconds),
        ("local_deviation_seconds", settings.localDeviationSeconds), ("scale", settings.scale),
        ("clip", settings.clip), ("map.maximum", settings.map?.maximum), ("map.power", settings.map?.power),
      ] {
        if let (found, expected) = positive(name, value) { return (prefix + found, expected) }
      }
      if let share = settings.minimumRecorded, !(0...1).contains(share) {
        return ("\(prefix)minimum_recorded: \(short(share))", "a share from 0 to 1")
      }
      if let share = settings.maximumMissing, !(0..<1).contains(share) {
        return ("\(prefix)maximum_missing: \(short(share))", "a share from 0 to below 1")
      }
      if let context = settings.contextSeconds, !(context >= 0 && context.isFinite) {
        return ("\(prefix)context_seconds: \(short(context))", "0 or more")
      }
      if let low = settings.highPassHz, let high = settings.lowPassHz, low >= high {
        return ("\(prefix)high_pass_hz: \(short(low))", "less than low_pass_hz, \(short(high))")
      }
      if let order = settings.filterOrder, !(1...20).contains(order) {
        return ("\(prefix)filter_order: \(order)", "1 to 20")
      }
      if let size = settings.map?.size, size.count != 2 || size.contains(where: { $0 < 1 }) {
        return ("\(prefix)map.size: \(size)", "[rows, columns]")
      }
      for percentile in [settings.map?.baselinePercentile, settings.map?.peakPercentile] {
        if let percentile, !(0...100).contains(percentile) {
          return ("\(prefix)map: a percentile of \(short(percentile))", "0 to 100")
        }
      }
      if settings.map != nil, !sensor.isMap { return ("\(prefix)map", "it under a sensor of maps alone") }
      if let spectrogram = settings.spectrogram {
        if sensor != .spectrogram { return ("\(prefix)spectrogram", "it under the sensor spectrogram alone") }
        if spectrogram.from.isMap {
          return ("\(prefix)spectrogram.from: \(spectrogram.from.rawValue)", "a sensor whose windows are signals")
        }
        if spectrogram.frameSamples < 2 {
          return ("\(prefix)spectrogram.frame_samples: \(spectrogram.frameSamples)", "at least 2")
        }
        if let hop = spectrogram.hopSamples, !(1...spectrogram.frameSamples).contains(hop) {
          return ("\(prefix)spectrogram.hop_samples: \(hop)", "1 to frame_samples, \(spectrogram.frameSamples)")
        }
      }
      if let rate = settings.sampleRateHz, let windowSeconds {
        let samples = rate * windowSeconds
        if abs(samples - samples.rounded()) > 1e-4 || samples < 0.5 {
          return ("\(prefix)sample_rate_hz: \(short(rate))", "a whole number of samples in \(short(windowSeconds)) s")
        }
      }
    }
    return nil
  }
}
