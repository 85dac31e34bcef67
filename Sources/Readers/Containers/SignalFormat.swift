import Foundation
public import SleepCore

/// How a signal file is written.
public enum SignalFormat: String, Codable, CaseIterable, Hashable, Sendable {
  /// EDF, EDF+, BDF and BDF+.
  case edf
  /// A WFDB header with its signal files.
  case wfdb
  /// A table of samples as text: CSV, TSV, or fields between blanks.
  case table
  /// An archive of NumPy arrays.
  case npz
  /// HDF5.
  case hdf5
  /// MATLAB's files of any version since 5.
  case mat
  /// Axivity AX3 and AX6.
  case cwa
  /// GENEActiv.
  case geneactiv
  /// A BrainVision header with its data and its markers.
  case brainvision
  /// Acceleration of ActiGraph devices.
  case gt3x
  /// Counts of ActiGraph devices.
  case agd
  /// Counts of Cambridge and Mini Mitter Actiwatches.
  case awd
  /// What Actiware exports of Philips Actiwatches, a table of epochs; by its name where that ends in `.rpx`.
  case actiware
  /// One file of an Empatica E4's folder.
  case e4

  /// The endings of its files' names, in small letters; none where only a card says which files are of it.
  var extensions: [String] {
    switch self {
    case .edf: ["edf", "bdf", "rec"]
    case .wfdb: ["hea"]
    case .table: ["csv", "tsv", "txt"]
    case .npz: ["npz"]
    case .hdf5: ["h5", "hdf5", "hdf"]
    case .mat: ["mat"]
    case .cwa: ["cwa"]
    case .geneactiv: ["bin"]
    case .brainvision: ["vhdr"]
    case .gt3x: ["gt3x"]
    case .agd: ["agd"]
    case .awd: ["awd"]
    case .actiware: ["rpx"]
    case .e4: []
    }
  }

  /// The names of files that tell the format alone.
  var names: [String] { self == .e4 ? EmpaticaFile.names : [] }

  /// Whether a file of such an ending is sure to hold a recording's signals, and needs no card to say so.
  var isPlain: Bool { !extensions.isEmpty && ![.table, .npz, .hdf5, .mat].contains(self) }

  /// Opens a file: its header is read, and it is known what it holds.
  ///
  /// - Parameters:
  ///   - rules: What a card says of such files.
  ///   - labels: What it says of labels, which some files hold beside their signals.
  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  func open(_ url: URL, rules: SignalRules = SignalRules(), labels: LabelRules? = nil) throws -> any SignalFile {
    switch self {
    case .edf: try EDFSignalFile(url)
    case .wfdb: try WFDBRecord(url)
    case .table: try TableSignalFile(url, rules: rules.table ?? TableRules(), labels: labels)
    case .npz: try ArraySignalFile(NpzStore(url), rules, labels)
    case .hdf5: try ArraySignalFile(HDF5Store(url), rules, labels)
    case .mat: try ArraySignalFile(MATStore.ofAnyVersion(url), rules, labels)
    case .cwa: try AxivityFile(url)
    case .geneactiv: try GENEActivFile(url)
    case .brainvision: try BrainVisionFile(url)
    case .gt3x: try ActiGraphFile(url)
    case .agd: try ActiGraphEpochFile(url)
    case .awd: try ActiwatchFile(url)
    case .actiware: try ActiwareFile(url)
    case .e4: try EmpaticaFile(url)
    }
  }

  /// The names of further files, beside it, that are read with a file.
  ///
  /// - Throws: ``ReadError`` where a header cannot be read.
  func namesRead(from url: URL) throws -> Set<String> {
    switch self {
    case .wfdb: try WFDBHeader.namesRead(from: url)
    case .brainvision: try BrainVisionFile.namesRead(from: url)
    default: []
    }
  }

  /// The format that a file's name tells, also with `.gz` behind it; `nil` where it tells none.
  init?(of url: URL) {
    let plain = url.pathExtension.lowercased() == "gz" ? url.deletingPathExtension() : url
    let (ending, name) = (plain.pathExtension.lowercased(), url.lastPathComponent)
    if let named = Self.allCases.first(where: { $0.names.contains(name) }) {
      self = named
      return
    }
    guard let format = Self.allCases.first(where: { $0.extensions.contains(ending) }) else { return nil }
    self = format
  }
}

/// How signal files read, where they do not say so themselves, as a card says it.
public struct SignalRules: Codable, Hashable, Sendable, Ranged {
  /// By the ending of the file's name where it is left out.
  public var format: SignalFormat?
  /// How tables read.
  public var table: TableRules?
  /// How pressure maps read.
  public var map: MapRules?
  /// Samples a second of channels whose file does not say it.
  public var sampleRateHz: Double?
  /// The unit of channels whose file does not say it: `uV`.
  public var unit: String?
  /// What the axes of arrays run over, in the order of the file's own program: `[windows, samples, channels]`. It counts for arrays of so
  /// many axes; where it is left out, the longer side is samples.
  public var axes: [ArrayAxis]?

  public static let ranges = NumberRanges(
    CodingKeys.self, [.sampleRateHz: .number(above: 0, to: RecordingLimits.fastestHz)])

  public var conflict: Misfit? {
    guard let axes, !axes.contains(.samples) || Set(axes).count < axes.count else { return nil }
    return Misfit(
      "axes", is: "[\(axes.map(\.rawValue).joined(separator: ", "))]",
      expected: "samples, and windows and channels where arrays have such axes, each once")
  }

  public init(
    format: SignalFormat? = nil, table: TableRules? = nil, map: MapRules? = nil, sampleRateHz: Double? = nil,
    unit: String? = nil, axes: [ArrayAxis]? = nil
  ) {
    self.format = format
    self.table = table
    self.map = map
    self.sampleRateHz = sampleRateHz
    self.unit = unit
    self.axes = axes
  }
}
