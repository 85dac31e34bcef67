import Foundation

/// How much of the machine others use meanwhile.
struct MachineUse {
  private let busy: Double
  private let own: Double
  private let clock = ContinuousClock.now

  /// From now on.
  init(_ processes: [pid_t]) {
    busy = Self.busySeconds()
    own = Self.ownSeconds(processes)
  }

  /// The share of all processors' time that neither this process used nor its children, nor the given processes.
  func shareOfOthers(_ processes: [pid_t]) -> Double {
    let elapsed = (ContinuousClock.now - clock) / .seconds(1)
    let others = Self.busySeconds() - busy - (Self.ownSeconds(processes) - own)
    return max(0, others / (elapsed * Double(ProcessInfo.processInfo.activeProcessorCount)))
  }

  private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

  /// Of all processors, without idle time, that for waiting for disks, and what other machines on the same hardware took.
  private static func busySeconds() -> Double {
    let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
    let numbers = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard numbers.count > 7 else { return .nan }
    return (numbers[0] + numbers[1] + numbers[2] + numbers[5] + numbers[6]) / ticks
  }

  private static func ownSeconds(_ processes: [pid_t]) -> Double {
    processes.reduce(Timing.processorSeconds()) { sum, process in
      let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      // Behind the name, which may hold anything: state, then ten numbers, then the times of the process and its children.
      let fields = text.drop { $0 != ")" }.split(separator: " ")
      return sum + (fields.count > 15 ? fields[12...15].compactMap { Double($0) }.reduce(0, +) / ticks : 0)
    }
  }
}
