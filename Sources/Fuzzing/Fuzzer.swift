public import Foundation

/// Reads damaged files, one case after the other, and keeps what must not be.
public struct Fuzzer {
  /// How many cases of a format ended how.
  public struct Count: Hashable, Sendable {
    public var read = 0
    public var refused = 0
  }

  public private(set) var counts: [String: Count] = [:]
  /// A line a case that ended with an error of another's, or took too long.
  public private(set) var failures: [String] = []
  public private(set) var slowest = (seconds: 0.0, name: "")
  private let folder: URL

  /// No damaged file of some kilobytes takes as long.
  private static let longestSeconds = 5.0

  /// - Parameter folder: Where files are written; each case removes those before it.
  public init(in folder: URL) { self.folder = folder }

  /// Reads the files of a format as they are.
  ///
  /// - Throws: Where they are not read, so that damage would try nothing.
  public func runWhole(_ format: FuzzedFormat) throws {
    try format.write(format.files, to: folder)
    try format.read(folder)
  }

  /// Reads the files of a case.
  ///
  /// - Throws: Where they cannot be written.
  public mutating func run(_ one: FuzzCase) throws {
    try one.write(to: folder)
    let start = ContinuousClock.now
    do {
      try one.format.read(folder)
      counts[one.format.name, default: Count()].read += 1
    } catch {
      counts[one.format.name, default: Count()].refused += 1
      if !Self.isOwn(error) { failures.append("\(one.description): \(type(of: error)): \(error)") }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if seconds > Self.longestSeconds { failures.append("\(one.description): took \(seconds) s") }
    if seconds > slowest.seconds { slowest = (seconds, one.description) }
  }

  /// Whether an error is one of the program's own types, whose words are for users, and not the language's or Foundation's.
  private static func isOwn(_ error: any Error) -> Bool {
    let module = String(reflecting: type(of: error)).prefix { $0 != "." }
    return !["Swift", "Foundation", "FoundationEssentials", "__C", "_StringProcessing"].contains(module)
  }
}
