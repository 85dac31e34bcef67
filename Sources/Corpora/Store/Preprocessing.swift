import Files
import Foundation
public import SleepCore

/// Everything that decides the numbers of a corpus, and nothing else: two corpora of one data set with equal
/// preprocessing hold equal windows.
public struct Preprocessing: Codable, Hashable, Sendable, Ranged {
  /// Length of a scored window; `nil` where every frame is a window.
  public var windowSeconds: Double?
  /// From where windows are counted; the recording's zero where not given.
  public var anchor: WindowAnchor?
  /// Windows before so many seconds from the recording's zero are left out.
  public var fromSeconds: Double?
  /// Windows after so many seconds from the recording's zero are left out.
  public var toSeconds: Double?
  /// Trains and scores on so many minutes of wake on each side of sleep, and leaves the labels beyond unscored; `nil` scores all. It
  /// changes no window.
  public var trimWakeMinutes: Double?
  /// What wake is trimmed around: sleep where not given.
  public var trimWakeAround: TrimmedAround?
  /// Makes nights of a person's own maps, in which postures recur, instead of keeping recordings as they are; `nil` keeps them.
  public var compose: NightComposition?
  /// How each sensor's signal becomes windows.
  public var sensors: [Sensor: SensorPreprocessing]

  /// The sensors that must be read from the files: a spectrogram's is the one that it is made of.
  public var sources: Set<Sensor> { Set(sensors.map { $1.spectrogram?.from ?? $0 }) }

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .windowSeconds: .number(0.01...3600),
      .fromSeconds: .number(-7_776_000...7_776_000),
      .toSeconds: .number(-7_776_000...7_776_000),
      .trimWakeMinutes: .number(0...10_080),
    ])

  public init(
    windowSeconds: Double? = 30, anchor: WindowAnchor? = nil, fromSeconds: Double? = nil, toSeconds: Double? = nil,
    trimWakeMinutes: Double? = nil, trimWakeAround: TrimmedAround? = nil, compose: NightComposition? = nil,
    sensors: [Sensor: SensorPreprocessing]
  ) {
    self.compose = compose
    self.windowSeconds = windowSeconds
    self.anchor = anchor
    self.fromSeconds = fromSeconds
    self.toSeconds = toSeconds
    self.trimWakeMinutes = trimWakeMinutes
    self.trimWakeAround = trimWakeAround
    self.sensors = sensors
  }

  /// The 64-bit FNV-1a hash of this value as JSON with sorted keys: `fnv1a64:` and 16 hexadecimal digits.
  public var hash: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Plain strings and finite numbers, which always encode; a card's numbers are checked when it is read.
    let json = (try? encoder.encode(self)) ?? Data()
    var hash = ContentHash()
    json.withUnsafeBytes { hash.combine($0) }
    return hash.text
  }
}

/// From where the windows of a recording are counted, whoever scored it or did not.
public enum WindowAnchor: String, Codable, CaseIterable, Sendable {
  /// The recording's zero, as its publisher counts: the first sample of an EDF file, the start of the polysomnogram.
  case zero
  /// The first sample of any sensor that is prepared.
  case firstSample = "first-sample"
  /// Whole multiples of a window's length on the clock.
  case clock
}

/// From and to which window sleep is taken to last where wake beside it is trimmed.
public enum TrimmedAround: String, Codable, CaseIterable, Sendable {
  /// The first and the last window that is scored as sleep.
  case sleep
  /// The first and the last window for which the scoring has something else than wake: movement and `?` too.
  case notWake = "not-wake"
}

extension Preprocessing {
  /// Every setting that changes the numbers in a sensor's windows, by its key in a card. Labels, trimming, where
  /// windows are counted from and the names that files give a channel change none.
  package func preparation(of sensor: Sensor) throws -> [String: String] {
    var settings = sensors[sensor] ?? SensorPreprocessing()
    (settings.channels, settings.optional, settings.onRequest) = (nil, nil, nil)
    let own = Preprocessing(windowSeconds: windowSeconds, sensors: [:])
    return try Flattened(own).values.merging(Flattened(settings).values) { $1 }
  }

