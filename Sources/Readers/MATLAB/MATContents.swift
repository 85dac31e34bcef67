import Files

/// What a MAT-file holds: its variables, and the fields of its structures as files in folders.
struct MATContents {
  /// Where the values of an array are.
  struct Place: Hashable, Sendable {
    let variable: Int
    let data: Range<Int>
    let numbers: MATNumbers
  }

  private(set) var arrays: [StoredArray] = []
  /// Those of each of the arrays.
  private(set) var places: [Place] = []
  private(set) var facts = StoredFacts()
  private(set) var passedOver: [(path: String, reason: String)] = []
  /// Arrays of texts, by path.
  private(set) var texts: [String: [String]] = [:]

  private let file: MATFile
  private var known: Set<String> = []

  /// Structures in structures are no deeper in any recording.
  private static let deepest = 8
  private static let mostAxes = 32
  private static let longestName = 4096

  /// - Throws: ``ReadError`` where the file is damaged.
  init(_ file: MATFile) throws {
    self.file = file
    // What texts and structures are decompressed to, in all.
    var inflated = 0
    for (index, variable) in file.variables.enumerated() {
      let bytes = try MATBytes(file, variable, atMost: InputFile.mostExpanded - inflated)
      defer { inflated += bytes.inflatedBytes }
      let element = try bytes.element(at: 0, end: bytes.count)
      guard element.type == MATElement.matrix else { throw file.damaged() }
      try add(element, bytes, variable: index, path: nil, depth: 0)
    }
    facts.addDescriptions()
  }

  private enum Kind: Int {
    case cell = 1
    case structure, object, characters, sparse, double, single, int8, uint8, int16, uint16, int32, uint32, int64, uint64
    case function, opaque
  }

  /// - Parameter path: That of a field; `nil` of a variable, which has a name of its own.
  private mutating func add(
    _ element: MATElement, _ bytes: MATBytes, variable: Int, path: String?, depth: Int
  ) throws {
    // An empty field may be nothing at all.
    guard !element.data.isEmpty else {
      if let path { passedOver.append((path, "no elements")) }
      return
    }
    let end = element.data.upperBound
    let flags = try bytes.element(at: element.data.lowerBound, end: end)
    guard flags.data.count == 8 else { throw file.damaged() }
    let word = Int(try bytes.bytes(flags.data).number(UInt32.self, at: 0, bytes.isBigEndian))
    guard let kind = Kind(rawValue: word & 0xff) else { throw file.damaged() }
    if kind == .opaque {
      passedOver.append((path ?? "an object", "an object of MATLAB's"))
      return
    }
    let axes = try bytes.element(at: flags.next, end: end)
    let shape = try self.shape(axes, bytes)
    let name = try bytes.element(at: axes.next, end: end)
    guard name.data.count <= Self.longestName else { throw file.damaged() }
    let own = String(decoding: try bytes.bytes(name.data), as: UTF8.self)
    let path = path ?? own
    // What a program keeps for itself has no name.
    guard !path.isEmpty else { return }
    guard known.insert(path).inserted else {
      throw ReadError(file.url, found: "two variables called \(quotedName(path))", expected: "each name once")
    }
    guard known.count <= RecordingLimits.mostChannels else {
      throw ReadError(
        file.url, found: "more than \(RecordingLimits.mostChannels) variables and fields",
        expected: "those of one recording")
    }
    let rest = name.next..<end
    switch kind {
    case .structure: try addFields(shape, rest, bytes, variable: variable, path: path, depth: depth)
    case .cell: try addCells(shape, rest, bytes, path: path)
    case .characters: try addTexts(try rows(shape, rest, bytes), path)
    case .object, .opaque: passedOver.append((path, "an object of MATLAB's"))
    case .function: passedOver.append((path, "a function"))
    case .sparse: passedOver.append((path, "a sparse matrix"))
    default:
      guard word & 0x800 == 0 else {
        passedOver.append((path, "complex numbers"))
        return
      }
      try addNumbers(shape, rest, bytes, variable: variable, path: path)
    }
  }

  /// The lengths of the axes, the first of which MATLAB counts up first.
  private func shape(_ element: MATElement, _ bytes: MATBytes) throws -> [Int] {
    let count = element.data.count / 4
    guard element.data.count % 4 == 0, (1...Self.mostAxes).contains(count) else { throw file.damaged() }
    let raw = try bytes.bytes(element.data)
    let shape = (0..<count).map { Int(raw.number(Int32.self, at: 4 * $0, bytes.isBigEndian)) }
    var total = 1
    for length in shape {
      let (product, isTooLarge) = total.multipliedReportingOverflow(by: length)
      guard length >= 0, !isTooLarge else { throw file.damaged() }
      total = product
    }
    return shape
  }

