public import SleepCore

/// How files of pressure maps read, as a card's `files: {pressure-map: {map: …}}` says it.
public struct MapRules: Codable, Hashable, Sendable, Ranged {
  /// `[rows, columns]` of a frame in the file. Needed where a line of text holds a whole frame, or an array has one axis for its cells; else
  /// the file tells it.
  public var size: [Int]?
  /// Frames a second; without it frames are single shots.
  public var framesPerSecond: Double?
  /// Lines of text before the first frame.
  public var skipLines: Int?
  /// Frames at the beginning of each file that are left out.
  public var skipFrames: Int?
  /// The array of a file of several: its path in `.npz` or HDF5.
  public var array: String?
  /// Values of cells that measured nothing, beside `NaN` and empty fields. Such a cell becomes the mean of its neighbours.
  public var missing: [Double]?
  /// Quarter turns to the left that bring the head to the first row.
  public var quarterTurns: Int?
  /// Whether left and right are exchanged in the file, once it is turned.
  public var mirrored: Bool?

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .size: .whole(1...4096).list(2...2),
      .framesPerSecond: .number(above: 0, to: 1000),
      .skipLines: .whole(0...10_000),
      .skipFrames: .whole(0...1_000_000),
      .missing: .number(-1_000_000_000...1_000_000_000).list(1...16),
      .quarterTurns: .whole(0...3),
    ])

  public init(
    size: [Int]? = nil, framesPerSecond: Double? = nil, skipLines: Int? = nil, skipFrames: Int? = nil,
    array: String? = nil, missing: [Double]? = nil, quarterTurns: Int? = nil, mirrored: Bool? = nil
  ) {
    self.size = size
    self.framesPerSecond = framesPerSecond
    self.skipLines = skipLines
    self.skipFrames = skipFrames
    self.array = array
    self.missing = missing
    self.quarterTurns = quarterTurns
    self.mirrored = mirrored
  }
}
