import Foundation

/// The arrays of a MAT-file of version 5: variables of numbers, and the fields of structures. Texts, and cells of them, may be labels.
struct MATStore: ArrayStore {
  let arrays: [StoredArray]
  let facts: StoredFacts
  let passedOver: [(path: String, reason: String)]
  let isReversed = true
  private let file: MATFile
  private let places: [MATContents.Place]
  private let texts: [String: [String]]

  var url: URL { file.url }

  /// - Throws: ``ReadError`` where it is no such file or a damaged one.
  init(_ url: URL) throws {
    file = try MATFile(url)
    let contents = try MATContents(file)
    (arrays, facts, passedOver) = (contents.arrays, contents.facts, contents.passedOver)
    (places, texts) = (contents.places, contents.texts)
  }

  /// A file of MATLAB's of either format: the older one, or HDF5 since 7.3.
  ///
  /// - Throws: ``ReadError`` where it is neither, or damaged.
  static func ofAnyVersion(_ url: URL) throws -> any ArrayStore {
    let start = try RawFile(url, expected: MATFile.kind)
    let bytes = try start.bytes(0..<min(start.size, 128))
    // Version 7.3 has MATLAB's line and the number of its version above HDF5's own, or nothing.
    let isHDF5 =
      bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) || bytes.dropFirst(124).starts(with: [0, 2, 0x49, 0x4d])
      || bytes.starts(with: "MATLAB 7.3".utf8)
    return isHDF5 ? try HDF5Store(url) : try MATStore(url)
  }

  func holds(_ path: String) -> Bool { texts[path] != nil || arrays.contains { $0.path == path } }

  func floats(ofArray index: Int) throws -> [Float] {
    try RawFile.expectRoom(for: arrays[index].count, url)
    return try values(index) { Float($0) }
  }

  func texts(of path: String) throws -> (shape: [Int], texts: [String]) {
    if let found = texts[path] {
      try expectLabels([found.count])
      return ([found.count], found)
    }
    guard let index = arrays.firstIndex(where: { $0.path == path }) else {
      let known = (arrays.map(\.path) + texts.keys.sorted()).map(Self.quoted)
      let others = passedOver.first { $0.path == path }.map { " (\($0.reason))" } ?? ""
      throw ReadError(
        url, found: "no array \(Self.quoted(path)) that is read\(others)",
        expected: known.isEmpty ? "arrays of numbers" : "one of \(Self.listed(known))")
    }
    try expectLabels(arrays[index].shape)
    return (arrays[index].shape, try values(index) { plain($0) })
  }

  private func values<Value>(_ index: Int, _ value: (Double) -> Value) throws -> [Value] {
    let place = places[index]
    let bytes = try MATBytes(file, file.variables[place.variable])
    return place.numbers.values(try bytes.bytes(place.data), file.isBigEndian, value)
  }
}
