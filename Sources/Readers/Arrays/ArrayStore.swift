import Foundation

/// A file that holds arrays by name, opened: what there is, and the values of one of them.
protocol ArrayStore: Sendable {
  var url: URL { get }
  /// The numeric arrays of more than one element, in the order of the file.
  var arrays: [StoredArray] { get }
  /// What the file says of them.
  var facts: StoredFacts { get }
  /// What is passed over, and why: `header (Python objects)`.
  var passedOver: [(path: String, reason: String)] { get }
  /// Whether shapes stand in the file the other way round, as in MATLAB's.
  var isReversed: Bool { get }

  /// Whether there is an array of numbers or texts of a path.
  func holds(_ path: String) -> Bool

  /// All values in row-major order.
  ///
  /// - Precondition: The array exists.
  /// - Throws: ``ReadError`` where the file is damaged, or the values have no room.
  func floats(ofArray index: Int) throws -> [Float]

  /// The elements of an array of numbers or texts, by its path, as texts.
  ///
  /// - Throws: ``ReadError`` where there is no such array.
  func texts(of path: String) throws -> (shape: [Int], texts: [String])
}

/// One array of a file.
struct StoredArray: Hashable, Sendable {
  /// Its name, with those of the folders that it lies in: `signals/eeg/C3_M2`.
  let path: String
  let shape: [Int]

  var count: Int { shape.reduce(1, *) }
}

extension ArrayStore {
  var name: String { url.lastPathComponent }

  /// A path as it is kept: without slashes around it.
  func path(_ text: String) -> String { text.split(separator: "/").joined(separator: "/") }

  /// - Throws: ``ReadError`` where there are more labels than a recording has.
  func expectLabels(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    guard count > RecordingLimits.mostLabels else { return }
    throw ReadError(
      url, found: "\(count) labels", expected: "those of one recording, at most \(RecordingLimits.mostLabels)")
  }

  /// Names in quotes, the first few of them.
  static func listed(_ items: [String]) -> String {
    let shown = items.prefix(6).joined(separator: ", ")
    return items.count > 6 ? "\(shown) and \(items.count - 6) more" : shown
  }

  static func quoted(_ path: String) -> String { "'\(printable(path.utf8))'" }
}
