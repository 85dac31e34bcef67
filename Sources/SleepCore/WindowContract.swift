/// What one window of a sensor is: its channels with their units, its shape and rate, and all settings by which it was prepared.
///
/// A corpus, an encoder, a recogniser and a raw recording that is to be predicted each have one a sensor. Where two of them meet they
/// are compared by ``misfit(_:)``, and by nothing else.
public struct WindowContract: Codable, Hashable, Sendable {
  public let sensor: Sensor
  /// In the order of the channel axis; empty of a map.
  public let channels: [Channel]
  /// `[channels, samples]`, or `[rows, columns]` of a map; `[planes, rows, columns]` of maps with a reference.
  public let shape: [Int]
  /// Samples a second within a window; `nil` of a map.
  public let sampleRateHz: Double?
  /// Every setting that changes the numbers in a window, by its key in a card: `clip`, `high_pass_hz`, `window_seconds`.
  public let preparation: [String: String]

  public init(
    sensor: Sensor, channels: [Channel] = [], shape: [Int], sampleRateHz: Double? = nil,
    preparation: [String: String] = [:]
  ) {
    self.sensor = sensor
    self.channels = channels
    self.shape = shape
    self.sampleRateHz = sampleRateHz
    self.preparation = preparation
  }

  /// Values in one window.
  public var size: Int { shape.reduce(1, *) }
  /// Maps in a window of a sensor of maps: 2 with a reference.
  public var planes: Int { shape.count > 2 ? shape[0] : 1 }
  /// Rows and columns of a map, channels and samples of a signal.
  public var mapShape: (rows: Int, columns: Int) { (shape[shape.count - 2], shape[shape.count - 1]) }
  /// Values in a window without a map's reference.
  public var mapSize: Int { mapShape.rows * mapShape.columns }

  /// Windows without the maps' reference, `[windows, rows, columns]`.
  public func withoutReference(_ windows: [Float]) -> [Float] {
    guard mapSize < size else { return windows }
    return stride(from: 0, to: windows.count, by: size).flatMap { windows[$0..<($0 + mapSize)] }
  }

  /// The first of its numbers that a window cannot have, for one that was read from a file.
  package var impossible: SleepCore.Misfit? {
    let name = "shape of \(sensor.rawValue)"
    let text = shape.map(String.init).joined(separator: " x ")
    guard (2...(sensor.isMap ? 3 : 2)).contains(shape.count), shape.allSatisfy({ $0 > 0 }) else {
      return SleepCore.Misfit(name, is: "[\(text)]", expected: "\(sensor.isMap ? "two or three" : "two") sides above 0")
    }
    // A side has at most so many values, so that their product is no greater than a number that is counted with.
    guard shape.allSatisfy({ $0 <= 1 << 20 }), size <= Self.most else {
      return SleepCore.Misfit(name, is: text, expected: "at most \(Self.most) values")
    }
    guard sensor.isMap || channels.count == shape[0] else {
      return SleepCore.Misfit(
        "channels of \(sensor.rawValue)", is: "\(channels.count)", expected: "\(shape[0]), as its shape says")
    }
    if let sampleRateHz, !Self.rates.contains(sampleRateHz) {
      return SleepCore.Misfit("sampleRateHz of \(sensor.rawValue)", is: "\(sampleRateHz)", expected: Self.rates.words)
    }
    return nil
  }

  /// Values in one window.
  private static let most = 100_000_000
  private static let rates = NumberRange.number(0.0001...10_000)
}

extension WindowContract {
  /// A key in which two contracts differ, with what each of them says of it.
  public struct Misfit: Hashable, Sendable, CustomStringConvertible {
    public let key: String
    public let own: String
    public let other: String

    /// `'clip' is 20 in the one and 5 in the other`, for the end of an error.
    public var description: String { "'\(key)' is \(own) there and \(other) here" }
  }

  /// The first key in which another contract differs from this one; `nil` where windows of both are the same.
  public func misfit(_ other: WindowContract) -> Misfit? {
    func differing(_ key: String, _ own: String, _ theirs: String) -> Misfit? {
      own == theirs ? nil : Misfit(key: key, own: own, other: theirs)
    }
    func names(_ contract: WindowContract) -> String {
      contract.channels.isEmpty ? "none" : contract.channels.map(\.name).joined(separator: ", ")
    }
    func units(_ contract: WindowContract) -> String {
      contract.channels.map { $0.unit.isEmpty ? "none" : $0.unit }.joined(separator: ", ")
    }
    func rate(_ contract: WindowContract) -> String { contract.sampleRateHz.map { "\(plain($0)) Hz" } ?? "none" }
    func shape(_ contract: WindowContract) -> String { contract.shape.map(String.init).joined(separator: " x ") }
    let first =
      differing("sensor", sensor.rawValue, other.sensor.rawValue) ?? differing("channels", names(self), names(other))
      ?? differing("units", units(self), units(other)) ?? differing("sample_rate_hz", rate(self), rate(other))
    if let first { return first }
    for key in Set(preparation.keys).union(other.preparation.keys).sorted() {
      if let misfit = differing(key, preparation[key] ?? "not set", other.preparation[key] ?? "not set") {
        return misfit
      }
    }
    return differing("shape", shape(self), shape(other))
  }

  /// In words, for an error: `heart-rate 1 x 30 at 1 Hz (HR in bpm)`.
  public var summary: String {
    let names = channels.map { $0.unit.isEmpty ? $0.name : "\($0.name) in \($0.unit)" }.joined(separator: ", ")
    return "\(sensor.rawValue) \(shape.map(String.init).joined(separator: " x "))"
      + (sampleRateHz.map { " at \(plain($0)) Hz" } ?? "") + (names.isEmpty ? "" : " (\(names))")
  }
}

/// A number without a needless fraction.
private func plain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
