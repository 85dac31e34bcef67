/// The lines of a file that may be larger than memory, read piece by piece. Lines end with LF or CRLF.
struct RawLines {
  private let file: RawFile
  private var piece: [UInt8] = []
  /// Where the piece begins in the file.
  private var base = 0
  /// Where the next line begins in the piece.
  private var position = 0
  private(set) var number = 0

  private static let pieceBytes = 1 << 20

  init(_ file: RawFile) { self.file = file }

  /// The next line without its end.
  ///
  /// - Returns: The bytes and where they begin in the file; `nil` behind the last.
  /// - Throws: ``ReadError`` where a line is longer than a mebibyte or the file has become shorter.
  mutating func next() throws(ReadError) -> (bytes: ArraySlice<UInt8>, offset: Int)? {
    while true {
      if let end = piece[position...].firstIndex(of: 0x0a) {
        defer { position = end + 1 }
        return line(to: end)
      }
      let read = base + piece.count
      guard read < file.size else {
        guard position < piece.count else { return nil }
        defer { position = piece.count }
        return line(to: piece.count)
      }
      guard piece.count - position < Self.pieceBytes else {
        throw ReadError(
          file.url, line: number + 1, found: "a line of \(Self.pieceBytes) bytes or more",
          expected: "\(file.kind), whose lines end")
      }
      base += position
      piece = Array(piece[position...]) + (try file.bytes(read..<min(read + Self.pieceBytes, file.size)))
      position = 0
    }
  }

  private mutating func line(to end: Int) -> (bytes: ArraySlice<UInt8>, offset: Int) {
    number += 1
    let last = end > position && piece[end - 1] == 0x0d ? end - 1 : end
    return (piece[position..<last], base + position)
  }
}
