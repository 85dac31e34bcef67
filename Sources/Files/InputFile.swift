public import Foundation

/// A file that is read: the one way in which files of others are opened.
///
/// A pipe or a device, which may keep a program waiting for ever, is refused at once. Nothing is mapped into memory, since a file that
/// someone cuts would then end the program: what is asked for is copied, and a file that has become shorter is an error.
public final class InputFile: Sendable {
  public let url: URL
  /// Bytes that the file had when it was opened.
  public let size: Int
  /// Which file it was and when it was last changed, as the file system keeps it. The time at which the file's facts changed cannot be set
  /// by anyone, unlike that of its content.
  let stamp: String
  private let descriptor: Int32

  /// - Throws: ``InputError`` where there is no such file, or it is none, or may not be read.
  public init(_ url: URL) throws(InputError) {
    self.url = url
    // Without O_NONBLOCK a pipe would be waited for before anyone could see that it is one.
    descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(url, errno == ENOENT || errno == ENOTDIR ? .missing : .unopened(Self.reason))
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let kind = status.st_mode & S_IFMT
    guard isKnown, kind == S_IFREG else {
      let problem: InputError.Problem = isKnown ? (kind == S_IFDIR ? .folder : .device) : .unopened(Self.reason)
      close(descriptor)
      throw InputError(url, problem)
    }
    size = Int(status.st_size)
    let (changed, touched) = (status.st_mtim, status.st_ctim)
    stamp =
      "\(status.st_dev) \(status.st_ino) \(changed.tv_sec).\(changed.tv_nsec) \(touched.tv_sec).\(touched.tv_nsec)"
  }

  deinit { close(descriptor) }

  /// Fills a buffer with what the file holds from a byte on.
  ///
  /// - Throws: ``InputError`` where the file ends before the buffer is full.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(InputError) {
    var filled = 0
    while filled < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + filled, min(buffer.count - filled, 1 << 30), off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw InputError(url, .unread(Self.reason)) }
      guard count > 0 else { throw InputError(url, .cut) }
      filled += count
    }
  }

  /// A copy of some of its bytes.
  ///
  /// - Throws: ``InputError`` where the file ends before them.
  public func bytes(_ range: Range<Int>) throws(InputError) -> [UInt8] {
    guard range.count <= Self.memory else { throw InputError(url, .noRoom(bytes: range.count)) }
    var failure: InputError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      do throws(InputError) {
        try read(
          at: range.lowerBound,
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]))
        initialized = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// A copy of all of it.
  ///
  /// - Parameter limit: The most bytes that such a file may have.
  /// - Throws: ``InputError``.
  public func bytes(atMost limit: Int = .max) throws(InputError) -> [UInt8] {
    guard size <= limit else { throw InputError(url, .tooLarge(bytes: size, limit: limit)) }
    return try bytes(0..<size)
  }

  /// All of it as text.
  ///
  /// - Parameter limit: The most bytes that such a file may have.
  /// - Throws: ``InputError``, also for bytes that are no UTF-8.
  public func text(atMost limit: Int = .max) throws(InputError) -> String {
    guard let text = String(validating: try bytes(atMost: limit), as: UTF8.self) else { throw InputError(url, .noText) }
    return text
  }

  /// Bytes of the machine's memory: more are never asked for at once, since a program that asks for what is not there ends.
  public static let memory = Int(ProcessInfo.processInfo.physicalMemory)

  private static var reason: String { String(cString: strerror(errno)) }
}

/// Why a file could not be read.
public struct InputError: Error, Equatable {
  public enum Problem: Equatable, Sendable {
    case missing
    case folder
    /// A pipe, a socket or a device.
    case device
    case unopened(String)
    case unread(String)
    /// It became shorter while it was read.
    case cut
    case tooLarge(bytes: Int, limit: Int)
    case noText
    case noRoom(bytes: Int)
    /// Its compressed part is no such thing, or damaged: what it is called, and what is wrong.
    case damaged(String)
    /// Its compressed part holds more than may come of it.
    case expands(limit: Int)
  }

  public let path: String
  public let problem: Problem

  public init(_ url: URL, _ problem: Problem) { (path, self.problem) = (url.path, problem) }

  /// In words, as they stand after `found` in an error.
  public var found: String {
    switch problem {
    case .missing: "no such file"
    case .folder: "a folder"
    case .device: "a pipe or device"
    case .unopened(let reason): "a file that cannot be opened (\(reason))"
    case .unread(let reason): "a file that cannot be read (\(reason))"
    case .cut: "a file that became shorter while it was read"
    case .noText: "bytes that are no UTF-8"
    case .noRoom(let bytes): "\(bytes) bytes, which the memory of this machine does not hold"
    case .damaged(let what): what
    case .expands(let limit): "compressed data that expand to more than \(limit) bytes"
    case .tooLarge(let bytes, let limit): "\(bytes) bytes, and no such file has more than \(limit)"
    }
  }
}

extension InputError: LocalizedError {
  public var errorDescription: String? {
    "\(path): found \(found), expected a file that can be read: see whether it is there, whole, and may be read"
  }
}