  /// The leaves of a value by the path of their keys, in `snake_case`.
  private struct Flattened {
    private(set) var values: [String: String] = [:]

    init(_ value: some Encodable) throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      add(try JSONDecoder().decode(Leaf.self, from: encoder.encode(value)), "")
    }

    private mutating func add(_ leaf: Leaf, _ key: String) {
      switch leaf {
      case .value(let text): values[key] = text
      case .list(let items):
        values[key] = items.map { if case .value(let text) = $0 { text } else { "" } }.joined(separator: " x ")
      case .parts(let parts): for (name, part) in parts { add(part, key.isEmpty ? name : "\(key).\(name)") }
      }
    }

    private enum Leaf: Decodable {
      case value(String)
      case list([Leaf])
      case parts([String: Leaf])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
          self = .value("\(flag)")
        } else if let number = try? container.decode(Double.self) {
          self = .value(short(number))
        } else if let text = try? container.decode(String.self) {
          self = .value(text)
        } else if let items = try? container.decode([Leaf].self) {
          self = .list(items)
        } else {
          self = .parts(try container.decode([String: Leaf].self))
        }
      }
    }
  }
}

/// How one sensor's signal becomes windows, in the order in which the steps are taken.
public struct SensorPreprocessing: Codable, Hashable, Sendable, Ranged {
  /// Whether a recording without one of the channels goes without the sensor, which is told, instead of being refused.
  public var optional: Bool?
  /// Whether the sensor is prepared only where it is asked for by its name, `--sensors psg`; `nil` is false.
  public var onRequest: Bool?
  /// The channels to keep, in this order; `nil` keeps all as they are.
  public var channels: [ChannelChoice]?
  /// The unit to convert to: a voltage, an acceleration (`g`, `mg`, `m/s2`), a temperature (`degC`, `K`, `F`), a pressure, a fraction (`%`), a
  /// rate (`Hz`, `bpm`) or an angular velocity; `nil` leaves the file's.
  public var unit: String?
  /// Whether a channel whose unit is none of that family stays as the file has it, instead of being refused: MNE's reading, with `unit: V`.
  public var unitWhereKnown: Bool?
  /// `[low, high]` in that unit: what lies outside was not measured, as a saturation of 0 where the probe was off, and is missing before anything
  /// is made of it. How many samples those are is told of each recording.
  public var valid: [Double]?
  /// Makes one channel of all that were selected; they must have one timing.
  public var combine: ChannelCombination?
  /// Takes the derivative in time, at the times of the file's own samples: `true` by central differences, `backward` by the difference from
  /// the sample before.
  public var differentiate: Differentiation?
  /// Takes what a signal at a fixed rate has before its first and behind its last whole window away, before anything is filtered or resampled.
  public var wholeWindows: Bool?
  /// Butterworth edges, applied forwards and backwards at the file's own rate. Both make a band-pass.
  public var highPassHz: Double?
  public var lowPassHz: Double?
  /// Order of the Butterworth filter, 4 where not given.
  public var filterOrder: Int?
  /// Rate within a window; the signal is resampled to it.
  public var sampleRateHz: Double?
  /// How a signal comes to that rate: where not given by `polyphase`, and on straight lines where each sample has a time of its own.
  public var resampling: Resampling?
  /// Takes the median of so many samples around each, at the windows' rate, of zeros beyond the ends; an odd number.
  public var medianSamples: Int?
  /// A gap in an irregular signal up to so long is bridged by a straight line; a longer one is missing.
  public var maximumGapSeconds: Double?
  /// A window that misses at most this share of its samples is completed by interpolation; otherwise it is not valid.
  public var maximumMissing: Double?
  /// An accelerometer that lay still for longer than so many minutes was not worn: what it measured then is missing.
  public var nonWearMinutes: Double?
  /// A window is valid only where the file has at least this share of the samples that the rate asks for, wherever they
  /// lie in it.
  public var minimumRecorded: Double?
  /// Seconds of signal added before and after each window.
  public var contextSeconds: Double?
  /// Adds a channel: the logarithm of the signal's standard deviation over so many seconds around each sample.
  public var localDeviationSeconds: Double?
  /// Applied to each sample before normalisation.
  public var transform: SampleTransform?
  /// Fitted on each channel of each recording alone, or of each window.
  public var normalisation: Normalisation?
  /// Whether all channels are divided by one spread, the mean of theirs, so that angles between them stay (radar's I and Q).
  public var sharedSpread: Bool?
  /// Divides every value, after normalisation.
  public var scale: Double?
  /// Clips every value to -clip...clip, last of all.
  public var clip: Double?
  /// Whether a window without variance is a measurement (an arm that rests), not a fault.
  public var allowFlat: Bool?
  /// How a pressure map becomes a window.
  public var map: MapPreprocessing?
  /// How windows of another sensor, all steps above taken, become spectrograms.
  public var spectrogram: SpectrogramPreprocessing?

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .valid: .number(-1e9...1e9).list(2...2),
      .highPassHz: .number(0.0001...10_000),
      .lowPassHz: .number(0.0001...10_000),
      .filterOrder: .whole(1...20),
      .sampleRateHz: .number(0.0001...10_000),
      .medianSamples: .whole(1...10_001),
      .maximumGapSeconds: .number(above: 0, to: 86_400),
      .maximumMissing: .number(0..<1),
      .nonWearMinutes: .number(10...1440),
      .minimumRecorded: .number(0...1),
      .contextSeconds: .number(0...3600),
      .localDeviationSeconds: .number(above: 0, to: 86_400),
      .scale: .number(above: 0, to: 1_000_000_000),
      .clip: .number(above: 0, to: 1_000_000_000),
    ])

  public var conflict: Misfit? {
    if let channels, let misfit = Self.misfit(channels) { return misfit }
    if let misfit = validConflict(valid) { return misfit }
    if let medianSamples, medianSamples % 2 == 0 {
      return Misfit("median_samples", is: "\(medianSamples)", expected: "an odd number, with a sample in the middle")
    }
    if unitWhereKnown == true, unit == nil {
      return Misfit("unit_where_known", is: "there", expected: "'unit' beside it")
    }
    if sharedSpread == true, normalisation == .window {
      return Misfit(
        "shared_spread", with: ["normalisation"], is: "true", expected: "it of a whole recording: not of 'window'")
    }
    if let misfit = resamplingConflict { return misfit }
    guard let highPassHz, let lowPassHz, highPassHz >= lowPassHz else { return nil }
    return Misfit(
      "high_pass_hz", with: ["low_pass_hz"], is: short(highPassHz),
      expected: "less than 'low_pass_hz', \(short(lowPassHz))")
  }

  /// What cannot be where each window is made for itself.
  private var resamplingConflict: Misfit? {
    guard let resampling, resampling != .polyphase else { return nil }
    if sampleRateHz == nil {
      return Misfit("resampling", is: "'\(resampling.rawValue)'", expected: "'sample_rate_hz' beside it")
    }
    if resampling == .windowFourier, let contextSeconds, contextSeconds > 0 {
      return Misfit(
        "context_seconds", with: ["resampling"], is: short(contextSeconds),
        expected: "none where 'resampling' is 'window-fourier'")
    }
    guard resampling == .windowLines else { return nil }
    let ofSignals: [(String, Bool)] = [
      ("high_pass_hz", highPassHz != nil), ("low_pass_hz", lowPassHz != nil), ("median_samples", medianSamples != nil),
      ("non_wear_minutes", nonWearMinutes != nil), ("local_deviation_seconds", localDeviationSeconds != nil),
      ("transform", transform != nil), ("normalisation", ![nil, Normalisation.none, .window].contains(normalisation)),
    ]
    guard let key = ofSignals.first(where: \.1)?.0 else { return nil }
    return Misfit(
      key, with: ["resampling"], is: "there",
      expected: "it where windows are cut from one signal: not with 'resampling: window-lines'")
  }

  private static func misfit(_ channels: [ChannelChoice]) -> Misfit? {
    if channels.isEmpty { return Misfit("channels", is: "empty", expected: "at least one channel, or none of the key") }
    let names = channels.map(\.name)
    if names.contains("") { return Misfit("channels", is: "a channel without a name", expected: "a name for each") }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      return Misfit("channels", is: "'\(twice)' twice", expected: "a name for each")
    }
    if let empty = channels.first(where: { $0.from?.isEmpty == true }) {
      return Misfit(
        "channels", is: "'\(empty.name)' from no name", expected: "the names that files give it, or no 'from'")
    }
    return nil
  }

  public init(
    channels: [ChannelChoice]? = nil, unit: String? = nil, unitWhereKnown: Bool? = nil, valid: [Double]? = nil,
    combine: ChannelCombination? = nil,
    differentiate: Differentiation? = nil, wholeWindows: Bool? = nil, highPassHz: Double? = nil,
    lowPassHz: Double? = nil,
    filterOrder: Int? = nil, sampleRateHz: Double? = nil, resampling: Resampling? = nil, medianSamples: Int? = nil,
    maximumGapSeconds: Double? = nil,
    maximumMissing: Double? = nil, nonWearMinutes: Double? = nil, minimumRecorded: Double? = nil,
    contextSeconds: Double? = nil,
    localDeviationSeconds: Double? = nil,
    transform: SampleTransform? = nil, normalisation: Normalisation? = nil, sharedSpread: Bool? = nil,
    scale: Double? = nil,
    clip: Double? = nil, allowFlat: Bool? = nil, map: MapPreprocessing? = nil,
    spectrogram: SpectrogramPreprocessing? = nil
  ) {
    self.channels = channels
    self.unit = unit
    self.unitWhereKnown = unitWhereKnown
    self.valid = valid
    self.combine = combine
    self.differentiate = differentiate
    self.wholeWindows = wholeWindows
    self.resampling = resampling
    self.medianSamples = medianSamples
    self.nonWearMinutes = nonWearMinutes
    self.minimumRecorded = minimumRecorded
    self.spectrogram = spectrogram
    self.highPassHz = highPassHz
    self.lowPassHz = lowPassHz
    self.filterOrder = filterOrder
    self.sampleRateHz = sampleRateHz
    self.maximumGapSeconds = maximumGapSeconds
    self.maximumMissing = maximumMissing
    self.contextSeconds = contextSeconds
    self.localDeviationSeconds = localDeviationSeconds
    self.transform = transform
    self.normalisation = normalisation
    self.sharedSpread = sharedSpread
    self.scale = scale
    self.clip = clip
    self.allowFlat = allowFlat
    self.map = map
  }
}

