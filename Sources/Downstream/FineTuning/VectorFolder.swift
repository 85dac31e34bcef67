import Corpora
import Files
public import Foundation
import Layers
import SleepCore
import Streams
import Tensors

/// A folder of the vectors that frozen encoders give, so that trainings share them.
///
/// A file holds all of one recording and is named `<encoder>/<recording>.safetensors`. `<encoder>` is a hash of the encoder's weights and
/// options, of the windows that it takes, and of what rounds its numbers, the device and the number of threads; `<recording>` one of the
/// content of the recording's windows as they were prepared and of which of them count as measured.
public struct VectorFolder: Sendable {
  public let url: URL
  private let say: @Sendable (String) -> Void

  /// What vectors are computed by: another number makes them all anew.
  private static let version = 1

  /// - Parameter say: Is told in words of a file that is made anew, or cannot be written; standard error where left out.
  public init(_ url: URL, say: (@Sendable (String) -> Void)? = nil) {
    self.url = url
    self.say = say ?? StandardError.say
  }

  /// The user's own: `vectors` in the folder that `SSRM_CACHE` names, else in `ssrm` in that of `XDG_CACHE_HOME`, else in `~/.cache/ssrm`.
  public static func perUser(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> VectorFolder {
    func folder(_ name: String) -> URL? {
      environment[name].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0, isDirectory: true) }
    }
    let home = folder("HOME") ?? FileManager.default.homeDirectoryForCurrentUser
    let cache =
      folder("SSRM_CACHE")
      ?? (folder("XDG_CACHE_HOME") ?? home.appendingPathComponent(".cache"))
      .appendingPathComponent("ssrm")
    return VectorFolder(cache.appendingPathComponent("vectors"))
  }

  /// What an encoder's vectors are named by.
  ///
  /// - Parameters:
  ///   - description: Its options and the windows that it takes.
  ///   - entries: Its weights and statistics.
  static func name(_ description: String, _ entries: [ParameterStore.Entry], on device: Device) throws -> String {
    var hash = ContentHash()
    hash.combine("\(version) \(device) \(LibTorch.threads) \(description)")
    for entry in entries {
      hash.combine("\(entry.name) \(entry.tensor.shape)")
      var bytes = Data(count: entry.tensor.count * entry.tensor.dtype.size)
      try bytes.withUnsafeMutableBytes { try entry.tensor.copyBytes(to: $0, byteCount: $0.count) }
      bytes.withUnsafeBytes { hash.combineWords($0) }
    }
    return hash.digits
  }

  /// The vectors of a recording, `[windows, width]`: those that are kept, or new ones, which are kept from now on.
  ///
  /// - Parameters:
  ///   - encoder: As ``name(_:_:on:)`` gives it.
  ///   - recording: By position in the source's corpus.
  ///   - make: Computes them.
  func vectors(
    _ encoder: String, _ source: WindowSource, recording: Int, width: Int, make: () throws -> Tensor
  ) throws -> Tensor {
    let folder = url.appendingPathComponent(encoder)
    let file = folder.appendingPathComponent("\(Self.name(source, recording)).safetensors")
    let shape = [source.store.recordings[recording].windows, width]
    if FileManager.default.fileExists(atPath: file.path) {
      do { return try Self.read(file, shape: shape) } catch {
        say("\(error.localizedDescription); it is made anew")
      }
    }
    let vectors = try make()
    do {
      _ = try folder.makeFolder()
      try Self.write(vectors, to: file)
    } catch {
      say("\(error.localizedDescription); the vectors are not kept")
    }
    return vectors
  }

  private static func name(_ source: WindowSource, _ recording: Int) -> String {
    let entry = source.store.recordings[recording]
    var hash = ContentHash()
    for sensor in source.sensors { hash.combine("\(sensor.rawValue) \(entry.contentHashes[sensor] ?? "")") }
    source.valid(recording: recording).withUnsafeBytes { hash.combine($0) }
    return hash.digits
  }

  private static func read(_ url: URL, shape: [Int]) throws -> Tensor {
    let file = try SafetensorsFile(url)
    let tensor = try file.tensor("vectors")
    let found = try file.withBytes(of: "vectors") { bytes in
      var hash = ContentHash()
      hash.combineWords(bytes)
      return hash.text
    }
    guard tensor.shape == shape, tensor.dtype == .float32, file.metadata["hash"] == found else {
      throw VectorFileError(path: url.path)
    }
    return tensor
  }

  private static func write(_ vectors: Tensor, to url: URL) throws {
    var bytes = Data(count: vectors.count * vectors.dtype.size)
    try bytes.withUnsafeMutableBytes { try vectors.copyBytes(to: $0, byteCount: $0.count) }
    var hash = ContentHash()
    bytes.withUnsafeBytes { hash.combineWords($0) }
    try SafetensorsWriter.write(
      [SafetensorsItem(name: "vectors", type: SafetensorsType(vectors.dtype), shape: vectors.shape, bytes: bytes)],
      metadata: ["hash": hash.text], to: url)
  }
}

/// A file of vectors whose numbers are not those that were written.
struct VectorFileError: Error, LocalizedError {
  let path: String

  var errorDescription: String? { "\(path): other numbers than were written" }
}

extension ContentHash {
  fileprivate mutating func combine(_ text: String) { Array(text.utf8).withUnsafeBytes { combine($0) } }

  /// 16 hexadecimal digits.
  fileprivate var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
