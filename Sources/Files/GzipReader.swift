/// The content of a gzip file (RFC 1952), decompressed piece by piece, so that it never stands in memory whole.
public final class GzipReader {
  /// The most bytes that come of one file: 8 GB, a week of a wrist's samples as text.
  public static let mostBytes = 8 << 30

  private let file: InputFile
  private let inflater = Inflater(.gzip)
  private var input: [UInt8] = []
  /// Bytes of the input that were taken, and of the file that were read.
  private var taken = 0
  private var offset = 0
  private var hasEnded = false
  private var given = 0

  /// - Parameter file: One of which ``InputFile/isGzip()`` holds.
  public init(_ file: InputFile) { self.file = file }

  /// Fills the start of a buffer, which must hold something.
  ///
  /// - Returns: How many bytes were put there; 0 at the end.
  /// - Throws: ``InputError`` where the file is damaged or cut short, or more comes of it than ``mostBytes``.
  public func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputError) -> Int {
    while true {
      if taken == input.count {
        let end = min(offset + 1 << 16, file.size)
        guard offset < end else {
          guard hasEnded else {
            throw InputError(file.url, .damaged("compressed data that end too early: the file was cut short"))
          }
          return 0
        }
        input = try file.bytes(offset..<end)
        (offset, taken) = (end, 0)
      }
      if hasEnded {
        // Further members follow at once; what remains of a tape's block is zeros.
        guard input[taken] == 0x1f else {
          guard input[taken...].allSatisfy({ $0 == 0 }) else {
            throw InputError(file.url, .damaged("bytes after the end of its compressed data"))
          }
          taken = input.count
          continue
        }
        inflater.restart()
        hasEnded = false
      }
      let step = input.withUnsafeBufferPointer { inflater.inflate(.init(rebasing: $0[taken...]), into: buffer) }
      guard let step else { throw InputError(file.url, .damaged("compressed data that are damaged")) }
      taken += step.taken
      given += step.given
      hasEnded = step.progress == .ended
      guard given <= Self.mostBytes else { throw InputError(file.url, .expands(limit: Self.mostBytes)) }
      if step.given > 0 { return step.given }
      // Neither took nor gave: there is nothing to wait for.
      guard step.taken > 0 || hasEnded else {
        throw InputError(file.url, .damaged("compressed data that are damaged"))
      }
    }
  }
}
