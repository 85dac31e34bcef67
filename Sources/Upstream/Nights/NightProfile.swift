public import Corpora
import Foundation
public import SleepCore

/// Plain quantities of each window of a night, each against the rest of the same night.
///
/// Of each channel of each sensor the mean, the logarithm of the deviation and that of the mean step between samples; of a map its
/// mean, deviation and change since the last one that was measured. Each as it is and smoothed over 4 and 20 windows, and the mean
/// also less what it is over 40. All have mean 0 and deviation 1 over the night's measured windows, and lie within -4 and 4: how fast
/// this heart beats for this person in this night tells of sleep, how fast it beats tells of the person. Gaps are bridged by straight
/// lines before smoothing.
public struct NightProfile: Sendable {
  /// Deviations of the smoothing, in windows; 0 is none.
  private static let scales: [Double] = [0, 4, 20]
  private static let broad = 40.0

  /// Quantities of a window.
  public let width: Int
  /// `[windows, width]`.
  public let values: [Float]

  /// Reads one recording of a source, all its sensors. Where one sensor is enough, a sensor's quantities are against the windows that it
  /// measured itself, and zeros of one that the recording lacks.
  public init(_ source: WindowSource, recording: Int) throws {
    let count = source.store.recordings[recording].windows
    let together = source.valid(recording: recording).map { $0 != 0 }
    var standard: [[Double]] = []
    for sensor in source.sensors {
      var valid = together
      if source.need == .any {
        let own = source.valid(recording: recording, sensor: sensor)
        valid = own?.map { $0 != 0 } ?? [Bool](repeating: false, count: count)
      }
      var columns: [[Double]] = []
      for (level, one) in try Self.series(source, recording: recording, sensor, valid) {
        let bridged = Self.bridged(one, valid)
        for scale in Self.scales { columns.append(Self.smoothed(bridged, scale)) }
        guard level else { continue }
        columns.append(zip(Self.smoothed(bridged, 4), Self.smoothed(bridged, Self.broad)).map { $0 - $1 })
      }
      standard += columns.map { Self.standardised($0, valid) }
    }
    width = standard.count
    values = (0..<count).flatMap { window in standard.map { Float($0[window]) } }
  }

  /// How many quantities windows of some contracts have.
  public static func width(_ contracts: [WindowContract]) -> Int {
    contracts.reduce(0) { $0 + ($1.sensor.isMap ? 1 : $1.shape[0]) * (3 * scales.count + 1) }
  }

  /// Where the quantities of a window itself stand among all: mean, deviation and step of each channel, as they are and not smoothed.
  public static func ownColumns(_ contracts: [WindowContract]) -> [Int] {
    // Behind the mean's scales stands what it is less a broader mean.
    let own = [0, scales.count + 1, 2 * scales.count + 1]
    return stride(from: 0, to: width(contracts), by: 3 * scales.count + 1).flatMap { first in own.map { first + $0 } }
  }

  /// Mean, deviation and step of each channel, one a window; `isLevel` marks the means.
  private static func series(
    _ source: WindowSource, recording: Int, _ sensor: Sensor, _ valid: [Bool]
  ) throws -> [(isLevel: Bool, values: [Double])] {
    let contract = try source.contract(of: sensor)
    let count = source.store.recordings[recording].windows
    let (channels, samples) = contract.sensor.isMap ? (1, contract.mapSize) : contract.mapShape
    if source.need == .any, source.valid(recording: recording, sensor: sensor) == nil {
      return (0..<channels).flatMap { _ in
        (0..<3).map { (isLevel: $0 == 0, values: [Double](repeating: 0, count: count)) }
      }
    }
    var rows = [[[Double]]](repeating: [[], [], []], count: channels)
    var before: [Float] = []
    for start in stride(from: 0, to: count, by: 512) {
      let range = start..<min(start + 512, count)
      let values = try source.store.windows(recording: recording, sensor: sensor, range: range)
      for window in 0..<range.count {
        for channel in 0..<channels {
          let first = window * contract.size + channel * samples
          let own = values[first..<(first + samples)]
          let mean = own.reduce(0.0) { $0 + Double($1) } / Double(samples)
          let variance = own.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(samples)
          let other = contract.sensor.isMap ? (before.isEmpty ? Array(own) : before) : Array(own.dropFirst())
          let step = zip(own, other).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(max(1, other.count))
          // Zeros stand where nothing was measured: coming back from there is no movement.
          if contract.sensor.isMap, valid[start + window] { before = Array(own) }
          for (index, value) in [mean, log(variance.squareRoot() + 0.02), log(step + 0.01)].enumerated() {
            rows[channel][index].append(value.isFinite ? value : 0)
          }
        }
      }
    }
    return rows.flatMap { channel in channel.enumerated().map { (isLevel: $0.offset == 0, values: $0.element) } }
  }

  /// Straight lines over what was not measured.
  static func bridged(_ values: [Double], _ valid: [Bool]) -> [Double] {
    let known = valid.indices.filter { valid[$0] }
    guard let first = known.first, let last = known.last else { return values.map { _ in 0 } }
    var result = values
    for index in 0..<first { result[index] = values[first] }
    for index in (last + 1)..<max(last + 1, values.count) { result[index] = values[last] }
    for (left, right) in zip(known, known.dropFirst()) where right > left + 1 {
      for index in (left + 1)..<right {
        let share = Double(index - left) / Double(right - left)
        result[index] = values[left] + share * (values[right] - values[left])
      }
    }
    return result
  }

  /// Means under a Gaussian; the ends go on as they are.
  static func smoothed(_ values: [Double], _ deviation: Double) -> [Double] {
    guard deviation > 0, values.count > 1 else { return values }
    let reach = Int((4 * deviation).rounded(.up))
    let kernel = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let sum = kernel.reduce(0, +)
    return values.indices.map { window in
      var result = 0.0
      for (offset, weight) in kernel.enumerated() {
        result += weight * values[min(max(window + offset - reach, 0), values.count - 1)]
      }
      return result / sum
    }
  }

  private static func standardised(_ values: [Double], _ valid: [Bool]) -> [Double] {
    let known = values.indices.filter { valid[$0] }.map { values[$0] }
    guard !known.isEmpty else { return values.map { _ in 0 } }
    let mean = known.reduce(0, +) / Double(known.count)
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
    guard deviation > 1e-6 else { return values.map { _ in 0 } }
    return values.map { min(4, max(-4, ($0 - mean) / deviation)) }
  }
}

/// The profiles of the nights that pretraining reads, each made when it is first wanted.
public final class NightProfiles {
  private let sources: [WindowSource]
  private var known: [WindowReference: NightProfile] = [:]
  /// Nights that are kept; more are made anew.
  private static let most = 512

  public init(_ sources: [WindowSource]) { self.sources = sources }

  /// `[places, width]`; zeros for padding.
  public func callAsFunction(_ places: [WindowReference], width: Int) throws -> [Float] {
    var result = [Float](repeating: 0, count: places.count * width)
    for (row, place) in places.enumerated() where place.window >= 0 {
      let night = WindowReference(corpus: place.corpus, recording: place.recording, window: 0)
      let profile: NightProfile
      if let kept = known[night] {
        profile = kept
      } else {
        if known.count >= Self.most { known = [:] }
        profile = try NightProfile(sources[place.corpus], recording: place.recording)
        known[night] = profile
      }
      let start = place.window * width
      result.replaceSubrange((row * width)..<((row + 1) * width), with: profile.values[start..<(start + width)])
    }
    return result
  }
}
