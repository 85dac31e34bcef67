import Foundation

/// A zip file of stored members, as `torch.save` lays them out, made of what a test wants in them.
struct TestArchive {
  var members: [(name: String, bytes: [UInt8])]

  /// A state dictionary's archive with a pickle of one's own, and storages by their keys.
  init(pickle: [UInt8], storages: [String: [UInt8]] = [:]) {
    members =
      [("weights/data.pkl", pickle)]
      + storages.sorted { $0.key < $1.key }.map { ("weights/data/\($0.key)", $0.value) }
  }

  func write(to url: URL) throws {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let sum = Self.checkSum(bytes)
      let start = file.count
      let common: [UInt8] =
        Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 4) + Self.number(sum, 4) + Self.number(bytes.count, 4)
        + Self.number(bytes.count, 4) + Self.number(name.utf8.count, 2) + Self.number(0, 2)
      file += [0x50, 0x4b, 3, 4] + Self.number(20, 2) + common + Array(name.utf8) + bytes
      directory +=
        [0x50, 0x4b, 1, 2] + Self.number(20, 2) + Self.number(20, 2) + common + Self.number(0, 2) + Self.number(0, 2)
        + Self.number(0, 2) + Self.number(0, 4) + Self.number(start, 4) + Array(name.utf8)
    }
    let end: [UInt8] =
      [0x50, 0x4b, 5, 6] + Self.number(0, 4) + Self.number(members.count, 2) + Self.number(members.count, 2)
      + Self.number(directory.count, 4) + Self.number(file.count, 4) + Self.number(0, 2)
    try Data(file + directory + end).write(to: url)
  }

  static func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 0xff) } }

  /// CRC-32 of zip.
  private static func checkSum(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = 0xffff_ffff
    for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) }
    return Int(sum ^ 0xffff_ffff)
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
  }
}

/// Instructions of a pickle, put together by hand.
enum Pickle {
  static let begin: [UInt8] = [0x80, 2]
  static let stop: [UInt8] = [0x2e]
  static let mark: [UInt8] = [0x28]
  static let reduce: [UInt8] = [0x52]
  static let emptyTuple: [UInt8] = [0x29]
  static let emptyDictionary: [UInt8] = [0x7d]
  static let setItem: [UInt8] = [0x73]
  static let tuple: [UInt8] = [0x74]

  static func text(_ text: String) -> [UInt8] { [0x58] + TestArchive.number(text.utf8.count, 4) + Array(text.utf8) }
  static func name(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  static func long(_ value: Int) -> [UInt8] { [0x8a, 8] + TestArchive.number(value, 8) }
  static func numbers(_ values: [Int]) -> [UInt8] { mark + values.flatMap(long) + tuple }

  /// A tensor of float32 by `_rebuild_tensor_v2`.
  static func tensor(storage count: Int, offset: Int = 0, _ shape: [Int], strides: [Int], key: String = "0") -> [UInt8]
  {
    let storage =
      mark + text("storage") + name("torch", "FloatStorage") + text(key) + text("cpu") + long(count) + tuple + [0x51]
    return name("torch._utils", "_rebuild_tensor_v2") + mark + storage + long(offset) + numbers(shape)
      + numbers(strides) + [0x89] + name("collections", "OrderedDict") + emptyTuple + reduce + tuple + reduce
  }

  /// A dictionary of one tensor, `weight`.
  static func state(_ tensor: [UInt8]) -> [UInt8] {
    begin + emptyDictionary + text("weight") + tensor + setItem + stop
  }
}
