import Foundation

extension InputFile {
  /// The most bytes that are made of compressed ones: 4 GB, or a quarter of the machine's memory.
  ///
  /// Deflate makes at most 1032 bytes of one, so that a small file stays well below it.
  public static let mostExpanded = min(4 << 30, memory / 4)

  /// Whether it begins as a gzip file does.
  ///
  /// - Throws: ``InputError`` where it cannot be read.
  public func isGzip() throws(InputError) -> Bool {
    guard size >= 2 else { return false }
    return try bytes(0..<2) == [0x1f, 0x8b]
  }

  /// The content of a gzip file (RFC 1952), its members one after the other, checked by their sums.
  ///
  /// - Parameter limit: The most bytes that may come of it.
  /// - Throws: ``InputError`` where it is no gzip file, is damaged or cut short, or holds more than `limit`.
  public func gunzipped(atMost limit: Int = InputFile.mostExpanded) throws(InputError) -> [UInt8] {
    guard try isGzip() else { throw InputError(url, .damaged("no gzip file")) }
    return try inflated(0..<size, .gzip, atMost: limit)
  }

  /// What comes of a part of the file that is compressed in zlib's format (RFC 1950), checked by its sum.
  ///
  /// - Throws: ``InputError`` where it is damaged or ends too early, or more comes of it than `limit`.
  public func inflatedZlib(_ range: Range<Int>, atMost limit: Int) throws(InputError) -> [UInt8] {
    try inflated(range, .zlib, atMost: limit)
  }

  /// The first bytes of that, all where there are fewer; nothing checks them.
  ///
  /// - Throws: ``InputError`` where it is damaged or ends too early.
  public func inflatedZlib(_ range: Range<Int>, beginning count: Int) throws(InputError) -> [UInt8] {
    try inflated(range, .zlib, atMost: count, isBeginning: true)
  }

  /// Decompresses a part of the file.
  ///
  /// - Parameters:
  ///   - isBeginning: Whether the first `limit` bytes are enough; more are an error otherwise.
  /// - Throws: ``InputError`` where it is damaged or ends too early, or more comes of it than `limit`.
  func inflated(
    _ range: Range<Int>, _ wrapping: Inflater.Wrapping, atMost limit: Int, isBeginning: Bool = false
  ) throws(InputError) -> [UInt8] {
    let inflater = Inflater(wrapping)
    var content: [UInt8] = []
    var hasEnded = false
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let input = try bytes(offset..<min(offset + 1 << 16, range.upperBound))
      var at = 0
      while at < input.count {
        if hasEnded {
          // Further members follow at once; what remains of a tape's block is zeros.
          guard wrapping == .gzip, input[at] == 0x1f else {
            guard wrapping == .gzip, input[at...].allSatisfy({ $0 == 0 }) else {
              throw InputError(url, .damaged("bytes after the end of its compressed data"))
            }
            break
          }
          inflater.restart()
          hasEnded = false
        }
        var isFull = true
        while isFull, !hasEnded {
          let step = input.withUnsafeBufferPointer { input in
            piece.withUnsafeMutableBufferPointer { inflater.inflate(.init(rebasing: input[at...]), into: $0) }
          }
          guard let step else { throw InputError(url, .damaged("compressed data that are damaged")) }
          at += step.taken
          content.append(contentsOf: piece[..<step.given])
          if isBeginning, content.count >= limit { return Array(content[..<limit]) }
          guard content.count <= limit else { throw InputError(url, .expands(limit: limit)) }
          hasEnded = step.progress == .ended
          isFull = step.given == piece.count
        }
      }
      offset += input.count
    }
    guard hasEnded else {
      throw InputError(url, .damaged("compressed data that end too early: the file was cut short"))
    }
    return content
  }
}
