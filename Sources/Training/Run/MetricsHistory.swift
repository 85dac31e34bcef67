import Files
import Foundation

/// The numbers that a run has logged, epoch by epoch.
public struct MetricsHistory: Sendable {
  /// One a line; a number that was not finite is left out.
  public let epochs: [[String: Double]]

  /// More names than any training has.
  public static let mostNames = 1000
  /// More bytes than any training writes.
  public static let mostBytes = 64 << 20

  /// Reads `metrics.jsonl`, line by line; empty where there is none.
  ///
  /// - Throws: ``Files/JSONFileError`` with the line that is none of a log, ``Files/InputError`` where the file cannot be read. A run that
  ///   was killed may end within a line, which is left out.
  public init(of run: RunFolder) throws {
    let path = run.metrics.path
    func refuse(_ line: Int, _ found: String, _ expected: String) -> JSONFileError {
      JSONFileError(path: "\(path):\(line)", found: found, expected: expected)
    }
    guard FileManager.default.fileExists(atPath: path) else {
      epochs = []
      return
    }
    let bytes = try InputFile(run.metrics).bytes(atMost: Self.mostBytes)
    var epochs: [[String: Double]] = []
    var names: Set<String> = []
    var (rest, number) = (bytes[...], 0)
    while !rest.isEmpty {
      number += 1
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest[line.endIndex...].dropFirst()
      if line.isEmpty { continue }
      do {
        let values = try JSONDecoder().decode([String: Double?].self, from: Data(line))
        epochs.append(values.compactMapValues { $0 }.filter { $0.key != "step" })
        names.formUnion(values.keys)
      } catch let error as DecodingError {
        if rest.isEmpty { break }
        throw refuse(number, error.words, "an object of numbers, as a training logs one an epoch")
      }
      guard names.count <= Self.mostNames else {
        throw refuse(number, "more than \(Self.mostNames) names of numbers", "those that a training logs")
      }
    }
    self.epochs = epochs
  }
}
