import Foundation

/// How a signal file is written.
public enum SignalFormat: String, Codable, CaseIterable, Hashable, Sendable {
  /// EDF, EDF+, BDF and BDF+.
  case edf
  /// A WFDB header with its signal files.
  case wfdb
  /// Axivity AX3 and AX6.
  case cwa
  /// GENEActiv.
  case geneactiv
  /// Acceleration of ActiGraph devices.
  case gt3x
  /// Counts of ActiGraph devices.
  case agd
  /// Counts of Cambridge and Mini Mitter Actiwatches.
  case awd
  /// What Actiware exports of Philips Actiwatches, a table of epochs.
  case actiware
  /// One file of an Empatica E4's folder.
  case e4

  /// The endings of its files' names, in small letters; none where only a card says which files are of it.
  var extensions: [String] {
    switch self {
    case .edf: ["edf", "bdf", "rec"]
    case .wfdb: ["hea"]
    case .cwa: ["cwa"]
    case .geneactiv: ["bin"]
    case .gt3x: ["gt3x"]
    case .agd: ["agd"]
    case .awd: ["awd"]
    case .actiware, .e4: []
    }
  }

  /// The names of files that tell the format alone.
  var names: [String] { self == .e4 ? EmpaticaFile.names : [] }

  /// Opens a file: its header is read, and it is known what it holds.
  ///
  /// - Parameter rules: What a card says of such files.
  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  func open(_ url: URL, rules: SignalRules) throws -> any SignalFile {
    switch self {
    case .edf: try EDFSignalFile(url)
    case .wfdb: try WFDBRecord(url)
    case .cwa: try AxivityFile(url)
    case .geneactiv: try GENEActivFile(url)
    case .gt3x: try ActiGraphFile(url)
    case .agd: try ActiGraphEpochFile(url)
    case .awd: try ActiwatchFile(url)
    case .actiware: try ActiwareFile(url)
    case .e4: try EmpaticaFile(url)
    }
  }

  /// The format that a file's name tells; `nil` where it tells none.
  init?(of url: URL) {
    let ending = url.pathExtension.lowercased()
    let name = url.lastPathComponent
    guard let format = Self.allCases.first(where: { $0.names.contains(name) || $0.extensions.contains(ending) })
    else { return nil }
    self = format
  }
}

/// How signal files read, where they do not say so themselves, as a card says it.
public struct SignalRules: Codable, Hashable, Sendable {
  /// By the ending of the file's name where it is left out.
  public var format: SignalFormat?

  public init(format: SignalFormat? = nil) {
    self.format = format
  }
}
