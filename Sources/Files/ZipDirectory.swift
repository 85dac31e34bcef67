/// Where a zip file's directory is and how many members it has, by the record at the file's end.
struct ZipDirectory {
  let range: Range<Int>
  let count: Int

  /// The record's bytes, without the comment that may follow; those of the one of 64 bits, and of the one that says where that is.
  private static let (endSize, wideSize, locatorSize) = (22, 56, 20)

  /// - Throws: ``InputError`` where the file has no such record, or it names what is not there.
  init(_ file: InputFile) throws(InputError) {
    func damaged(_ what: String) -> InputError { InputError(file.url, .damaged(what)) }
    let tailStart = max(0, file.size - Self.endSize - 0xffff)
    let tail = try file.bytes(tailStart..<file.size)
    guard
      let at = stride(from: tail.count - Self.endSize, through: 0, by: -1).first(where: { at in
        tail.number(at, 4) == 0x0605_4b50 && at + Self.endSize + Int(tail.number(at + 20, 2)) <= tail.count
      })
    else { throw damaged("no zip file, or one that was cut short") }
    var fields = [tail.number(at + 10, 2), tail.number(at + 12, 4), tail.number(at + 16, 4)]
    let end = tailStart + at
    if fields[0] == 0xffff || fields[1] == 0xffff_ffff || fields[2] == 0xffff_ffff, end >= Self.locatorSize {
      let locator = try file.bytes(end - Self.locatorSize..<end)
      let place = locator.number(8, 8)
      if locator.number(0, 4) == 0x0706_4b50, file.size >= Self.wideSize, place <= UInt64(file.size - Self.wideSize) {
        let wide = try file.bytes(Int(place)..<Int(place) + Self.wideSize)
        if wide.number(0, 4) == 0x0606_4b50 { fields = [32, 40, 48].map { wide.number($0, 8) } }
      }
    }
    let (size, start) = (fields[1], fields[2])
    guard start <= UInt64(end), size <= UInt64(end) - start, fields[0] <= size / 46 else {
      throw damaged("a zip file whose directory is damaged")
    }
    range = Int(start)..<Int(start + size)
    count = Int(fields[0])
  }
}

extension [UInt8] {
  /// The little-endian number of so many bytes at an offset.
  ///
  /// - Precondition: They are there.
  func number(_ offset: Int, _ size: Int) -> UInt64 {
    var number: UInt64 = 0
    for place in (offset..<offset + size).reversed() { number = number << 8 | UInt64(self[place]) }
    return number
  }
}
