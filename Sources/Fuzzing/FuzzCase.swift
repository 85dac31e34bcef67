public import Foundation
import SleepCore

/// Damaged files of one format: the same of the same seed.
public struct FuzzCase: Sendable {
  public let seed: UInt64
  public let format: FuzzedFormat
  /// What was done to which file.
  public let damage: [String]
  private let files: [String: [UInt8]]

  private static let mostMutations = 4

  /// - Parameter formats: What to choose from; at least one.
  public init(seed: UInt64, of formats: [FuzzedFormat]) {
    var random = RandomSource(seed: seed, for: "damage")
    let format = formats[Int.random(in: 0..<formats.count, using: &random)]
    let other = formats[Int.random(in: 0..<formats.count, using: &random)]
    var files = format.files
    var damage: [String] = []
    let path = format.damaged[Int.random(in: 0..<format.damaged.count, using: &random)]
    for _ in 0..<Int.random(in: 1...Self.mostMutations, using: &random) {
      let source = Bool.random(using: &random) ? format.files : other.files
      let donor = source.keys.sorted().randomElement(using: &random).flatMap { source[$0] } ?? []
      let mutation = Mutation.allCases.randomElement(using: &random) ?? .flip
      let done = mutation.apply(to: &files[path, default: []], other: donor, words: format.words, &random)
      damage.append("\(path): \(done)")
    }
    (self.seed, self.format, self.damage, self.files) = (seed, format, damage, files)
  }

  /// An input that was found before, in the place of one of a format's whole files.
  public init(_ bytes: [UInt8], at path: String, of format: FuzzedFormat) {
    var files = format.files
    files[path] = bytes
    (seed, self.format, damage, self.files) = (0, format, ["\(path): \(bytes.count) bytes found before"], files)
  }

  /// Writes all files below a folder, which is emptied first.
  public func write(to folder: URL) throws { try format.write(files, to: folder) }

  /// `seed 12, edf: a.edf: bit 3 of byte 17 flipped; a.edf: cut at 200`.
  public var description: String { "seed \(seed), \(format.name): \(damage.joined(separator: "; "))" }
}
