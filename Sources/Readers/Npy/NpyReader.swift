public import Foundation
public import SleepCore

/// Reads recordings that are already cut into windows, a folder each:
/// ```
/// <root>/<recording>/<sensor>.npy   [windows, channels, samples], or for maps [windows, rows, columns]
/// <root>/<recording>/labels.npy     [windows], where there are labels
/// ```
/// Windows are of 30 s each, or as long as the card says. `<sensor>` is the name of a ``Sensor``: `ecg.npy`, `heart-rate.npy`,
/// `pressure-map.npy`. Elements are integers or floats; an array `[windows, samples]` has one channel. Labels are integers or
/// strings, see ``stages`` and ``postures``. The subject is the recording's name up to the first `_`, so that `S01_night2` is a night of `S01`.
public struct NpyReader: DatasetReader {
  public let name: String
  public let sensors: [Sensor] = Sensor.allCases
  public let labels: LabelKind?
  public let roles = FileRoles(main: nil, signals: Sensor.allCases.map(\.rawValue))

  private static let usualSeconds = 30.0

  /// Labels 0...4 or `W`, `N1`, `N2`, `N3`, `REM`; -1, `?` and an empty text are unscored.
  public static let stages = NpyReader(name: "npy", labels: .stages)
  /// Labels 0...16, the published posture less one, or the names of ``Posture``; -1 is unscored.
  public static let postures = NpyReader(name: "npy-postures", labels: .postures)

  public func discover(in root: URL) throws -> [RecordingSource] {
    try discover(in: root, rules: ReadingRules()).decided(in: root, reader: name)
  }

  public func discover(in root: URL, rules: ReadingRules) throws -> Discovery {
    let expected = "folders of <sensor>.npy, one a recording"
    let folder = try Folder(root, expected: expected)
    let wanted = Set(sensors.map(\.rawValue) + ["labels"])
    var signals: [FoundSignal] = []
    for id in folder.names {
      let files = try Folder(ifPresent: folder.file(id)).files(endingWith: ".npy").filter { wanted.contains($0.key) }
      guard files.keys.contains(where: { $0 != "labels" }) else { continue }
      signals.append(
        FoundSignal(
          file: FileName(folder: folder.file(id), below: root), files: files, mayHoldLabels: files["labels"] != nil))
    }
    guard !signals.isEmpty else { throw ReadError(root, found: "no recordings of \(name)", expected: expected) }
    return try RecordingRules(root: root, rules: rules, roles: roles, joinsByUnderscore: true)
      .discovery(of: signals, scorings: [], texts: [])
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }

  public func read(_ source: RecordingSource, _ request: ReadingRequest) throws -> Recording {
    let sensors = request.sensors
    let windowSeconds = request.labels?.windowSeconds ?? request.windowSeconds ?? Self.usualSeconds
    guard LabelRules.windowRange.contains(windowSeconds) else {
      throw ReadError(
        URL(fileURLWithPath: source.id), found: "labels.window_seconds of \(plain(windowSeconds))",
        expected: "0.1 to 3600")
    }
    var signals: [Signal] = []
    var map: (sensor: Sensor, file: ArrayFile)?
    var windows: (count: Int, url: URL)?
    for sensor in self.sensors {
      guard let url = source.files[sensor.rawValue] else { continue }
      let file = try ArrayFile(url)
      guard 2...3 ~= file.shape.count, file.shape.allSatisfy({ $0 > 0 }), !sensor.isMap || file.shape.count == 3 else {
        throw ReadError(
          url, found: "an array of shape \(file.shape)",
          expected: sensor.isMap ? "[windows, rows, columns]" : "[windows, channels, samples] or [windows, samples]")
      }
      if let windows, windows.count != file.shape[0] {
        throw ReadError(
          url, found: "\(file.shape[0]) windows", expected: "\(windows.count) as in \(windows.url.lastPathComponent)")
      }
      windows = (file.shape[0], url)
      guard sensors.contains(sensor) else { continue }
      if !sensor.isMap {
        signals.append(try Self.signal(sensor, file, windowSeconds))
      } else if map == nil {
        map = (sensor, file)
      } else {
        throw ReadError(url, found: "a second array of maps", expected: "pressure-map.npy or spectrogram.npy alone")
      }
    }
    let count = windows?.count ?? 0
    let labels = try source.files["labels"].map { try ArrayFile($0) }
    let vocabulary = request.labels?.vocabulary
    let stages =
      self.labels == .stages
      ? try labels.map { try ArrayLabels.stages($0, count: count, vocabulary: vocabulary) } : nil
    let postures = self.labels == .postures ? try labels.map { try ArrayLabels.postures($0, count: count) } : nil
    let frames = try map.map {
      PressureFrames(
        sensor: $0.sensor, rows: $0.file.shape[1], columns: $0.file.shape[2],
        framesPerSecond: self.labels == .stages ? 1 / windowSeconds : nil, values: try $0.file.floats(),
        postures: postures ?? Array(repeating: nil, count: count))
    }
    return Recording(
      id: source.id, subject: source.subject, signals: signals, frames: frames,
      hypnogram: stages.map { Hypnogram(windowSeconds: windowSeconds, stages: $0) }, start: source.start)
  }

  /// Joins the windows to one signal.
  private static func signal(_ sensor: Sensor, _ file: ArrayFile, _ windowSeconds: Double) throws -> Signal {
    let (windows, length) = (file.shape[0], file.shape[file.shape.count - 1])
    let channels = file.shape.count == 3 ? file.shape[1] : 1
    guard channels <= RecordingLimits.mostChannels else {
      throw ReadError(
        file.url, found: "\(channels) channels, by the shape \(file.shape)",
        expected: "[windows, channels, samples] of at most \(RecordingLimits.mostChannels) channels")
    }
    let values = try file.floats()
    let samples = (0..<channels).map { channel in
      var row: [Float] = []
      row.reserveCapacity(windows * length)
      for window in 0..<windows {
        let start = (window * channels + channel) * length
        row.append(contentsOf: values[start..<(start + length)])
      }
      return row
    }
    return Signal(
      sensor: sensor, channels: (1...channels).map { Channel(name: "\(sensor.rawValue) \($0)", unit: "") },
      timing: .regular(startSeconds: 0, sampleRateHz: Double(length) / windowSeconds), samples: samples)
  }
}
