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

  /// The endings of its files' names, in small letters; none where only a card says which files are of it.
  var extensions: [String] {
    switch self {
    case .edf: ["edf", "bdf", "rec"]
    case .wfdb: ["hea"]
    case .cwa: ["cwa"]
    case .geneactiv: ["bin"]
    }
  }

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
    }
  }

  /// The format that a file's name tells; `nil` where it tells none.
  init?(of url: URL) {
    let ending = url.pathExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.extensions.contains(ending) }) else { return nil }
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
