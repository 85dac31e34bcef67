public import Foundation
public import Tensors

extension Meeting {
  /// What a program that starts several processes says to each of them: torchrun, Slurm's `srun`, or whoever sets the same variables by hand.
  ///
  /// torchrun sets `RANK`, `WORLD_SIZE`, `MASTER_ADDR` and `MASTER_PORT`. `srun` sets its own; the first node of its step is met, at a port made
  /// of the job's number. A batch script alone, without `srun`, is one process.
  ///
  /// - Returns: `nil` where this process is alone.
  /// - Throws: ``MeetingError`` where something is missing or makes no sense.
  public static func announced(by environment: [String: String] = ProcessInfo.processInfo.environment) throws
    -> Meeting?
  {
    var meeting: Meeting?
    if environment["WORLD_SIZE"] != nil || environment["RANK"] != nil {
      meeting = try Meeting(torchrun: environment)
    } else if environment["SLURM_STEP_NUM_TASKS"] != nil {
      meeting = try Meeting(slurm: environment)
    }
    guard var meeting, meeting.count > 1 else { return nil }
    meeting.interface = environment["GLOO_SOCKET_IFNAME"].flatMap { $0.isEmpty ? nil : $0 }
    meeting.isLocal = ["127.0.0.1", "localhost", "::1"].contains(meeting.host)
    return meeting
  }

  /// Refuses what several processes were started for and one alone can do.
  ///
  /// - Parameter work: What does it, as it is typed.
  /// - Throws: ``NotTogether`` where the environment announces several processes; ``MeetingError``.
  public static func refuse(
    _ work: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    if let meeting = try announced(by: environment) { throw NotTogether(work: work, count: meeting.count) }
  }

  private init(torchrun environment: [String: String]) throws {
    let count = try environment.number("WORLD_SIZE", 1...100_000)
    let rank = try environment.number("RANK", 0...(count - 1))
    let port = try environment.number("MASTER_PORT", 1...65_535)
    // torchrun's own agent may answer already.
    let isAnswered = environment["TORCHELASTIC_USE_AGENT_STORE"] == "True"
    self.init(
      host: try environment.text("MASTER_ADDR"), port: UInt16(port), serves: rank == 0 && !isAnswered, rank: rank,
      count: count)
    // The agent outlives processes that it starts again.
    prefix = "ssrm/\(environment["TORCHELASTIC_RESTART_COUNT"] ?? "0")"
  }

  private init(slurm environment: [String: String]) throws {
    let count = try environment.number("SLURM_STEP_NUM_TASKS", 1...100_000)
    let rank = try environment.number("SLURM_PROCID", 0...(count - 1))
    let job = try environment.number("SLURM_JOB_ID", 0...Int(UInt32.max))
    let step = (try? environment.number("SLURM_STEP_ID", 0...Int(UInt32.max))) ?? 0
    let host = try environment["MASTER_ADDR"] ?? Self.firstHost(environment.text("SLURM_STEP_NODELIST"))
    // Jobs that share a node have ports of their own.
    let port =
      environment["MASTER_PORT"] == nil
      ? 20_000 + (job * 7 + step) % 30_000 : try environment.number("MASTER_PORT", 1...65_535)
    self.init(host: host, port: UInt16(port), serves: rank == 0, rank: rank, count: count)
  }

  /// The first of Slurm's `node[03-07,12],other`.
  static func firstHost(_ list: String) -> String {
    guard let open = list.firstIndex(of: "["), !list[..<open].contains(",") else {
      return String(list.prefix { $0 != "," })
    }
    let inside = list[list.index(after: open)...]
    let number = inside.prefix { !"-,]".contains($0) }
    let rest = inside.firstIndex(of: "]").map { list[list.index(after: $0)...].prefix { $0 != "," } } ?? ""
    return "\(list[..<open])\(number)\(rest)"
  }
}

/// How many of the processes are on this machine, where a launcher says so.
public enum LocalProcesses {
  /// This process's number on its machine.
  public static func rank(in environment: [String: String] = ProcessInfo.processInfo.environment) -> Int? {
    (environment["LOCAL_RANK"] ?? environment["SLURM_LOCALID"]).flatMap { Int($0) }
  }

  /// The device of this process: on a machine with cards each process has its own, unless the recipe names one.
  ///
  /// - Parameter name: The recipe's.
  /// - Throws: ``Tensors/TensorError`` where there are fewer cards than processes on this machine.
  public static func device(
    _ name: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Device {
    guard ["auto", "cuda"].contains(name), let rank = rank(in: environment), try Device(named: name).isCUDA else {
      return try .ofRun(name)
    }
    return try .ofRun("cuda:\(rank)")
  }

  /// Gives this process its share of the machine's processors, where nobody has said how many threads it may have.
  public static func shareThreads(
    _ environment: [String: String] = ProcessInfo.processInfo.environment,
    cores: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    guard environment["OMP_NUM_THREADS"] == nil, let count = environment["LOCAL_WORLD_SIZE"].flatMap({ Int($0) }),
      count > 1
    else { return }
    LibTorch.threads = max(1, cores / count)
  }
}

/// Several processes were started for what one does alone.
public struct NotTogether: Error, Equatable, LocalizedError {
  public let work: String
  public let count: Int

  public var errorDescription: String? {
    "'\(work)' trains in one process, and torchrun or srun has started \(count): start it without them; "
      + "several processes share the cells of an 'ssrm compare' with one --out, or pretrain one encoder by 'ssrm pretrain'"
  }
}

/// What a launcher says that makes no sense.
public struct MeetingError: Error, Equatable, LocalizedError {
  public let variable: String
  public let found: String?
  public let expected: String

  public var errorDescription: String? {
    "the environment's \(variable): found \(found.map { "'\($0)'" } ?? "nothing"), expected \(expected), as torchrun and srun set it; "
      + "to train in one process, unset RANK and WORLD_SIZE"
  }
}

extension [String: String] {
  fileprivate func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
    guard let text = self[name], let number = Int(text), range.contains(number) else {
      throw MeetingError(
        variable: name, found: self[name], expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  fileprivate func text(_ name: String) throws -> String {
    guard let text = self[name], !text.isEmpty else {
      throw MeetingError(variable: name, found: self[name], expected: "the name of the first process's machine")
    }
    return text
  }
}
