/// The data records of an EDF or BDF file, read some at a time.
struct EDFRecords: Sendable {
  let file: RawFile
  let header: EDFHeader

  /// About so many bytes are read at once: a call of the system a record would take longer than what it reads.
  private static let bytesAtOnce = 1 << 20

  /// Calls `body` with each of some records, in order, and a part of its bytes, which are valid during the call.
  ///
  /// - Parameter part: Which bytes of a record.
  /// - Throws: ``ReadError`` where the file has become shorter.
  func forEach(
    in records: Range<Int>, part: Range<Int>, _ body: (_ record: Int, _ bytes: UnsafeRawBufferPointer) -> Void
  ) throws {
    let length = header.recordBytes
    let together = min(records.count, max(1, Self.bytesAtOnce / length))
    guard together > 0, !part.isEmpty else { return }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: (together - 1) * length + part.count, alignment: 16)
    defer { buffer.deallocate() }
    for first in stride(from: records.lowerBound, to: records.upperBound, by: together) {
      let end = min(first + together, records.upperBound)
      // From the part of the first record to that of the last, with what lies between.
      let filled = buffer[..<((end - first - 1) * length + part.count)]
      try file.read(
        at: header.headerBytes + first * length + part.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: filled)
      )
      for record in first..<end {
        let start = (record - first) * length
        body(record, UnsafeRawBufferPointer(rebasing: buffer[start..<start + part.count]))
      }
    }
  }
}
