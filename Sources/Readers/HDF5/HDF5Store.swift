import CHDF5
import Foundation

/// The arrays of an HDF5 file by libhdf5, also of one that MATLAB wrote (version 7.3).
struct HDF5Store: ArrayStore {
  let url: URL
  let arrays: [StoredArray]
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
    guard let contents = HDF5Library.reading(url, { HDF5Contents(of: $0, fileSize: file.size) }) else {
      throw ReadError(
        url, found: "an HDF5 file that is damaged, cut short or still being written", expected: "a whole one")
    }
    (arrays, facts, passedOver) = (contents.arrays, contents.facts, contents.passedOver)
    (texts, isReversed) = (contents.texts, contents.isMATLAB)
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
      file.url, found: "a MATLAB file of the format before 7.3", expected: "one that is saved with '-v7.3'")
  }

  func holds(_ path: String) -> Bool { texts.contains(path) || arrays.contains { $0.path == path } }

  func floats(ofArray index: Int) throws -> [Float] {
    let array = arrays[index]
    try RawFile.expectRoom(for: array.count, url)
    return try reading(array.path) { dataset in
      guard dataset.shape == array.shape else { return nil }
      return dataset.reading { $0.floats() }
    }
  }

  func texts(of path: String) throws -> (shape: [Int], texts: [String]) {
    let known = arrays.map(\.path) + texts
    guard known.contains(path) else {
      let others = passedOver.filter { $0.path == path }.map { " (\($0.reason))" }.first ?? ""
      throw ReadError(
        url, found: "no array \(Self.quoted(path)) that is read\(others)",
        expected: known.isEmpty ? "arrays of numbers" : "one of \(Self.listed(known.map(Self.quoted)))")
    }
    return try reading(path) { dataset in
      try expectLabels(dataset.shape)
      return dataset.reading { values in
        values.kind == hdf5_text ? values.texts() : values.doubles()?.map { plain($0) }
      }.map { (dataset.shape, $0) }
    }
  }

  /// Opens a dataset that was found before.
  private func reading<Result>(_ path: String, _ body: (HDF5Dataset) throws -> Result?) throws -> Result {
    // What has become shorter would be read as zeros.
    let now = try RawFile(url, expected: Self.kind).size
    guard now >= size else {
      throw ReadError(url, found: "a file that became shorter while it was read", expected: Self.kind)
    }
    let result = try HDF5Library.reading(url) { file -> Result? in
      let object = H5Oopen(file, path, 0)
      guard object >= 0 else { return nil }
      defer { H5Oclose(object) }
      var address: UInt64 = 0
      guard hdf5_object(object, &address) == Int32(hdf5_dataset.rawValue) else { return nil }
      return try body(HDF5Dataset(object, fileSize: size))
    }
    guard let result = result ?? nil else {
      throw ReadError(url, found: "damaged values of \(Self.quoted(path))", expected: Self.kind)
    }
    return result
  }
}
