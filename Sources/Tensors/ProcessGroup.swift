import CTorch
public import Foundation
import Synchronization

/// Processes that train one network together, by LibTorch's c10d: over Gloo on processors, NCCL on GPUs.
///
/// All processes make the same calls in the same order.
public final class ProcessGroup: @unchecked Sendable {
  private let handle: ct_group
  /// Which of them this is; 0 is the first, which writes.
  public let rank: Int
  /// How many there are.
  public let count: Int
  /// Where this process computes.
  public let device: Device
  /// What went wrong first, also where it happened in a backward pass, which tells no more than that it failed.
  private let failure = Mutex<ProcessGroupError?>(nil)

  /// Whether this program can train in several processes: its library is a part of the build where Gloo's headers are.
  ///
  /// - Throws: ``ProcessGroupError/unavailable(_:)`` where it cannot.
  public static func checkAvailable() throws { _ = try table.get() }

  /// Whether this program can.
  public static var isAvailable: Bool { (try? table.get()) != nil }

  /// Waits until all processes are there.
  ///
  /// - Throws: ``ProcessGroupError``.
  public init(_ meeting: Meeting, device: Device) throws {
    let table = try Self.table.get()
    (rank, count, self.device) = (meeting.rank, meeting.count, device)
    var made: ct_group?
    let status = meeting.host.withCString { host in
      meeting.prefix.withCString { prefix in
        device.description.withCString { device in
          withOptionalCString(meeting.interface) { interface in
            var own = ct_meeting(
              host: host, port: meeting.port, serves: meeting.serves, prefix: prefix, interface: interface,
              local: meeting.isLocal, rank: Int32(meeting.rank), count: Int32(meeting.count), device: device,
              timeout: Int64(meeting.timeout * 1000))
            return table.join(&own, &made)
          }
        }
      }
    }
    guard status == 0, let made else {
      throw ProcessGroupError.notMet(meeting, reason: String(cString: table.message()))
    }
    handle = made
  }

  deinit { if case .success(let table) = Self.table { table.leave(handle) } }

  public var isFirst: Bool { rank == 0 }

  /// Makes a tensor the sum of all processes' tensors, in place. Nothing is recorded for gradients.
  public func sum(_ tensor: Tensor) throws { try check { $0.sum(handle, tensor.handle) } }

  /// Makes a tensor that of one process, in place.
  public func broadcast(_ tensor: Tensor, from rank: Int = 0) throws {
    try check { $0.broadcast(handle, tensor.handle, Int32(rank)) }
  }

  /// All processes' tensors, which have one shape: `[count, …]`. Nothing is recorded for gradients.
  public func gathered(_ own: Tensor) throws -> Tensor {
    let all = try Tensor.zeros([count] + own.shape, dtype: own.dtype, device: own.device)
    let whole = try own.detach().contiguous()
    try check { $0.gather(handle, whole.handle, all.handle) }
    return all
  }

  /// Bytes of the first process, on all of them.
  public func broadcast(_ bytes: Data?) throws -> Data? {
    let count = try Tensor([Int64(bytes?.count ?? -1)])
    try broadcast(count)
    let size = try Int(count.values(Int64.self)[0])
    guard size > 0 else { return size == 0 ? Data() : nil }
    let whole = try isFirst ? Tensor(Array(bytes ?? Data()), shape: [size]) : .zeros([size], dtype: .uint8)
    try broadcast(whole)
    return isFirst ? bytes : Data(try whole.values(UInt8.self))
  }

  /// Whether any process says so, of each of several questions.
  public func any(_ answers: [Bool]) throws -> [Bool] {
    let counts = try Tensor(answers.map { $0 ? Int64(1) : 0 })
    try sum(counts)
    return try counts.values(Int64.self).map { $0 > 0 }
  }

  /// What happened to the group, where something has; asked for where an error came from somewhere else.
  public var firstFailure: ProcessGroupError? { failure.withLock { $0 } }

  /// The group's own error in place of one that came of it.
  public func explained(_ error: any Error) -> any Error {
    if let first = firstFailure { return first }
    guard case TensorError.operation(_, _, let message) = error, ProcessGroupError.tells(message) else { return error }
    return lost(message)
  }

