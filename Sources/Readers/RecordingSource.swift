public import Foundation
public import SleepCore

/// The files of one recording, found but not read.
public struct RecordingSource: Sendable, Hashable {
  /// Unique in the data set; safe as a file name.
  public let id: String
  public internal(set) var subject: Subject
  /// Which night or visit of the subject it is, where the names say so.
  public let session: String?
  /// Each file by what it is for: `psg`, `hypnogram`, `labels`, `heart-rate`. A file that is absent is not named.
  public internal(set) var files: [String: URL]
  /// What the recording's clock said at its zero, where a table of recordings says so; it wins over the file's.
  public let start: LocalTime?
  /// What its subject and its partner file were decided by, in a few words: `the table`, `BIDS names`, `its own file name`.
  public internal(set) var decidedBy: String
  /// How much later than the recording's zero a file begins, in seconds by its role, where a table of the data set says it.
  public internal(set) var shifts: [String: Double]
  /// The group of people that its subject belongs to, such as a family, where a card says so: they never stand on both sides of a split.
  public var group: String?

  public init(
    id: String, subject: Subject, session: String? = nil, files: [String: URL], start: LocalTime? = nil,
    decidedBy: String = "the publisher's names", shifts: [String: Double] = [:]
  ) {
    self.shifts = shifts
    self.id = id
    self.subject = subject
    self.session = session
    self.files = files
    self.start = start
    self.decidedBy = decidedBy
  }
}

extension RecordingSource {
  /// All files that are read for it: its own, and those that a header of WFDB or BrainVision among them names.
  ///
  /// - Throws: ``ReadError`` where such a header cannot be read.
  public var filesRead: [String: URL] {
    get throws {
      var all = files
      for (role, url) in files {
        for name in try SignalFormat(of: url)?.namesRead(from: url) ?? [] {
          all["\(role) \(name)"] = url.deletingLastPathComponent().appendingPathComponent(name)
        }
      }
      return all
    }
  }

  /// The same without the files in which someone scored it.
  public var withoutLabels: RecordingSource {
    var source = self
    source.files = files.filter { !["labels", "hypnogram"].contains($0.key) }
    return source
  }
}

/// The recordings below a folder, and what nobody could tell about them.
public struct Discovery: Sendable, Hashable {
  /// In order of their identifiers.
  public var sources: [RecordingSource]
  /// What could not be decided by an exact rule, a sentence each that names the files; empty where all is clear.
  public var undecided: [String]
  /// What a user should know of how the files were read, a sentence each.
  public var notes: [String]
  /// Those of the notes that tell of recordings and files which are passed over.
  public var passedOver: [String] = []
  /// The recordings that the undecided sentences are about; they are not among the sources.
  public var drafts: [RecordingDraft]

  public init(
    _ sources: [RecordingSource], undecided: [String] = [], notes: [String] = [], drafts: [RecordingDraft] = []
  ) {
    self.sources = sources
    self.undecided = undecided
    self.notes = notes
    self.drafts = drafts
  }

  /// The sources, where all is decided.
  ///
  /// - Throws: ``ReadError`` with what is not, and the command that drafts a table to say it in.
  public func decided(in root: URL, reader: String) throws -> [RecordingSource] {
    guard !undecided.isEmpty else { return sources }
    let told = undecided.prefix(Self.mostTold).joined(separator: "; ")
    let rest = undecided.count - Self.mostTold
    let dataset = reader == "edf" ? "" : " --dataset \(reader)"
    let command = "ssrm scan \(shellWord(root.relativePath))\(dataset) --out recordings.csv"
    throw ReadError(
      root, found: "what no rule decides: \(told)\(rest > 0 ? "; and \(rest) more" : "")",
      expected: "it said by you: \(command) drafts a table to edit; give it to --recordings")
  }

  private static let mostTold = 5
}
