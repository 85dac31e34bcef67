import Foundation
import Streams
import Tensors
import Training

/// Starts this program's command several times on this machine, as torchrun would, and ends when all have ended.
enum Launcher {
  /// How long processes are waited for that lost another one, before they are asked to end, and then made to.
  private static let patience = (asked: Duration.seconds(30), killed: Duration.seconds(60))
  private static let parent = "SSRM_LAUNCHED_BY"

  /// Whether this process was started here.
  static var hasStartedThis: Bool { ProcessInfo.processInfo.environment[parent] != nil }

  /// Asks this process to stop where the one that started it is gone.
  static func watchParent() {
    guard let text = ProcessInfo.processInfo.environment[parent], let pid = Int32(text) else { return }
    Thread.detachNewThread {
      while getppid() == pid { sleep(1) }
      raise(SIGTERM)
    }
  }

  /// - Throws: ``ProcessesFailed`` where one of them did.
  static func run(_ count: Int, words: [String] = Array(CommandLine.arguments.dropFirst())) throws {
    try ProcessGroup.checkAvailable()
    let processes = try start(count, words)
    var (hasAsked, firstEnd) = (false, ContinuousClock.Instant?.none)
    while processes.contains(where: \.isRunning) {
      usleep(50_000)
      if Interruption.isRequested, !hasAsked {
        hasAsked = true
        for process in processes where process.isRunning { process.interrupt() }
      }
      guard processes.contains(where: { !$0.isRunning && $0.failed }) else { continue }
      let since = firstEnd ?? .now
      firstEnd = since
      let waited = ContinuousClock.now - since
      for process in processes where process.isRunning {
        if waited > patience.killed {
          kill(process.processIdentifier, SIGKILL)
        } else if waited > patience.asked {
          process.terminate()
        }
      }
    }
    for (rank, process) in processes.enumerated() where process.terminationReason == .uncaughtSignal {
      StandardError.say("process \(rank) of \(count) (counted from 0) was ended by signal \(process.terminationStatus)")
    }
    guard let failed = processes.first(where: \.failed) else { return }
    let code = failed.terminationReason == .exit ? ExitCode(rawValue: failed.terminationStatus) : nil
    throw ProcessesFailed(code: code ?? .internalError)
  }

  private static func start(_ count: Int, _ words: [String]) throws -> [Process] {
    var environment = ProcessInfo.processInfo.environment
    environment["MASTER_ADDR"] = "127.0.0.1"
    environment["MASTER_PORT"] = "\(try Meeting.freePort())"
    environment["WORLD_SIZE"] = "\(count)"
    environment["LOCAL_WORLD_SIZE"] = "\(count)"
    environment[parent] = "\(getpid())"
    var processes: [Process] = []
    for rank in 0..<count {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = words
      environment["RANK"] = "\(rank)"
      environment["LOCAL_RANK"] = "\(rank)"
      process.environment = environment
      do { try process.run() } catch {
        for process in processes { process.terminate() }
        throw error
      }
      processes.append(process)
    }
    return processes
  }
}

extension Process {
  fileprivate var failed: Bool { terminationReason == .uncaughtSignal || terminationStatus != 0 }
}

/// One of the processes that this program started has failed, and has said why.
struct ProcessesFailed: Error {
  let code: ExitCode
}
