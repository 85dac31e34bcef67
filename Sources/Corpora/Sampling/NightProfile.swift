import Foundation
public import SleepCore
import Synchronization

/// Plain quantities of each window of a night, each against the rest of the same night.
///
/// Of each channel of each sensor the mean, the logarithm of the deviation and that of the mean step between samples; of a map its
/// mean, deviation and change since the last one that was measured. Each as it is and smoothed over 4 and 20 windows, and the mean
/// also less what it is over 40. A map of a body has besides how much of all pressure lies on each of 8 strips along the bed and 4 across,
/// as it is: where someone lies is what a shifted map has lost. A sensor that shows the breath has besides, of the channel that swings most,
/// how fast, how evenly in time and how evenly in depth someone breathes, at each of the three scales. All have mean 0 and deviation 1 over the night's measured windows, and lie
/// within -4 and 4: how fast this heart beats for this person in this night tells of sleep, how fast it beats tells of the person. Gaps are
/// bridged by straight lines before smoothing.
public struct NightProfile: Sendable {
  /// Deviations of the smoothing, in windows; 0 is none.
  private static let scales: [Double] = [0, 4, 20]
  private static let broad = 40.0
  /// Strips of a map, along the bed and across.
  private static let strips = (rows: 8, columns: 4)

  /// Quantities of a window.
  public let width: Int
  /// Where the quantities of each sensor stand.
  public let columns: [Sensor: Range<Int>]
  /// `[windows, width]`.
  public let values: [Float]

  /// Reads one recording of a source, all its sensors. Where one sensor is enough, a sensor's quantities are against the windows that it
  /// measured itself, and zeros of one that the recording lacks.
  public init(_ source: WindowSource, recording: Int) throws {
    let count = source.store.recordings[recording].windows
    let together = source.valid(recording: recording).map { $0 != 0 }
    var standard: [[Double]] = []
    var places: [Sensor: Range<Int>] = [:]
    for sensor in source.sensors {
      let first = standard.count
      var valid = together
      if source.need == .any {
        let own = source.valid(recording: recording, sensor: sensor)
        valid = own?.map { $0 != 0 } ?? [Bool](repeating: false, count: count)
      }
      var columns: [[Double]] = []
      for (kind, one) in try Self.series(source, recording: recording, sensor, valid) {
        let bridged = Self.bridged(one, valid)
        guard kind != .place else {
          columns.append(bridged)
          continue
        }
        for scale in Self.scales { columns.append(Self.smoothed(bridged, scale)) }
        guard kind == .level else { continue }
        columns.append(zip(Self.smoothed(bridged, 4), Self.smoothed(bridged, Self.broad)).map { $0 - $1 })
      }
      standard += columns.map { Self.standardised($0, valid) }
      places[sensor] = first..<standard.count
    }
    width = standard.count
    columns = places
    values = (0..<count).flatMap { window in standard.map { Float($0[window]) } }
  }

  /// How many quantities windows of some contracts have.
  public static func width(_ contracts: [WindowContract]) -> Int {
    contracts.reduce(0) { $0 + channels($1) * channelWidth + placesOf($1) + breathsOf($1) * scales.count }
  }

  /// Where the quantities of a window itself stand among all: mean, deviation and step of each channel, as they are and not smoothed, and
  /// how the sleeper breathes, and where pressure lies.
  public static func ownColumns(_ contracts: [WindowContract]) -> [Int] {
    // Behind the mean's scales stands what it is less a broader mean.
    let own = [0, scales.count + 1, 2 * scales.count + 1]
    var (columns, start): ([Int], Int) = ([], 0)
    for contract in contracts {
      for _ in 0..<channels(contract) {
        columns += own.map { start + $0 }
        start += channelWidth
      }
      for _ in 0..<breathsOf(contract) {
        columns.append(start)
        start += scales.count
      }
      columns += start..<(start + placesOf(contract))
      start += placesOf(contract)
    }
    return columns
  }

  /// Quantities of one channel: three at each scale, and the mean against a broader one.
  private static var channelWidth: Int { 3 * scales.count + 1 }
  private static func channels(_ contract: WindowContract) -> Int { contract.sensor.isMap ? 1 : contract.shape[0] }
  private static func placesOf(_ contract: WindowContract) -> Int {
    contract.sensor.traits.showsBody ? strips.rows + strips.columns : 0
  }

  private static func breathsOf(_ contract: WindowContract) -> Int {
    contract.sensor.traits.showsBreath ? Breath.quantities : 0
  }

  /// What one number a window is.
  private enum Kind {
    /// A mean.
    case level
    case change
    /// A share of a map's pressure.
    case place
  }

