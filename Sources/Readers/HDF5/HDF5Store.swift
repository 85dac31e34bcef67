import CHDF5
import Foundation

/// The arrays of an HDF5 file by libhdf5, also of one that MATLAB wrote (version 7.3).
struct HDF5Store: ArrayStore {
  let url: URL
  let arrays: [StoredArray]
  /// Numeric arrays of one element.
  let singles: [StoredArray]
  let facts: StoredFacts
  let passedOver: [(path: String, reason: String)]
  let isReversed: Bool
  private let texts: [String]
  private let size: Int

  private static let kind = "an HDF5 file"

  /// - Throws: ``ReadError`` where it is no HDF5 file or a damaged one.
  init(_ url: URL) throws {
    self.url = url
    let file = try RawFile(url, expected: Self.kind)
    size = file.size
    try Self.expectSignature(file)
    guard let contents = try HDF5Contents(url, fileSize: file.size) else {
      throw ReadError(
        url, found: "an HDF5 file that is damaged, cut short or still being written", expected: "a whole one")
    }
    (arrays, singles) = (contents.arrays, contents.singles)
    (facts, passedOver) = (contents.facts, contents.passedOver)
    (texts, isReversed) = (contents.texts, contents.isMATLAB)
  }

  /// A file that ended what read it.
  static func damaged(_ url: URL) -> ReadError {
    ReadError(url, found: "an HDF5 file so damaged that libhdf5 cannot read it", expected: "a whole one")
  }

  /// Looks where the signature may be, at the start or behind a block of the user's own.
  private static func expectSignature(_ file: RawFile) throws(ReadError) {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    var offset = 0
    while offset + signature.count <= file.size {
      if try file.bytes(offset..<offset + signature.count) == signature { return }
      offset = offset == 0 ? 512 : offset * 2
    }
    let beginning = try file.bytes(0..<min(file.size, 10))
    guard beginning.starts(with: "MATLAB 5.0".utf8) else {
      throw ReadError(file.url, found: "no HDF5 signature", expected: kind)
    }
    throw ReadError(
      file.url, found: "a MATLAB file of the format before 7.3", expected: "\(kind); 'format: mat' reads it")
  }

  func holds(_ path: String) -> Bool { texts.contains(path) || arrays.contains { $0.path == path } }

  func floats(ofArray index: Int) throws -> [Float] { try floats(of: arrays[index]) }

  func floats(of array: StoredArray) throws -> [Float] {
    try RawFile.expectRoom(for: array.count, url)
    guard case (array.shape, .floats(let floats)) = try values(of: array.path, hdf5_floats, count: array.count) else {
      throw damagedValues(of: array.path)
    }
    return floats
  }

  func texts(of path: String) throws -> (shape: [Int], texts: [String]) {
    guard holds(path) else {
      let known = (arrays.map(\.path) + texts).map(Self.quoted)
      let others = passedOver.filter { $0.path == path }.map { " (\($0.reason))" }.first ?? ""
      throw ReadError(
        url, found: "no array \(Self.quoted(path)) that is read\(others)",
        expected: known.isEmpty ? "arrays of numbers" : "one of \(Self.listed(known))")
    }
    let number = arrays.first { $0.path == path }
    if let number { try expectLabels(number.shape) }
    let found = try values(
      of: path, number == nil ? hdf5_texts : hdf5_doubles, count: number?.count ?? RecordingLimits.mostLabels)
    switch found.values {
    case .texts(let texts): return (found.shape, texts)
    case .doubles(let numbers): return (found.shape, numbers.map { plain($0) })
    default: throw damagedValues(of: path)
    }
  }

  private func damagedValues(of path: String) -> ReadError {
    ReadError(url, found: "damaged values of \(Self.quoted(path))", expected: Self.kind)
  }

  /// The values of a dataset that was found before.
  private func values(
    of path: String, _ wanted: hdf5_values, count: Int
  ) throws -> (shape: [Int], values: HDF5Reading.Values) {
    // What has become shorter would be read as zeros.
    let now = try RawFile(url, expected: Self.kind).size
    guard now >= size else {
      throw ReadError(url, found: "a file that became shorter while it was read", expected: Self.kind)
    }
    let reading = HDF5Reading(url, fileSize: size, path: path, wanted, bytes: count * MemoryLayout<Double>.size)
    guard let reading, reading.record() == hdf5_dataset_values, let shape = reading.shape(),
      let values = reading.values(atMost: count), reading.record() == hdf5_end
    else { throw damagedValues(of: path) }
    return (shape, values)
  }
}
