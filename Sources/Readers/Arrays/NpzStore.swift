import Files
import Foundation
import NumPy

/// The arrays of a `.npz` file, as `numpy.savez` and `numpy.savez_compressed` write it. Python's own objects are never made of its bytes.
struct NpzStore: ArrayStore {
  let url: URL
  let arrays: [StoredArray]
  let facts: StoredFacts
  let passedOver: [(path: String, reason: String)]
  let isReversed = false
  private let archive: ZipArchive
  /// The member of each array, and of those that may be labels, by path.
  private let members: [String: ZipArchive.Member]

  private static let kind = "a .npz file as numpy.savez writes it"
  /// Texts of more elements are no names of channels.
  private static let mostFacts = 4096

  /// - Throws: ``ReadError`` where it is no zip file or a damaged one.
  init(_ url: URL) throws {
    self.url = url
    archive = try Self.translating(url) { () throws(InputError) in try ZipArchive(url) }
    var (arrays, facts, passedOver) = ([StoredArray](), StoredFacts(), [(path: String, reason: String)]())
    var members: [String: ZipArchive.Member] = [:]
    guard archive.members.count <= RecordingLimits.mostChannels else {
      throw ReadError(url, found: "\(archive.members.count) arrays", expected: "those of one recording")
    }
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        passedOver.append((member.name, "no array"))
        continue
      }
      let path = String(member.name.dropLast(4)).split(separator: "/").joined(separator: "/")
      let beginning = try Self.translating(url) { [archive] () throws(InputError) in
        try archive.beginning(of: member, NpyHeader.room)
      }
      let header = try ArrayFile.translating(url.appendingPathComponent(path)) {
        try NpyHeader(beginning: beginning, path: url.path)
      }
      guard members.updateValue(member, forKey: path) == nil else {
        throw ReadError(url, found: "two arrays called \(Self.quoted(path))", expected: "each name once")
      }
      let isScalar = header.count == 1 && header.shape.count < 2
      switch header.descriptor.dropFirst().first {
      case "i", "u", "f", "b":
        if header.count == 0 {
          passedOver.append((path, "no elements"))
        } else if !isScalar {
          arrays.append(StoredArray(path: path, shape: header.shape))
        } else if StoredFacts.isKnown(path) {
          let number = try Self.array(member, path, archive).anyNumbers().first
          number.map { facts.add(.number($0), named: path, to: "") }
        }
      case "U", "S":
        guard header.count > 0, header.count <= Self.mostFacts, StoredFacts.isKnown(path) else {
          passedOver.append((path, "texts"))
          continue
        }
        facts.add(.texts(try Self.array(member, path, archive).texts()), named: path, to: "")
      case "O": passedOver.append((path, "Python objects"))
      default: passedOver.append((path, "type '\(printable(header.descriptor.utf8))'"))
      }
    }
    (self.arrays, self.facts, self.passedOver, self.members) = (arrays, facts, passedOver, members)
  }

  func holds(_ path: String) -> Bool { members[path] != nil }

  func floats(ofArray index: Int) throws -> [Float] {
    try RawFile.expectRoom(for: arrays[index].count, url)
    return try array(arrays[index].path).anyFloats()
  }

  func texts(of path: String) throws -> (shape: [Int], texts: [String]) {
    let array = try array(path)
    try expectLabels(array.shape)
    return (array.shape, try array.texts())
  }

  private func array(_ path: String) throws -> ArrayFile {
    guard let member = members[path] else {
      throw ReadError(
        url, found: "no array \(Self.quoted(path))",
        expected: "one of \(Self.listed(members.keys.sorted().map(Self.quoted)))")
    }
    return try Self.array(member, path, archive)
  }

  private static func array(_ member: ZipArchive.Member, _ path: String, _ archive: ZipArchive) throws -> ArrayFile {
    let content = try translating(archive.url) { () throws(InputError) in try archive.bytes(of: member) }
    return try ArrayFile(archive.url.appendingPathComponent(path), content: content)
  }

  private static func translating<Result>(
    _ url: URL, _ body: () throws(InputError) -> Result
  ) throws(ReadError) -> Result {
    do { return try body() } catch { throw ReadError(url, found: error.found, expected: kind) }
  }
}
