import Foundation
import SleepCore

/// What the unit of motion sensors of an ActiGraph device recorded: a second acceleration, rotation, the magnetic field and its temperature,
/// at a rate of their own.
///
/// The unit goes by its own crystal, so that a second holds a row more or less now and then: see ``BlockClock``.
struct ActiGraphMotion: Sendable {
  let channels: [StoredChannel]
  private(set) var warnings: [String] = []
  private let columns: [ActiGraphSchema.Column]
  private let schema: ActiGraphSchema
  /// Where the rows of each of the clock's blocks begin in the log, and how many there are.
  private let rows: [(offset: Int, count: Int)]
  private let clock: BlockClock
  private let url: URL

  /// - Parameters:
  ///   - log: Where it lies with its schema.
  ///   - first: The second of the file's 0 s.
  /// - Returns: `nil` where there is none that reads; why it does not is told in `untold`.
  /// - Throws: ``ReadError`` where one lies further from the first than any recording.
  init?(_ log: ActiGraphLog, first: UInt32, untold: inout [String], _ url: URL) throws(ReadError) {
    guard !log.motion.isEmpty else { return nil }
    let name = url.lastPathComponent
    guard let id = log.motion.first(where: { log.schemata[$0.schema] != nil })?.schema, let schema = log.schemata[id]
    else {
      untold.append("\(name): its gyroscope and magnetometer are not read: no record says how their numbers are stored")
      return nil
    }
    let records = log.motion.compactMap { record -> (second: UInt32, offset: Int, count: Int)? in
      guard record.schema == id, record.size >= schema.rowBytes else { return nil }
      return (record.second, record.offset, record.size / schema.rowBytes)
    }
    guard !records.isEmpty else { return nil }
    let rate = Double(records.map(\.count).sorted()[records.count / 2])
    let clock = try BlockClock(
      records.map { .init(startSeconds: Double($0.second) - Double(first), count: $0.count) }, sampleRateHz: rate,
      url: url)
    if records.count < log.motion.count {
      let other = log.motion.count - records.count
      warnings.append(
        "\(name): \(other == 1 ? "1 record" : "\(other) records") of motion of another kind than the first; left out")
    }
    warnings += clock.warnings("\(name) (gyroscope)")
    (self.url, self.clock, self.schema) = (url, clock, schema)
    rows = clock.kept.map { (records[$0].offset, records[$0].count) }
    columns = schema.columns.filter { !$0.label.isEmpty }
    channels = columns.map { Self.channel($0, rate) }
  }

  private static func channel(_ column: ActiGraphSchema.Column, _ rate: Double) -> StoredChannel {
    let range = column.stepsPerUnit > 0 ? 0.998 * Double(1 << (8 * column.size - 1)) / column.stepsPerUnit : 0
    let limits = range > 0 ? -range...range : nil
    // The device's own acceleration is of another sensor.
    let label = column.label.hasPrefix("Accelerometer") ? "Motion \(column.label)" : column.label
    let kind = column.label.lowercased()
    if kind.hasPrefix("accelerometer") {
      return StoredChannel(label: label, unit: "g", sampleRateHz: rate, limits: limits)
    }
    if kind.hasPrefix("gyroscope") {
      return StoredChannel(label: label, unit: "deg/s", sampleRateHz: rate, limits: limits)
    }
    let unit = kind.hasPrefix("magnetometer") ? "uT" : kind == "temperature" ? "degC" : ""
    return StoredChannel(label: label, unit: unit, sampleRateHz: rate)
  }

  /// - Parameter notWorn: When the device was not on skin: all but its temperature is missing then.
  /// - Throws: ``ReadError`` where the samples have no room in memory.
  func stretches(
    ofChannel index: Int, times factor: Double, of bytes: [UInt8], notWorn: [Range<Double>]
  ) throws -> [StoredStretch] {
    let column = columns[index]
    return try clock.stretches.map { stretch in
      var samples = try clock.samples(of: stretch, url: url) { block, samples in
        for row in 0..<rows[block].count {
          let place = rows[block].offset + row * schema.rowBytes
          samples.append(Float(schema.value(column, of: bytes, rowAt: place) * factor))
        }
      }
      if channels[index].unit != "degC" { clock.remove(notWorn, from: &samples, of: stretch) }
      return StoredStretch(
        timing: .regular(startSeconds: stretch.startSeconds, sampleRateHz: clock.sampleRateHz), samples: samples)
    }
  }
}