/// One channel of a corpus and the names that files give it.
public struct ChannelChoice: Codable, Hashable, Sendable, Ranged {
  /// The name in the corpus.
  public var name: String
  /// The names to look for, the first found wins; case, spaces and punctuation do not matter. `nil` is `name` alone.
  public var from: [String]?
  /// Multiplies the file's values: -1 turns a channel over, 0.001 makes thousandths of them. Default: 1.
  public var scale: Double?
  /// The unit that the values then have, where the file names none or another.
  public var unit: String?
  /// `[low, high]` of this channel, in place of the sensor's `valid`.
  public var valid: [Double]?

  public static let ranges = NumberRanges(
    CodingKeys.self, [.scale: .number(-1e9...1e9), .valid: .number(-1e9...1e9).list(2...2)])

  public var conflict: Misfit? {
    if scale == 0 { return Misfit("scale", is: "0", expected: "another number: 0 leaves nothing of a channel") }
    return validConflict(valid)
  }

  public init(
    _ name: String, from: [String]? = nil, scale: Double? = nil, unit: String? = nil, valid: [Double]? = nil
  ) {
    self.valid = valid
    self.name = name
    self.from = from
    self.scale = scale
    self.unit = unit
  }
}

/// What is wrong with the least and the greatest value that a sample may have.
private func validConflict(_ valid: [Double]?) -> Misfit? {
  guard let valid, valid.count == 2, valid[0] >= valid[1] else { return nil }
  return Misfit(
    "valid", is: "[\(short(valid[0])), \(short(valid[1]))]", expected: "the least value, then one that is greater")
}

