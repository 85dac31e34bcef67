import Foundation

/// How a signal file is written.
public enum SignalFormat: String, Codable, CaseIterable, Hashable, Sendable {
  /// EDF, EDF+, BDF and BDF+.
  case edf
  /// A WFDB header with its signal files.
  case wfdb
  /// A BrainVision header with its data and its markers.
  case brainvision

  /// The endings of its files' names, in small letters; none where only a card says which files are of it.
  var extensions: [String] {
    switch self {
    case .edf: ["edf", "bdf", "rec"]
    case .wfdb: ["hea"]
    case .brainvision: ["vhdr"]
    }
  }

  /// Whether a file of such an ending is sure to hold a recording's signals, and needs no card to say so.
  var isPlain: Bool { !extensions.isEmpty }

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
    case .brainvision: try BrainVisionFile(url)
    }
  }

  /// The names of further files, beside it, that are read with a file.
  ///
  /// - Throws: ``ReadError`` where a header cannot be read.
  func namesRead(from url: URL) throws -> Set<String> {
    switch self {
    case .edf: []
    case .wfdb: try WFDBHeader.namesRead(from: url)
    case .brainvision: try BrainVisionFile.namesRead(from: url)
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