  /// One number a window, of each kind: mean, deviation and step of each channel; of a sensor that shows the breath how it goes; and of a
  /// map of a body the shares of its strips.
  private static func series(
    _ source: WindowSource, recording: Int, _ sensor: Sensor, _ valid: [Bool]
  ) throws -> [(Kind, values: [Double])] {
    let contract = try source.contract(of: sensor)
    let count = source.store.recordings[recording].windows
    let (channels, samples) = (channels(contract), contract.sensor.isMap ? contract.mapSize : contract.mapShape.1)
    let kinds =
      (0..<channels).flatMap { _ in [Kind.level, .change, .change] }
      + [Kind](repeating: .change, count: breathsOf(contract))
      + [Kind](repeating: .place, count: placesOf(contract))
    if source.need == .any, source.valid(recording: recording, sensor: sensor) == nil {
      return kinds.map { ($0, [Double](repeating: 0, count: count)) }
    }
    var rows = [[Double]](repeating: [], count: kinds.count)
    var before: [Float] = []
    for start in stride(from: 0, to: count, by: 512) {
      let range = start..<min(start + 512, count)
      let values = try source.store.windows(recording: recording, sensor: sensor, range: range)
      for window in 0..<range.count {
        var swing = (deviation: -1.0, samples: values[..<0])
        for channel in 0..<channels {
          let first = window * contract.size + channel * samples
          let own = values[first..<(first + samples)]
          let (mean, deviation) = meanAndDeviation(own.lazy.map(Double.init))
          if deviation > swing.deviation { swing = (deviation, own) }
          let other = contract.sensor.isMap ? (before.isEmpty ? Array(own) : before) : Array(own.dropFirst())
          let step = zip(own, other).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(max(1, other.count))
          // Zeros stand where nothing was measured: coming back from there is no movement.
          if contract.sensor.isMap, valid[start + window] { before = Array(own) }
          for (index, value) in [mean, log(deviation + 0.02), log(step + 0.01)].enumerated() {
            rows[3 * channel + index].append(value.isFinite ? value : 0)
          }
          guard contract.sensor.traits.showsBody else { continue }
          for (index, share) in shares(own, contract.mapShape).enumerated() { rows[3 + index].append(share) }
        }
        guard contract.sensor.traits.showsBreath else { continue }
        for (index, value) in Breath.quantities(swing.samples, rate: contract.sampleRateHz ?? 0).enumerated() {
          rows[3 * channels + index].append(value.isFinite ? value : 0)
        }
      }
    }
    return zip(kinds, rows).map { ($0, values: $1) }
  }

  /// How much of a map's sum lies on each strip; 0 of a map without any.
  private static func shares(_ map: ArraySlice<Float>, _ shape: (Int, Int)) -> [Double] {
    var (along, across) = ([Double](repeating: 0, count: strips.rows), [Double](repeating: 0, count: strips.columns))
    var sum = 0.0
    for (place, value) in map.enumerated() where value.isFinite {
      along[place / shape.1 * strips.rows / shape.0] += Double(value)
      across[place % shape.1 * strips.columns / shape.1] += Double(value)
      sum += Double(value)
    }
    return (along + across).map { abs(sum) > 1e-9 ? $0 / sum : 0 }
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
    let (mean, deviation) = meanAndDeviation(known)
    guard deviation > 1e-6 else { return values.map { _ in 0 } }
    return values.map { min(4, max(-4, ($0 - mean) / deviation)) }
  }
}

/// The profiles of the nights of some sources, each made when it is first wanted.
public final class NightProfiles: Sendable {
  private let sources: [WindowSource]
  private let known = Mutex<[WindowReference: NightProfile]>([:])
  /// Nights that are kept; more are made anew.
  private static let most = 512

  public init(_ sources: [WindowSource]) { self.sources = sources }

  /// `[places, width]`; zeros for padding.
  public func callAsFunction(_ places: [WindowReference], width: Int) throws -> [Float] {
    try rows(places, width: width) { _ in 0..<width }
  }

  /// One sensor's quantities, `[places, width]`; zeros for padding.
  ///
  /// - Parameter width: As many as the sensor has.
  func callAsFunction(_ places: [WindowReference], of sensor: Sensor, width: Int) throws -> [Float] {
    try rows(places, width: width) { $0.columns[sensor] ?? 0..<width }
  }

  private func rows(
    _ places: [WindowReference], width: Int, _ columns: (NightProfile) -> Range<Int>
  ) throws -> [Float] {
    var result = [Float](repeating: 0, count: places.count * width)
    for (row, place) in places.enumerated() where place.window >= 0 {
      let profile = try profile(place)
      let start = place.window * profile.width + columns(profile).lowerBound
      result.replaceSubrange((row * width)..<((row + 1) * width), with: profile.values[start..<(start + width)])
    }
    return result
  }

  private func profile(_ place: WindowReference) throws -> NightProfile {
    let night = WindowReference(corpus: place.corpus, recording: place.recording, window: 0)
    return try known.withLock { known in
      if let kept = known[night] { return kept }
      if known.count >= Self.most { known = [:] }
      let profile = try NightProfile(sources[place.corpus], recording: place.recording)
      known[night] = profile
      return profile
    }
  }
}