/// How several channels become one.
public enum ChannelCombination: String, Codable, CaseIterable, Sendable {
  /// The length of their vector, which does not depend on how the device is turned.
  case magnitude
}

/// How the derivative in time is taken.
public enum Differentiation: String, Codable, CaseIterable, Sendable {
  /// None is.
  case no = "false"
  /// Central differences, weighted by both steps, as `numpy.gradient`.
  case central = "true"
  /// The difference from the sample before, over the time between them, at the later one's time; the first sample has none.
  case backward

  /// Reads `true` and `false`, as they are and as text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = flag ? .central : .no
      return
    }
    let word = try container.decode(String.self)
    guard let value = Differentiation(rawValue: word) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(word)' is no derivative")
    }
    self = value
  }

  /// `true` and `false` stay what they were before there was another: the hash of a preparation goes by it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .no: try container.encode(false)
    case .central: try container.encode(true)
    case .backward: try container.encode(rawValue)
    }
  }
}

/// How a signal comes to another rate.
public enum Resampling: String, Codable, CaseIterable, Sendable {
  /// By a low pass of finite length, as `scipy.signal.resample_poly`.
  case polyphase
  /// By Fourier transform of the whole signal, as `scipy.signal.resample`.
  case fourier
  /// The same of each window's own samples.
  case windowFourier = "window-fourier"
  /// On straight lines between the samples that lie in the window and its context, each window for itself: the first and last of them are held
  /// to the ends, and a gap of any length is bridged, as by `numpy.interp`.
  case windowLines = "window-lines"
}

