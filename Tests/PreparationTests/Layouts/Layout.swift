import Foundation
import Synthesis
import TestSupport
import Testing

/// A data set as its publisher ships it, in small files, and what its card must make of them.
struct Layout: Sendable, CustomTestStringConvertible {
  /// The card's name.
  let card: String
  /// What is particular about these files, where a card has several layouts.
  var variant = ""
  /// By their paths below the folder that a user downloads.
  let files: [String: LayoutFile]
  /// In order of their identifiers.
  let nights: [Night]
  /// What the corpus says of the files as a whole, each sentence.
  var notes: [String] = []

  /// A recording of the corpus.
  struct Night: Sendable {
    let id: String
    let subject: String
    /// The group of people that the subject belongs to.
    var group: String?
    var session: String?
    /// A letter a window: `W`, `1`, `2`, `3`, `R`, and `?` for an unscored one.
    let stages: String
    /// The names of its sensors, with what of the file each channel is made of.
    let leads: [String: [String]]
    /// Windows of each sensor that are not valid, since the signal has no samples before or after them.
    var invalid = 0
    /// Each sentence.
    var warnings: [String] = []
  }

  var testDescription: String { variant.isEmpty ? card : "\(card): \(variant)" }

  func write(to folder: URL) throws {
    for (path, file) in files {
      let url = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.bytes(path).write(to: url)
    }
  }
}

/// What a file of a layout holds.
enum LayoutFile: Sendable {
  case text(String)
  case edf(SmallNight)
  case table(SmallTable)
  /// A file that `make_layouts.py` has made.
  case fixture(String)
  /// A MATLAB array of 16-bit samples, as WFDB headers name it.
  case matrix(SmallNight)
  /// Annotations of WFDB, at samples of 200 Hz.
  case marks([(seconds: Double, text: String)])

  /// The folder of these tests has a file of this name, or might have.
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

  /// - Parameter path: Files of other names hold other numbers.
  func bytes(_ path: String) throws -> Data {
    switch self {
    case .text(let text): Data(text.utf8)
    case .edf(let night): night.edf(seed: path)
    case .table(let table): Data(table.text(seed: path).utf8)
    case .fixture(let name): try Data(contentsOf: Fixture("layouts", testFile: Self.tests).url(name))
    case .matrix(let night): night.matrix(seed: path)
    case .marks(let marks):
      WFDBAnnotationWriter().encode(marks.map { (sample: Int($0.seconds * 200), text: $0.text) })
    }
  }
}

/// Every layout there is.
let layouts: [Layout] = nsrrLayouts + nsrrSiteLayouts + labLayouts + clockLayouts + wearLayouts