  private mutating func addNumbers(
    _ shape: [Int], _ rest: Range<Int>, _ bytes: MATBytes, variable: Int, path: String
  ) throws {
    let count = shape.reduce(1, *)
    guard count > 0 else {
      passedOver.append((path, "no elements"))
      return
    }
    let data = try bytes.element(at: rest.lowerBound, end: rest.upperBound)
    guard let numbers = MATNumbers(rawValue: data.type), data.data.count == count * numbers.bytes else {
      throw file.damaged()
    }
    if count > 1 {
      arrays.append(StoredArray(path: path, shape: shape.reversed()))
      places.append(Place(variable: variable, data: data.data, numbers: numbers))
    } else if StoredFacts.isKnown(Self.name(path)) {
      let number = numbers.values(try bytes.bytes(data.data), bytes.isBigEndian) { $0 }
      facts.add(.number(number[0]), named: Self.name(path), to: Self.folder(path))
    }
  }

  /// The rows of an array of characters, without the blanks that fill them.
  private func rows(_ shape: [Int], _ rest: Range<Int>, _ bytes: MATBytes) throws -> [String] {
    let count = shape.reduce(1, *)
    guard count > 0, let rows = shape.first else { return [""] }
    let data = try bytes.element(at: rest.lowerBound, end: rest.upperBound)
    guard let characters = MATCharacters(rawValue: data.type), rows <= RecordingLimits.mostLabels,
      data.data.count <= RawFile.mostBytesBesideSignals
    else { throw file.damaged() }
    let units = characters.units(try bytes.bytes(data.data), bytes.isBigEndian)
    // A text that some programs store in UTF-8 may be counted in other units.
    if rows == 1 { return [String(decoding: units, as: UTF16.self)] }
    guard units.count == count else { throw file.damaged() }
    return (0..<rows).map { row in
      String(String(decoding: stride(from: row, to: count, by: rows).map { units[$0] }, as: UTF16.self).trimmingBlanks)
    }
  }

  private mutating func addTexts(_ found: [String], _ path: String) throws {
    texts[path] = found
    if StoredFacts.isKnown(Self.name(path)) {
      facts.add(.texts(found), named: Self.name(path), to: Self.folder(path))
    } else {
      passedOver.append((path, "texts"))
    }
  }

  /// Cells are read where each holds a text.
  private mutating func addCells(_ shape: [Int], _ rest: Range<Int>, _ bytes: MATBytes, path: String) throws {
    let count = shape.reduce(1, *)
    // Each takes its tag at least.
    guard count <= rest.count / MATElement.tagBytes else { throw file.damaged() }
    guard count > 0 else {
      passedOver.append((path, "no elements"))
      return
    }
    guard count <= RecordingLimits.mostLabels else {
      passedOver.append((path, "more cells than labels"))
      return
    }
    var found: [String] = []
    var at = rest.lowerBound
    for _ in 0..<count {
      let cell = try bytes.element(at: at, end: rest.upperBound)
      guard cell.type == MATElement.matrix, let text = try text(cell, bytes) else {
        passedOver.append((path, "cells that are no texts"))
        return
      }
      found.append(text)
      at = cell.next
    }
    try addTexts(found, path)
  }

  /// The text of a cell; `nil` where it is none.
  private func text(_ cell: MATElement, _ bytes: MATBytes) throws -> String? {
    guard !cell.data.isEmpty else { return "" }
    let end = cell.data.upperBound
    let flags = try bytes.element(at: cell.data.lowerBound, end: end)
    guard flags.data.count == 8 else { throw file.damaged() }
    let word = Int(try bytes.bytes(flags.data).number(UInt32.self, at: 0, bytes.isBigEndian))
    let axes = try bytes.element(at: flags.next, end: end)
    let shape = try self.shape(axes, bytes)
    // `[]` among texts is an empty one.
    if shape.contains(0) { return "" }
    guard word & 0xff == Kind.characters.rawValue, shape.first == 1 else { return nil }
    let name = try bytes.element(at: axes.next, end: end)
    return try rows(shape, name.next..<end, bytes).first
  }

  private mutating func addFields(
    _ shape: [Int], _ rest: Range<Int>, _ bytes: MATBytes, variable: Int, path: String, depth: Int
  ) throws {
    guard shape.allSatisfy({ $0 == 1 }) else {
      passedOver.append((path, shape.contains(0) ? "no elements" : "a list of structures"))
      return
    }
    guard depth < Self.deepest else {
      passedOver.append((path, "structures in structures in structures"))
      return
    }
    let length = try bytes.element(at: rest.lowerBound, end: rest.upperBound)
    guard length.data.count == 4 else { throw file.damaged() }
    let width = Int(try bytes.bytes(length.data).number(Int32.self, at: 0, bytes.isBigEndian))
    let list = try bytes.element(at: length.next, end: rest.upperBound)
    guard (1...Self.longestName).contains(width), list.data.count % width == 0,
      list.data.count / width <= RecordingLimits.mostChannels
    else { throw file.damaged() }
    let names = try bytes.bytes(list.data)
    var at = list.next
    for field in 0..<list.data.count / width {
      let letters = names[field * width..<(field + 1) * width].prefix { $0 != 0 }
      let element = try bytes.element(at: at, end: rest.upperBound)
      guard element.type == MATElement.matrix, !letters.isEmpty else { throw file.damaged() }
      try add(
        element, bytes, variable: variable, path: "\(path)/\(String(decoding: letters, as: UTF8.self))",
        depth: depth + 1)
      at = element.next
    }
  }

  private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

  private static func folder(_ path: String) -> String {
    path.split(separator: "/").dropLast().joined(separator: "/")
  }
}