/// A pointwise transform.
public enum SampleTransform: String, Codable, CaseIterable, Sendable {
  /// `log(1 + x)`, for counts.
  case log1p
}

/// How a channel is put on a common scale, with statistics of its own recording or window alone.
public enum Normalisation: String, Codable, CaseIterable, Sendable {
  case none
  /// Less the median, divided by the interquartile range; where the quartiles coincide, as `plain`.
  case robust
  /// Less the mean, divided by the standard deviation.
  case plain
  /// Each window with its context for itself: less its mean, divided by its standard deviation and 0.000001.
  case window
}

/// How a pressure map becomes a window, in the order in which the steps are taken.
public struct MapPreprocessing: Codable, Hashable, Sendable, Ranged {
  /// What an empty mat shows, in its own units: it is subtracted from every value, and what is above is kept.
  public var baseline: Double?
  /// Subtracts this percentile of the frame's own values, and keeps what is above.
  public var baselinePercentile: Double?
  /// Values above it become it.
  public var maximum: Double?
  /// Divides by this percentile of the frame's values above 0, so that body weight matters less.
  public var peakPercentile: Double?
  /// Raises to this power.
  public var power: Double?
  /// Scales the frame so that this is its mean, after it is resampled.
  public var mean: Double?
  /// `[rows, columns]`: frames of another size are resampled, bilinearly.
  public var size: [Int]?
  /// Divides the frame by its Euclidean length, last of all, as scikit-learn's `normalize`; an empty frame stays.
  public var unitLength: Bool?
  /// Adds the mean of all the recording's frames to each as a second plane, so that a frame is seen beside what is usual for
  /// the sleeper on this mat. No label is needed, but the whole recording is.
  public var reference: Bool?

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .baseline: .number(-1_000_000_000...1_000_000_000),
      .baselinePercentile: .number(0...100),
      .maximum: .number(above: 0, to: 1_000_000_000),
      .peakPercentile: .number(0...100),
      .power: .number(above: 0, to: 100),
      .mean: .number(above: 0, to: 1_000_000_000),
      .size: .whole(1...4096).list(2...2),
    ])

  public init(
    baseline: Double? = nil, baselinePercentile: Double? = nil, maximum: Double? = nil, peakPercentile: Double? = nil,
    power: Double? = nil, mean: Double? = nil, size: [Int]? = nil, unitLength: Bool? = nil, reference: Bool? = nil
  ) {
    self.baseline = baseline
    self.baselinePercentile = baselinePercentile
    self.maximum = maximum
    self.peakPercentile = peakPercentile
    self.power = power
    self.mean = mean
    self.size = size
    self.unitLength = unitLength
    self.reference = reference
  }
}
