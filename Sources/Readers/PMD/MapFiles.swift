import SleepCore

/// Gathers the map files of one recording of the pressure map data set.
struct MapFiles {
  let columns: Int
  let framesPerSecond: Double?
  /// Frames at the start of every file that are passed over.
  let unsettledFrames: Int
  /// Whether a line is a whole map, or a row of one.
  let lineIsMap: Bool
  /// The files that there should be, by name less what all share.
  let wanted: [String]

  static let rows = 64
  /// What the sensor's 12 bits can hold, and what it should by its documentation.
  static let range = 0.0...4095.0
  static let documentedMaximum: Float = 1000

  private var values: [Float] = []
  private var postures: [Posture?] = []
  private(set) var warnings: [String] = []

  /// A file a posture, `1.txt` to `17.txt`; a line a map of 64 x 32, once a second.
  static let firstExperiment = MapFiles(
    columns: 32, framesPerSecond: 1, unsettledFrames: 2, lineIsMap: true, wanted: (1...17).map(String.init))

  /// A file a map of 64 x 27.
  static let secondExperiment = MapFiles(
    columns: 27, framesPerSecond: nil, unsettledFrames: 0, lineIsMap: false,
    wanted: [("B", 10), ("C", 3), ("D", 3), ("E", 6), ("F", 7)].flatMap { letter, count in
      (1...count).map { "\(letter)\($0)" }
    })

  private init(
    columns: Int, framesPerSecond: Double?, unsettledFrames: Int, lineIsMap: Bool, wanted: [String]
  ) {
    self.columns = columns
    self.framesPerSecond = framesPerSecond
    self.unsettledFrames = unsettledFrames
    self.lineIsMap = lineIsMap
    self.wanted = wanted
  }

  var frames: PressureFrames {
    PressureFrames(
      rows: Self.rows, columns: columns, framesPerSecond: framesPerSecond, values: values, postures: postures)
  }

  mutating func read(_ source: RecordingSource) throws {
    var unscored: [String] = []
    for key in inNumericOrder(source.files.keys) {
      guard let url = source.files[key] else { continue }
      let posture = posture(of: key)
      if posture == nil { unscored.append(key) }
      let count = try append(TextFile(url))
      postures.append(contentsOf: repeatElement(posture, count: count))
    }
    let missing = wanted.filter { source.files[$0] == nil }
    if !missing.isEmpty { warnings.append("no maps of posture \(missing.joined(separator: ", "))") }
    if !unscored.isEmpty {
      warnings.append("posture \(unscored.joined(separator: ", ")) is undocumented and left unscored")
    }
    warnAboutRange()
  }

  private func posture(of key: String) -> Posture? {
    if lineIsMap { return Int(key).flatMap(Posture.init(number:)) }
    switch key {
    case "E1", "E2", "E5": return .otherRight
    case "E3", "E4", "E6": return .otherLeft
    default: break
    }
    guard wanted.contains(key) else { return nil }
    switch key.first {
    case "B", "F": return .otherSupine
    case "C": return .otherRight
    case "D": return .otherLeft
    default: return nil
    }
  }

  /// - Returns: The number of frames kept.
  private mutating func append(_ file: TextFile) throws -> Int {
    let width = lineIsMap ? Self.rows * columns : columns
    let table = NumberTable(
      lineIsMap ? "a map of \(Self.rows) x \(columns)" : "a row of a map of \(Self.rows) x \(columns)",
      columnCount: width, separatedBy: .blanks)
    var lines = 0
    try table.forEachRow(of: file) { line, row in
      lines += 1
      guard row.allSatisfy(Self.range.contains) else {
        let value = row.first { !Self.range.contains($0) } ?? 0
        throw ReadError(
          file.url, line: line, found: "the value \(plain(value))", expected: "0 to 4095")
      }
      guard !lineIsMap || lines > unsettledFrames else { return }
      let start = values.count
      values.append(contentsOf: repeatElement(0, count: width))
      values.withUnsafeMutableBufferPointer { values in
        for column in 0..<width { values[start + column] = Float(row[column]) }
      }
    }
    if lineIsMap {
      guard lines > unsettledFrames else {
        throw ReadError(
          file.url, found: lines == 1 ? "1 frame" : "\(lines) frames",
          expected: "more than the first \(unsettledFrames), which are unsettled")
      }
      return lines - unsettledFrames
    }
    guard lines == Self.rows else {
      throw ReadError(
        file.url, found: lines == 1 ? "1 row" : "\(lines) rows", expected: "\(Self.rows), head to foot")
    }
    return 1
  }

  private mutating func warnAboutRange() {
    let size = Self.rows * columns
    var maximum: Float = 0
    var count = 0
    values.withUnsafeBufferPointer { values in
      for frame in 0..<postures.count {
        let peak = values[(frame * size)..<((frame + 1) * size)].max() ?? 0
        maximum = max(maximum, peak)
        if peak > Self.documentedMaximum { count += 1 }
      }
    }
    if count > 0 {
      warnings.append(
        "\(count) of \(postures.count) frames go past the documented \(Int(Self.documentedMaximum)), up to \(Int(maximum))"
      )
    }
  }
}
