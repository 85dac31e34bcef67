import Foundation

/// Numbers by name, as a training makes them: one line of JSON a step, and a TensorBoard event file beside it.
public final class MetricsLog {
  private let handle: FileHandle
  private let events: EventFile

  /// Appends to `metrics.jsonl` of a run and begins a new event file.
  public init(_ run: RunFolder) throws {
    if !FileManager.default.fileExists(atPath: run.metrics.path) {
      guard FileManager.default.createFile(atPath: run.metrics.path, contents: nil) else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: run.metrics.path])
      }
    }
    handle = try FileHandle(forWritingTo: run.metrics)
    try handle.seekToEnd()
    events = try EventFile(in: run.url)
  }

  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - values: One that is not finite is written as null.
  public func write(step: Int, _ values: [String: Double]) throws {
    let fields = try values.sorted { $0.key < $1.key }.map { name, value in
      let key = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      return "\(key):\(value.isFinite ? "\(value)" : "null")"
    }
    try handle.write(contentsOf: Data(("{" + (["\"step\":\(step)"] + fields).joined(separator: ",") + "}\n").utf8))
    try events.write(step: step, values)
  }
}
