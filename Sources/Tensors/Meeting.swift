import Foundation

/// Where processes find each other, and which of them this one is.
public struct Meeting: Equatable, Sendable {
  public var host: String
  public var port: UInt16
  /// Whether this process answers there; another program does where none of them does.
  public var serves: Bool
  /// Of this meeting, where what answers outlives it.
  public var prefix = "ssrm"
  /// The network interface to use; that of this machine's name where `nil`.
  public var interface: String?
  /// Whether all processes are on this machine.
  public var isLocal = false
  public var rank: Int
  public var count: Int
  /// Seconds that a process waits for another.
  public var timeout: Double = 300

  public init(host: String, port: UInt16, serves: Bool, rank: Int, count: Int) {
    (self.host, self.port, self.serves, self.rank, self.count) = (host, port, serves, rank, count)
  }

  /// A port of this machine that nobody listens at now.
  ///
  /// - Throws: `POSIXError` where the machine gives none.
  public static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      return bind(descriptor, pointer, size) == 0 ? getsockname(descriptor, pointer, &size) : -1
    }
    guard status == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    return UInt16(bigEndian: address.sin_port)
  }
}
