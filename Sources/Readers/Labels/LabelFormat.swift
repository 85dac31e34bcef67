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
    case "h5", "hdf5", "hdf", "mat": self = .hdf5
    case "atr", "st", "arousal": self = .wfdb
    case "tsv": self = name.hasSuffix("_events.tsv") ? .bids : .tsv
    case "csv": self = .csv
    case "txt", "": self = try DelimitedLabels.isTable(url) ? .csv : .lines
    default:
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw ReadError(
        url, found: "labels whose format its name does not tell",
        expected: "'labels: {format: …}' in the card, one of \(known)")
    }
  }
}
