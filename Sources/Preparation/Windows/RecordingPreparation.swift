public import Corpora
import Files
import Foundation
import Readers
public import SleepCore

extension Preprocessing {
  /// Turns one recording into windows; prediction on raw files goes the same way as `ssrm prepare`.
  ///
  /// - Parameter path: The file that messages name.
  /// - Throws: ``PreparationError`` where a channel, rate or unit is not as the card says, or nothing is left.
  public func windows(of recording: Recording, path: String) throws -> RecordingWindows {
    _ = keptMemory
    do {
      return try recording.frames.map { try frames($0, of: recording, path: path) }
        ?? signals(of: recording, path: path)
    } catch let error as PreparationError {
      throw error
    } catch {
      throw PreparationError.unpreparable(path: path, reason: error.localizedDescription)
    }
  }

  private func frames(_ frames: PressureFrames, of recording: Recording, path: String) throws -> RecordingWindows {
    guard let settings = sensors[frames.sensor], frames.count > 0 else {
      throw PreparationError.nothingToPrepare(path: path, sensors: sensors.keys.sorted { $0.rawValue < $1.rawValue })
    }
    var warnings = recording.warnings
    var labels = frames.postures.map { $0?.rawValue ?? -1 }
    if let stages = recording.hypnogram?.stages {
      if stages.count != labels.count { warnings.append("found \(stages.count) labels for \(labels.count) maps") }
      labels = labels.indices.map { stages.indices.contains($0) ? stages[$0]?.rawValue ?? -1 : -1 }
    }
    let cells = (settings.map?.size ?? [frames.rows, frames.columns]).reduce(settings.map?.reference == true ? 2 : 1, *)
    try WindowRoom.expect(
      Double(frames.count) * Double(cells), of: frames.sensor, samples: frames.values.count, path: path)
    let windows = try MapWindowing(settings, preparation: preparation(of: frames.sensor)).windows(of: frames)
    return RecordingWindows(
      id: recording.id, subject: recording.subject, start: recording.start, labels: labels, sensors: [windows],
      sourceHashes: recording.sourceHashes, warnings: warnings)
  }

  private func signals(of recording: Recording, path: String) throws -> RecordingWindows {
    let wanted = Sensor.allCases.filter { sensors[$0] != nil }
    let measured = recording.signals.filter { sources.contains($0.sensor) }.compactMap(\.measuredSeconds)
    let nothing = PreparationError.nothingToPrepare(path: path, sensors: wanted)
    guard let first = measured.map(\.lowerBound).min(), let last = measured.map(\.upperBound).max() else {
      throw nothing
    }
    let grid = try WindowGrid(measured: first...last, settings: self, start: recording.start, path: path)
    guard grid.count > 0 else { throw nothing }
    let labels = WindowLabels(
      recording.hypnogram, on: grid, trimWakeMinutes: trimWakeMinutes, around: trimWakeAround ?? .sleep)
    var warnings = recording.warnings + labels.warnings.map { "\(recording.id): \($0)" }
    warnings += cropped(recording, to: grid)
    var prepared: [SensorWindows] = []
    var leads: [String: String] = [:]
    for sensor in wanted {
      guard let settings = sensors[sensor] else { continue }
      let windowing = SignalWindowing(
        sensor: sensor, settings: settings, preparation: try preparation(of: sensor), grid: grid, path: path)
      do {
        guard let (windows, odd, made) = try windowing.windows(of: recording.signals) else { continue }
        prepared.append(windows)
        leads.merge(made) { first, _ in first }
        warnings += odd.map { "\(recording.id): \($0)" }
      } catch let error as PreparationError where settings.optional == true {
        guard case .absentChannel(_, let name, let present, _) = error else { throw error }
        warnings.append(
          "\(recording.id): \(sensor.rawValue) is left out, since there is no '\(name)' among \(shortened(present).joined(separator: ", "))"
        )
      }
    }
    guard !prepared.isEmpty else { throw nothing }
    return RecordingWindows(
      id: recording.id, subject: recording.subject, startSeconds: grid.startSeconds, start: recording.start,
      lightsOffSeconds: recording.lightsOffSeconds, labels: labels.labels, sensors: prepared,
      sourceHashes: recording.sourceHashes, warnings: warnings, leads: leads)
  }

  /// What the card's own times take away from each sensor, told.
  private func cropped(_ recording: Recording, to grid: WindowGrid) -> [String] {
    guard fromSeconds != nil || toSeconds != nil else { return [] }
    return recording.signals.compactMap { signal in
      guard let measured = signal.measuredSeconds else { return nil }
      let lost = [
        (fromSeconds.map { max(0, $0 - measured.lowerBound) } ?? 0, "before"),
        (toSeconds.map { max(0, measured.upperBound - $0) } ?? 0, "after"),
      ].filter { $0.0 > grid.windowSeconds }
      guard !lost.isEmpty else { return nil }
      let words = lost.map { "\(hours($0.0)) \($0.1) it" }.joined(separator: " and ")
      return
        "\(recording.id): \(signal.sensor.rawValue) of \(words) is left out, as 'from_seconds' and 'to_seconds' say"
    }
  }
}

/// `12.5 h`, or minutes below an hour.
private func hours(_ seconds: Double) -> String {
  seconds < 3600 ? "\(short((seconds / 6).rounded() / 10)) min" : "\(short((seconds / 360).rounded() / 10)) h"
}

extension Recording {
  /// The hash of each sensor's samples as they were read, in the order of its channels.
  var sourceHashes: [Sensor: String] {
    var hashes: [Sensor: ContentHash] = [:]
    for signal in signals {
      // What never changes is nobody's own: two people's sensors may lie idle alike.
      for channel in signal.samples where channel.contains(where: { $0 != channel.first }) {
        channel.withUnsafeBytes { hashes[signal.sensor, default: ContentHash()].combineWords($0) }
      }
    }
    if let frames {
      frames.values.withUnsafeBytes { hashes[frames.sensor, default: ContentHash()].combineWords($0) }
    }
    return hashes.mapValues(\.text)
  }
}

/// A night's channels are blocks of many megabytes, which glibc hands back to the kernel when they are freed and faults
/// in again for the next night: a quarter of a preparation. Told once to keep them, it does not. Swift's Glibc lacks
/// `mallopt`, and other C libraries have none.
private let keptMemory: Void = {
  typealias Mallopt = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
  guard let symbol = dlsym(dlopen(nil, RTLD_LAZY), "mallopt") else { return }
  let mallopt = unsafeBitCast(symbol, to: Mallopt.self)
  let (trimThreshold, mostMapped) = (Int32(-1), Int32(-4))  // M_TRIM_THRESHOLD and M_MMAP_MAX of malloc.h
  _ = mallopt(mostMapped, 0)
  _ = mallopt(trimThreshold, .max)
}()

extension RecordingSource {
  /// The file that stands for the recording in messages: its signal where there is one.
  package var path: String {
    for key in ["psg", "signal", "signals", "edf", "dat"] {
      if let url = files[key] { return url.path }
    }
    return files.sorted { $0.key < $1.key }.first { $0.key != "labels" }?.value.path ?? id
  }
}
