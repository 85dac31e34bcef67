import Foundation
public import Tensors

/// Runs `body` as each of several processes would that train together: on threads of this one.
///
/// - Returns: What each gives, in the order of ranks.
public func together<Result>(_ count: Int, _ body: @escaping (ProcessGroup) throws -> Result) throws -> [Result] {
  let (port, results, waiting) = (try Meeting.freePort(), Results<Result>(count), DispatchGroup())
  let work = Work(body: body)
  for rank in 0..<count {
    waiting.enter()
    let thread = Thread {
      LibTorch.threads = 1
      results.put(rank, .init { try work.body(ProcessGroup(meeting(rank, of: count, port: port), device: .cpu)) })
      waiting.leave()
    }
    thread.stackSize = 16 << 20
    thread.start()
  }
  waiting.wait()
  return try results.all.map { try $0.get() }
}

private func meeting(_ rank: Int, of count: Int, port: UInt16) -> Meeting {
  var meeting = Meeting(host: "127.0.0.1", port: port, serves: rank == 0, rank: rank, count: count)
  (meeting.isLocal, meeting.timeout) = (true, 60)
  return meeting
}

/// What only its own thread touches.
private struct Work<Result>: @unchecked Sendable { let body: (ProcessGroup) throws -> Result }

private final class Results<Value>: @unchecked Sendable {
  private var values: [Result<Value, any Error>?]
  private let lock = NSLock()

  init(_ count: Int) { values = .init(repeating: nil, count: count) }

  func put(_ rank: Int, _ value: Result<Value, any Error>) { lock.withLock { values[rank] = value } }

  var all: [Result<Value, any Error>] { values.compactMap { $0 } }
}
