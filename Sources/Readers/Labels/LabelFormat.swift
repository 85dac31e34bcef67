import Foundation

/// How a label file is written.
public enum LabelFormat: String, Codable, CaseIterable, Hashable, Sendable {
  /// Annotations of EDF+ or BDF+.
  case edf
  /// A table whose columns are separated by commas, semicolons or blanks.
  case csv
  /// A table whose columns are separated by tabs.
  case tsv
  /// A BIDS table of events: `onset`, `duration`, and `trial_type` or `stage`.
  case bids
  /// Annotations of the National Sleep Research Resource, in XML.
  case nsrr
  /// Annotations of Compumedics Profusion, in XML.
  case profusion
  /// Annotations of WFDB, whose texts begin with the stage.
  case wfdb
  /// One stage a line.
  case lines
  /// An array of one stage a window.
  case npy
  /// An array of one stage a window in an archive of NumPy arrays.
  case npz
  /// The same in an HDF5 file.
  case hdf5
  /// The same in a MATLAB file of any version since 5, or a cell array of texts.
  case mat
  /// A JSON list of stages, or of objects with an onset, a duration and a stage.
  case json
  /// A scoring program's list of events with a clock: RemLogic, Somnologica, Noxturnal, Alice, Polysmith.
  case export
  /// The sleep profile of Somnomedics' Domino.
  case domino
  /// Luna's `.annot`.
  case luna

  var reader: any LabelFileReader {
    switch self {
    case .edf: EDFLabels()
    case .csv: DelimitedLabels(mayHoldOthers: false)
    case .tsv: DelimitedLabels(separator: "\t", mayHoldOthers: false)
    case .bids: DelimitedLabels(separator: "\t", mayHoldOthers: true)
    case .nsrr, .profusion: XMLLabels()
    case .wfdb: WFDBLabels()
    case .lines: LineLabels()
    case .npy: ArrayLabelFile()
    case .npz: StoredLabels { try NpzStore($0) }
    case .hdf5: StoredLabels { try HDF5Store($0) }
    case .mat: StoredLabels { try MATStore.ofAnyVersion($0) }
    case .json: JSONLabels()
    case .export: ExportLabels()
    case .domino: DominoLabels()
    case .luna: LunaLabels()
    }
  }

  /// The format that a file's name tells, and where it may be one of several, its first line.
  ///
  /// - Throws: ``ReadError`` where nothing tells it.
  init(of url: URL) throws {
    let name = url.lastPathComponent.lowercased()
    switch url.pathExtension.lowercased() {
    case "edf", "bdf", "rec": self = .edf
    case "xml": self = .nsrr
    case "npy": self = .npy
    case "npz": self = .npz
    case "h5", "hdf5", "hdf": self = .hdf5
    case "mat": self = .mat
    case "atr", "st", "arousal": self = .wfdb
    case "json": self = .json
    case "annot": self = .luna
    case "eannot": self = .lines
    case "ids": self = .csv
    case "tsv" where name.hasSuffix("_events.tsv"): self = .bids
    case "tsv": self = try Self.program(url) ?? .tsv
    case "csv": self = try Self.program(url) ?? .csv
    case "txt", "": self = try Self.program(url) ?? (DelimitedLabels.isTable(url) ? .csv : .lines)
    default:
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw ReadError(
        url, found: "labels whose format its name does not tell",
        expected: "'labels: {format: …}' in the card, one of \(known)")
    }
  }

  /// The scoring program that a text file's first lines tell; `nil` where they tell none.
  private static func program(_ url: URL) throws -> LabelFormat? {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    if DominoLabels.isProfile(file) { return .domino }
    return ExportLabels.isExport(file) ? .export : nil
  }
}
