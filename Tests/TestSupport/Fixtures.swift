public import Foundation
import NumPy
public import Testing

/// Expected numbers beside the script that made them: `Tests/<Module>Tests/Fixtures/<case>/{generate.py, *.npy}`.
public struct Fixture: Sendable {
  public let folder: URL

  /// - Parameter testFile: Leave it to be the calling test's file.
  public init(_ name: String, testFile: String = #filePath) {
    folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)")
  }

  public func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  public func floats(_ name: String) throws -> (shape: [Int], values: [Float]) {
    let array = try NpyArray<Float>(contentsOf: url(name + ".npy"))
    return (array.shape, array.values)
  }

  public func doubles(_ name: String) throws -> [Double] {
    try NpyArray<Double>(contentsOf: url(name + ".npy")).values
  }

  public func integers(_ name: String) throws -> [Int] {
    try NpyArray<Int64>(contentsOf: url(name + ".npy")).values.map(Int.init)
  }
}

/// The folder of real recordings beside the checkout, where it is there.
public let sharedDatasets: URL? = {
  let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let environment = ProcessInfo.processInfo.environment["SSRM_SHARED"]
  let shared =
    environment.map { URL(fileURLWithPath: $0) }
    ?? checkout.deletingLastPathComponent().appendingPathComponent("shared")
  let folder = shared.appendingPathComponent("datasets")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

extension Trait where Self == ConditionTrait {
  /// Skips the test, by name, where the real recordings are not beside the checkout.
  public static var needsRecordings: ConditionTrait {
    .enabled(if: sharedDatasets != nil, "the recordings of ../shared/datasets are not here")
  }
}

/// Calls `body` with a new empty folder that is removed afterwards.
public func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("ssrm-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The words of an error as the command line prints them.
public func words(of error: any Error) -> String { error.localizedDescription }
