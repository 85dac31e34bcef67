import CZlib
public import Foundation

/// A zip file, of which the directory has been read: stored and deflated members, also of more than 4 GB.
///
/// Follows PKWARE's ["APPNOTE.TXT"](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), 4.3 to 4.5. A name is what the archive
/// calls a member, and never a path that is written to.
public struct ZipArchive: Sendable {
  public struct Member: Hashable, Sendable {
    public let name: String
    /// Bytes, by the directory.
    public let size: Int
    let compressedSize: Int
    let method: Int
    let isEncrypted: Bool
    let checkSum: UInt32
    let headerOffset: Int
  }

  public var url: URL { file.url }
  /// In the order of the directory.
  public let members: [Member]
  private let file: InputFile

  /// More members than anything but a bomb has.
  private static let mostMembers = 1 << 16
  /// The bytes before a directory's names, and before a member's.
  private static let (entrySize, headerSize) = (46, 30)

  /// - Throws: ``InputError`` where it cannot be read, is no zip file or a damaged one.
  public init(_ url: URL) throws(InputError) {
    let file = try InputFile(url)
    self.file = file
    let directory = try ZipDirectory(file)
    guard directory.count <= Self.mostMembers else {
      throw InputError(url, .damaged("a zip file of \(directory.count) members"))
    }
    let bytes = try file.bytes(directory.range)
    var members: [Member] = []
    var at = 0
    for _ in 0..<directory.count {
      guard let (member, next) = Self.member(bytes, at) else {
        throw InputError(url, .damaged("a zip file whose directory is damaged"))
      }
      members.append(member)
      at = next
    }
    self.members = members
  }

  /// The entry of the directory at a byte, and where the next one is.
  private static func member(_ bytes: [UInt8], _ at: Int) -> (Member, next: Int)? {
    guard bytes.count - at >= entrySize, bytes.number(at, 4) == 0x0201_4b50 else { return nil }
    let lengths = [28, 30, 32].map { Int(bytes.number(at + $0, 2)) }
    let next = at + entrySize + lengths.reduce(0, +)
    guard next <= bytes.count else { return nil }
    let nameEnd = at + entrySize + lengths[0]
    var sizes = [24, 20, 42].map { bytes.number(at + $0, 4) }
    // What has no room in 32 bits stands in a field of its own, in this order.
    var extra = nameEnd
    while extra + 4 <= nameEnd + lengths[1] {
      let end = extra + 4 + Int(bytes.number(extra + 2, 2))
      guard end <= nameEnd + lengths[1] else { break }
      if bytes.number(extra, 2) == 1 {
        var value = extra + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff && value + 8 <= end {
          sizes[index] = bytes.number(value, 8)
          value += 8
        }
      }
      extra = end
    }
    guard sizes.allSatisfy({ $0 < 1 << 62 }) else { return nil }
    let member = Member(
      name: String(decoding: bytes[at + entrySize..<nameEnd], as: UTF8.self), size: Int(sizes[0]),
      compressedSize: Int(sizes[1]), method: Int(bytes.number(at + 10, 2)),
      isEncrypted: bytes.number(at + 8, 2) & 1 == 1, checkSum: UInt32(bytes.number(at + 16, 4)),
      headerOffset: Int(sizes[2]))
    return (member, next)
  }

  /// The content of a member, checked by its size and sum.
  ///
  /// - Parameter limit: The most bytes that such a member may have.
  /// - Throws: ``InputError`` where it is compressed in another way, encrypted, damaged or larger.
  public func bytes(of member: Member, atMost limit: Int = InputFile.mostExpanded) throws(InputError) -> [UInt8] {
    let content = try content(of: member, atMost: limit)
    guard content.count == member.size, Self.checkSum(content) == member.checkSum else {
      throw damaged(member, "whose sum is not that of the directory")
    }
    return content
  }

  /// The first bytes of a member, all where it has fewer; nothing checks them.
  ///
  /// - Throws: ``InputError`` as ``bytes(of:atMost:)`` does.
  public func beginning(of member: Member, _ count: Int) throws(InputError) -> [UInt8] {
    try content(of: member, atMost: .max, beginning: count)
  }

  private func content(
    of member: Member, atMost limit: Int, beginning: Int? = nil
  ) throws(InputError) -> [UInt8] {
    guard !member.isEncrypted else { throw damaged(member, "that is encrypted") }
    guard member.size <= limit else { throw InputError(url, .expands(limit: limit)) }
    guard member.headerOffset <= file.size - Self.headerSize else { throw damaged(member, "beyond the file's end") }
    let header = try file.bytes(member.headerOffset..<member.headerOffset + Self.headerSize)
    guard header.number(0, 4) == 0x0403_4b50 else { throw damaged(member, "whose own header is damaged") }
    let start = member.headerOffset + Self.headerSize + Int(header.number(26, 2)) + Int(header.number(28, 2))
    guard start <= file.size, member.compressedSize <= file.size - start else {
      throw damaged(member, "beyond the file's end")
    }
    switch member.method {
    case 0:
      guard member.size == member.compressedSize else { throw damaged(member, "of two sizes") }
      return try file.bytes(start..<start + min(member.size, beginning ?? .max))
    case 8:
      // Deflate makes at most 1032 bytes of one.
      guard member.size / 1032 <= member.compressedSize else {
        throw damaged(member, "of \(member.size) bytes made of \(member.compressedSize)")
      }
      let range = start..<start + member.compressedSize
      return try file.inflated(
        range, .none, atMost: min(member.size, beginning ?? .max),
        isBeginning: beginning.map { $0 <= member.size } ?? false)
    default: throw damaged(member, "compressed by method \(member.method), where stored and deflated ones are read")
    }
  }

  private func damaged(_ member: Member, _ what: String) -> InputError {
    InputError(url, .damaged("a member '\(member.name.prefix(80))' \(what)"))
  }

  private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
