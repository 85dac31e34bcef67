import Files
import Foundation

/// Numbers by name, as a training makes them: one line of JSON a step, and a TensorBoard event file beside it.
public final class MetricsLog {
  private let lines: GrowingFile
  private let events: EventFile

  /// Appends to `metrics.jsonl` of a run and begins a new event file.
  ///
  /// - Throws: ``Files/DiskError``.
  public init(_ run: RunFolder) throws {
    lines = try GrowingFile(run.metrics)
    events = try EventFile(in: run.url)
  }

  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - values: One that is not finite is written as null.
  /// - Throws: ``Files/DiskError``.
  public func write(step: Int, _ values: [String: Double]) throws {
    let fields = try values.sorted { $0.key < $1.key }.map { name, value in
      let key = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      return "\(key):\(value.isFinite ? "\(value)" : "null")"
    }
    try lines.append(Data(("{" + (["\"step\":\(step)"] + fields).joined(separator: ",") + "}\n").utf8))
    try events.write(step: step, values)
  }
}
