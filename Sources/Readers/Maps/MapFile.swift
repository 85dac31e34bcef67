import Foundation
import SleepCore

/// The frames of one file of pressure maps: text with a frame or a row a line, or an array of one frame or many.
struct MapFile {
  let url: URL
  private(set) var rows: Int
  private(set) var columns: Int
  /// `[frames, rows, columns]`; a missing cell is NaN.
  private(set) var values: [Float]

  var count: Int { values.count / max(1, rows * columns) }

  /// A side of a mat that no line tells is no longer.
  private static let longestSide = 512
  static let endings: Set = ["txt", "csv", "tsv", "dat", "npy", "npz", "h5", "hdf5", "mat"]

  /// - Throws: ``ReadError`` naming the file and, in text, the line.
  init(_ url: URL, _ rules: MapRules) throws {
    self.url = url
    (rows, columns, values) =
      switch url.pathExtension.lowercased() {
      case "npy": try Self.array(ArrayFile(url), rules)
      case "npz": try Self.stored(NpzStore(url), rules)
      case "h5", "hdf5", "hdf": try Self.stored(HDF5Store(url), rules)
      case "mat": try Self.stored(MATStore.ofAnyVersion(url), rules)
      default: try Self.text(url, rules)
      }
    let cells = rows * columns
    let left = min(count, rules.skipFrames ?? 0)
    guard count > left else {
      throw ReadError(
        url, found: count == 1 ? "1 frame" : "\(count) frames", expected: "more than the \(left) that are left out")
    }
    values.removeFirst(left * cells)
    if let missing = rules.missing.map({ Set($0.map(Float.init)) }) {
      for index in values.indices where missing.contains(values[index]) { values[index] = .nan }
    }
    turn(rules.quarterTurns ?? 0)
    if rules.mirrored == true { mirror() }
  }

  // MARK: Text

  private static func text(_ url: URL, _ rules: MapRules) throws -> (Int, Int, [Float]) {
    let file = try TextFile(url)
    var values: [Float] = []
    var width: Int?
    var lines = 0
    for line in TextLines(file) where line.number > rules.skipLines ?? 0 {
      let before = values.count
      try append(line, of: url, to: &values)
      let found = values.count - before
      lines += 1
      if let width, width != found {
        throw ReadError(url, line: line.number, found: "\(found) numbers", expected: "\(width) as in the lines before")
      }
      width = found
    }
    // Where every line ends with a mark, nothing stands behind it.
    if var full = width, full > 1, stride(from: full - 1, to: values.count, by: full).allSatisfy({ values[$0].isNaN }) {
      values = values.indices.filter { $0 % full != full - 1 }.map { values[$0] }
      full -= 1
      width = full
    }
    guard let width, lines > 0 else { throw ReadError(url, found: "no numbers", expected: "frames of a pressure mat") }
    guard let size = rules.size else {
      guard lines <= longestSide, width <= longestSide, lines > 1 else {
        throw ReadError(
          url, found: "\(lines) \(lines == 1 ? "line" : "lines") of \(width) numbers",
          expected: "the size of a frame, as 'map: {size: [64, 32]}' in the card says it")
      }
      return (lines, width, values)
    }
    let (rows, columns) = (size[0], size[1])
    if width == rows * columns { return (rows, columns, values) }
    guard width == columns, lines % rows == 0 else {
      throw ReadError(
        url, found: "\(lines) lines of \(width) numbers",
        expected:
          "lines of \(rows * columns), a frame each, or \(rows) lines of \(columns) a frame, as the card's size says")
    }
    return (rows, columns, values)
  }

  /// The numbers of a line; a field that is empty or `NaN` is NaN.
  private static func append(_ line: TextLine, of url: URL, to values: inout [Float]) throws {
    guard var p = line.bytes.baseAddress else { return }
    let end = p + line.bytes.count
    let isSeparated = line.bytes.contains { $0 == 0x2c || $0 == 0x3b }
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    while true {
      while p < end, isBlank(p.pointee) { p += 1 }
      if p == end, !isSeparated { return }
      let start = p
      if p == end || p.pointee == 0x2c || p.pointee == 0x3b {
        values.append(.nan)
      } else if let value = DecimalNumber.parse(at: &p, before: end) {
        values.append(Float(value))
      } else {
        while p < end, !isBlank(p.pointee), p.pointee != 0x2c, p.pointee != 0x3b { p += 1 }
        let word = UnsafeBufferPointer(start: start, count: p - start)
        guard ["nan", "na", "null", "-"].contains(String(decoding: word, as: UTF8.self).lowercased()) else {
          throw ReadError(
            url, line: line.number, found: "'\(printable(word))'",
            expected: "a number; 'map: {skip_lines: …}' in the card leaves out headings")
        }
        values.append(.nan)
      }
      while p < end, isBlank(p.pointee) { p += 1 }
      if p == end { return }
      if p.pointee == 0x2c || p.pointee == 0x3b {
        p += 1
      } else if p == start {
        return
      }
    }
  }

