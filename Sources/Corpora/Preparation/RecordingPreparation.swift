import Foundation
import Readers
public import SleepCore

extension Preprocessing {
  /// Turns one recording into windows; prediction on raw files goes the same way as `ssrm prepare`.
  ///
  /// - Parameter path: The file that messages name.
  /// - Throws: ``CorpusError`` where a channel, rate or unit is not as the card says, or nothing is left.
  public func windows(of recording: Recording, path: String) throws -> RecordingWindows {
    _ = keptMemory
    do {
      return try recording.frames.map { try frames($0, of: recording, path: path) }
        ?? signals(of: recording, path: path)
    } catch let error as CorpusError {
      throw error
    } catch {
      throw CorpusError.unpreparable(path: path, reason: error.localizedDescription)
    }
  }

  private func frames(_ frames: PressureFrames, of recording: Recording, path: String) throws -> RecordingWindows {
    guard let settings = sensors[frames.sensor], frames.count > 0 else {
      throw CorpusError.nothingToPrepare(path: path, sensors: sensors.keys.sorted { $0.rawValue < $1.rawValue })
    }
    var warnings = recording.warnings
    var labels = frames.postures.map { $0?.rawValue ?? -1 }
    if let stages = recording.hypnogram?.stages {
      if stages.count != labels.count { warnings.append("found \(stages.count) labels for \(labels.count) maps") }
      labels = labels.indices.map { stages.indices.contains($0) ? stages[$0]?.rawValue ?? -1 : -1 }
    }
    return RecordingWindows(
      id: recording.id, subject: recording.subject, labels: labels,
      sensors: [try MapWindowing(settings).windows(of: frames)], warnings: warnings)
  }

  private func signals(of recording: Recording, path: String) throws -> RecordingWindows {
    let wanted = Sensor.allCases.filter { sensors[$0] != nil }
    let measured = recording.signals.filter { sources.contains($0.sensor) }.compactMap(\.measuredSeconds)
    let nothing = CorpusError.nothingToPrepare(path: path, sensors: wanted)
    guard let first = measured.map(\.lowerBound).min(), let last = measured.map(\.upperBound).max() else {
      throw nothing
    }
    let grid = try WindowGrid(
      measured: first...last, hypnogram: recording.hypnogram, windowSeconds: windowSeconds ?? 30,
      trimWakeMinutes: trimWakeMinutes, path: path)
    guard grid.count > 0 else { throw nothing }
    var warnings = recording.warnings + grid.warnings
    var prepared: [SensorWindows] = []
    for sensor in wanted {
      guard let settings = sensors[sensor] else { continue }
      let windowing = SignalWindowing(sensor: sensor, settings: settings, grid: grid, path: path)
      guard let (windows, odd) = try windowing.windows(of: recording.signals) else { continue }
      prepared.append(windows)
      warnings += odd
    }
    guard !prepared.isEmpty else { throw nothing }
    return RecordingWindows(
      id: recording.id, subject: recording.subject, startSeconds: grid.startSeconds, labels: grid.labels,
      sensors: prepared, warnings: warnings)
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
