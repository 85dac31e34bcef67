import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// Writes files below a folder: text by its relative path.
func write(_ files: [String: String], to folder: URL) throws {
  for (path, text) in files { try write(Data(text.utf8), to: folder.appendingPathComponent(path)) }
}

func write(_ data: Data, to url: URL) throws {
  try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try data.write(to: url)
}

/// Reads every recording below a folder, with all sensors.
func readAll(_ reader: some DatasetReader, in folder: URL) throws -> [Recording] {
  try reader.discover(in: folder).map { try reader.read($0, sensors: Set(reader.sensors)) }
}

/// The words of the error that reading a folder ends with, without the folder's own path.
func refusal(_ reader: some DatasetReader, in folder: URL) -> String {
  do {
    _ = try readAll(reader, in: folder)
    return "no error"
  } catch {
    return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
      .replacingOccurrences(of: folder.path, with: "ROOT")
  }
}

extension Hypnogram {
  /// Windows in each stage, W to REM.
  var counts: [Int] { Stage.allCases.map { stage in stages.count { $0 == stage } } }
}

extension Signal {
  var seconds: [Double] {
    guard case .irregular(let seconds) = timing else { return [] }
    return seconds
  }

  /// The samples with a time each that lie in a stretch.
  func cropped(to range: ClosedRange<Double>) -> Signal {
    let inside = seconds.indices.filter { range.contains(seconds[$0]) }
    return Signal(
      sensor: sensor, channels: channels, timing: .irregular(seconds: inside.map { seconds[$0] }),
      samples: samples.map { row in inside.map { row[$0] } })
  }
}

func sum(_ values: some Sequence<Float>) -> Double { values.reduce(0) { $0 + Double($1) } }
