import Foundation

/// Small things that a container of arrays says of them: a sampling rate, a unit, names.
///
/// Each belongs to a path: that of an array, of a folder that it lies in, or the root, which is the empty one. What is said nearest to an
/// array counts.
struct StoredFacts: Sendable {
  enum Fact: Hashable, Sendable {
    case number(Double)
    case texts([String])
  }

  /// By path, and by the name's letters and digits.
  private var facts: [String: [String: Fact]] = [:]

  mutating func add(_ fact: Fact, named name: String, to path: String) {
    let key = name.lettersAndDigits
    if facts[path]?[key] == nil { facts[path, default: [:]][key] = fact }
  }

  /// Whether a name is one of those that are looked for.
  static func isKnown(_ name: String) -> Bool { known.contains(name.lettersAndDigits) }

  private static let rates = [
    "fs", "sfreq", "srate", "samplingrate", "samplerate", "samplingratehz", "sampleratehz", "samplingfrequency",
    "samplefrequency", "fshz", "frequency", "rate",
  ]
  private static let units = ["unit", "units", "physicalunit", "dimension"]
  private static let starts = ["starttime", "startdatetime", "start", "recordingstart", "recstart", "measdate", "date"]
  private static let names = ["chlabel", "chlabels", "chname", "chnames", "channelnames", "channellabels", "channels"]
  private static let descriptions = ["description"]
  private static let known = Set(rates + units + starts + names + descriptions)

  /// The nearest of the facts of some names, of the array itself or else of the folders above it, and whether it is the array's own.
  private func nearest<Value>(
    _ names: [String], to path: String, _ value: (Fact) -> Value?
  ) -> (value: Value, isOwn: Bool)? {
    var parts = path.split(separator: "/")
    let depth = parts.count
    while true {
      if let here = facts[parts.joined(separator: "/")] {
        for name in names { if let found = here[name].flatMap(value) { return (found, parts.count == depth) } }
      }
      guard parts.popLast() != nil else { return nil }
    }
  }

  /// Samples a second of an array; `nil` where nobody says.
  func sampleRateHz(of path: String) -> Double? {
    nearest(Self.rates, to: path) { fact in
      switch fact {
      case .number(let number): number
      case .texts(let texts): texts.count == 1 ? Double(texts[0].trimmingBlanks) : nil
      }
    }?.value
  }

  /// The unit of an array; empty where nobody says.
  func unit(of path: String) -> String {
    nearest(Self.units, to: path) { fact in
      if case .texts(let texts) = fact, texts.count == 1 { String(texts[0].trimmingBlanks) } else { nil }
    }?.value ?? ""
  }

  /// The names of an array's channels, where so many are given, and whether they are of this array alone.
  func channelNames(of path: String, count: Int) -> (value: [String], isOwn: Bool)? {
    nearest(Self.names, to: path) { fact in
      if case .texts(let texts) = fact, texts.count == count, !texts.contains("") { texts } else { nil }
    }
  }

  /// When a recording began, as the root or an array says it.
  func start(of path: String) -> Fact? { nearest(Self.starts, to: path) { $0 }?.value }

  /// Takes over what a description of all signals says, as the Dreem Open Datasets have it: in JSON, a list of `path`, `fs` and `unit`.
  mutating func addDescriptions() {
    guard case .texts(let texts)? = facts[""]?["description"], texts.count == 1,
      let list = try? JSONDecoder().decode([Description].self, from: Data(texts[0].utf8))
    else { return }
    for entry in list.prefix(RecordingLimits.mostChannels) {
      guard let path = entry.path?.split(separator: "/").joined(separator: "/") else { continue }
      entry.fs.map { add(.number($0), named: "fs", to: path) }
      entry.unit.map { add(.texts([$0]), named: "unit", to: path) }
    }
  }

  private struct Description: Decodable {
    let path: String?
    let fs: Double?
    let unit: String?

    private enum CodingKeys: CodingKey { case path, fs, unit }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      path = try? container.decode(String.self, forKey: .path)
      fs = try? container.decode(Double.self, forKey: .fs)
      unit = try? container.decode(String.self, forKey: .unit)
    }
  }
}