  // MARK: Arrays

  private static func array(_ file: ArrayFile, _ rules: MapRules) throws -> (Int, Int, [Float]) {
    let (rows, columns) = try size(file.shape, rules, file.url)
    return (rows, columns, try file.anyFloats())
  }

  private static func stored(_ store: any ArrayStore, _ rules: MapRules) throws -> (Int, Int, [Float]) {
    let all = store.arrays.map(\.path)
    let index: Int
    if let wanted = rules.array {
      guard let found = all.firstIndex(of: wanted) else {
        let meant = nearest(wanted, among: all).map { "; the nearest is '\($0)'" } ?? ""
        throw ReadError(
          store.url, found: "the arrays \(listed(all.map(quotedName)))", expected: "one called '\(wanted)'\(meant)")
      }
      index = found
    } else {
      let maps = all.indices.filter { store.arrays[$0].shape.count >= 2 }
      guard maps.count == 1 else {
        throw ReadError(
          store.url, found: "\(maps.count) arrays of two axes or more, \(listed(maps.map { quotedName(all[$0]) }))",
          expected: "one, or its name, as 'map: {array: …}' in the card says it")
      }
      index = maps[0]
    }
    let shape = store.isReversed ? store.arrays[index].shape.reversed() : store.arrays[index].shape
    let (rows, columns) = try size(shape, rules, store.url)
    return (rows, columns, try store.floats(ofArray: index))
  }

  /// Of `[frames, rows, columns]`, `[rows, columns]`, or with the card's size `[frames, cells]`.
  private static func size(_ shape: [Int], _ rules: MapRules, _ url: URL) throws -> (Int, Int) {
    let refuse = { (expected: String) in ReadError(url, found: "an array of shape \(shape)", expected: expected) }
    guard shape.allSatisfy({ $0 > 0 }), 2...3 ~= shape.count else {
      throw refuse("[frames, rows, columns] or [rows, columns]")
    }
    let sides = Array(shape.suffix(2))
    guard let size = rules.size else {
      guard shape.count == 3 || sides.allSatisfy({ $0 <= longestSide }) else {
        throw refuse("[frames, rows, columns], or 'map: {size: …}' in the card")
      }
      return (sides[0], sides[1])
    }
    if sides == size { return (size[0], size[1]) }
    guard shape.count == 2, shape[1] == size[0] * size[1] else {
      throw refuse("frames of \(size[0]) x \(size[1]), as the card's size says")
    }
    return (size[0], size[1])
  }

  // MARK: Orientation

  /// Turns every frame by quarters to the left.
  private mutating func turn(_ quarters: Int) {
    for _ in 0..<quarters {
      var turned = values
      let (old, cells) = (columns, rows * columns)
      for frame in 0..<count {
        for row in 0..<rows {
          for column in 0..<columns {
            turned[frame * cells + (old - 1 - column) * rows + row] = values[frame * cells + row * columns + column]
          }
        }
      }
      values = turned
      (rows, columns) = (columns, rows)
    }
  }

  private mutating func mirror() {
    for row in 0..<count * rows { values[(row * columns)..<((row + 1) * columns)].reverse() }
  }

  /// Cells without a value become the mean of the neighbours that have one, from the edges of a hole inwards.
  ///
  /// - Returns: How many cells were filled; a frame of which half is missing stays as it is.
  mutating func fillMissing() -> Int {
    guard values.contains(where: \.isNaN) else { return 0 }
    let cells = rows * columns
    var filled = 0
    for frame in 0..<count {
      let base = frame * cells
      var holes = (0..<cells).filter { values[base + $0].isNaN }
      guard !holes.isEmpty, holes.count * 2 < cells else { continue }
      while !holes.isEmpty {
        let known = values
        var left: [Int] = []
        for cell in holes {
          var (sum, number) = (Float(0), 0)
          for row in max(0, cell / columns - 1)...min(rows - 1, cell / columns + 1) {
            for column in max(0, cell % columns - 1)...min(columns - 1, cell % columns + 1) {
              let value = known[base + row * columns + column]
              if !value.isNaN { (sum, number) = (sum + value, number + 1) }
            }
          }
          if number > 0 { values[base + cell] = sum / Float(number) } else { left.append(cell) }
        }
        filled += holes.count - left.count
        guard left.count < holes.count else { break }
        holes = left
      }
    }
    return filled
  }
}