  private func lost(_ message: String) -> any Error {
    guard ProcessGroupError.tells(message) else {
      return TensorError.operation(name: "a call of all processes", shapes: [], message: message)
    }
    let error = ProcessGroupError.lost(rank: rank, count: count, reason: ProcessGroupError.short(message))
    failure.withLock { if $0 == nil { $0 = error } }
    return error
  }

  fileprivate func check(_ body: (ct_distributed_api) -> ct_status) throws {
    let table = try Self.table.get()
    guard body(table) == 0 else { throw lost(String(cString: table.message())) }
  }

  fileprivate var raw: ct_group { handle }

  /// The library beside the program.
  private static let table: Result<ct_distributed_api, ProcessGroupError> = {
    do { try LibTorch.open() } catch { return .failure(.unavailable(error.localizedDescription)) }
    guard let folder = ct_folder() else { return .failure(.unavailable("this program's folder is unknown")) }
    defer { free(folder) }
    let path = String(cString: folder) + "/libCTorchDistributed.so"
    guard FileManager.default.fileExists(atPath: path) else {
      return .failure(.unavailable("\(path) is missing"))
    }
    var table: UnsafePointer<ct_distributed_api>?
    if let message = ct_open_distributed(path, &table) {
      defer { free(message) }
      return .failure(.unavailable(String(cString: message)))
    }
    guard let table else { return .failure(.unavailable("\(path) has no table")) }
    return .success(table.pointee)
  }()
}

/// Makes the gradients of all processes their mean while a backward pass runs, in buckets, by c10d's own `Reducer`.
///
/// Li and others, "PyTorch Distributed: Experiences on Accelerating Data Parallel Training" (VLDB 2020).
public final class GradientReducer {
  private let handle: ct_reducer
  private let group: ProcessGroup

  /// - Parameter parameters: Whose gradients are reduced: the same on all processes, in one order.
  public init(_ parameters: [Tensor], across group: ProcessGroup) throws {
    self.group = group
    var made: ct_reducer?
    let handles = parameters.map(\.handle)
    try group.check { $0.reducer(group.raw, handles, Int64(handles.count), &made) }
    guard let made else { throw TensorError.invalid("no reducer") }
    handle = made
  }

  deinit {
    try? group.check {
      $0.release_reducer(handle); return 0
    }
  }

  /// Called before each backward pass.
  public func prepare(_ loss: Tensor) throws { try group.check { $0.prepare(handle, loss.handle) } }
}

/// Why processes cannot train together.
public enum ProcessGroupError: Error, Equatable, LocalizedError {
  /// The library is not there.
  case unavailable(String)
  /// They did not find each other.
  case notMet(Meeting, reason: String)
  /// Another process has ended or is not heard of any more.
  case lost(rank: Int, count: Int, reason: String)

  public var errorDescription: String? {
    switch self {
    case .unavailable(let reason):
      "several processes cannot train together here: \(reason). Run Scripts/setup, then swift build."
    case .notMet(let meeting, let reason):
      "process \(meeting.rank) of \(meeting.count) (counted from 0) did not meet the others at \(meeting.host):\(meeting.port): "
        + "\(Self.short(reason)); expected as many processes as were announced, started within "
        + "\(Int(meeting.timeout)) s, and a port that is free and can be reached"
    case .lost(let rank, let count, let reason):
      "process \(rank) of \(count) (counted from 0) lost another one: \(reason)"
    }
  }

  /// The first line of a C++ message, without the place in a source file.
  static func short(_ message: String) -> String {
    // Behind the first sentence Gloo gives advice that is no use here.
    let line = message.prefix { $0 != "\n" }.replacing(/\. This is typically .*/, with: "")
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return String(line) }
    return line[line.index(after: end)...].trimmingCharacters(in: .whitespaces)
  }

  /// Whether a message is of the connection between processes.
  static func tells(_ message: String) -> Bool {
    ["gloo/transport", "Connection", "Broken pipe", "Timed out", "timeout", "NCCL"].contains {
      message.contains($0)
    }
  }
}

private func withOptionalCString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) throws -> Result
) rethrows -> Result {
  guard let text else { return try body(nil) }
  return try text.withCString { try body($0) }
}
