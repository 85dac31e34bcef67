import Foundation

/// What a run of benchmarks found.
struct Report: Codable {
  struct Row: Codable {
    let name: String
    let title: String
    let peer: String
    let target: String
    let isReached: Bool?
    let ours: Timings
    let theirs: Timings
    /// Theirs with all that their libraries offer; `nil` where there is nothing of the kind.
    let tuned: Timings?
    let note: String?
    /// The share of the peak rate that ours reaches; `nil` where multiplications are few beside the rest.
    let shareOfPeak: Double?
    let ratioOfMinima: Double
    let ratioOfMedians: Double
    let ratioOfProcessorTimes: Double
    let ratioOfTunedMedians: Double?

    init(
      _ benchmark: Benchmark, ours: Timings, theirs: Timings, tuned: Timings?, note: String?, shareOfPeak: Double?
    ) {
      (self.tuned, self.note, self.shareOfPeak) = (tuned, note, shareOfPeak)
      ratioOfTunedMedians = tuned.map { $0.median / ours.median }
      (name, title, peer) = (benchmark.name, benchmark.title, benchmark.peer)
      (self.ours, self.theirs) = (ours, theirs)
      ratioOfMinima = theirs.minimum / ours.minimum
      ratioOfMedians = theirs.median / ours.median
      ratioOfProcessorTimes = theirs.processor / max(ours.processor, 1e-9)
      switch benchmark.target {
      case .times(let factor):
        (target, isReached) = ("\(Report.short(factor)) times", ratioOfMedians >= factor)
      case .processorTimes(let factor):
        (target, isReached) = ("\(Report.short(factor)) times by CPU", ratioOfProcessorTimes >= factor)
      case .seconds(let limit):
        (target, isReached) = ("\(Report.short(limit * 1000)) ms", ours.median <= limit)
      case .none: (target, isReached) = ("", nil)
      }
    }
  }

  var machine: String
  var versions: String
  var threads: Int
  /// Of the last minute, before and after.
  var load: [Double]
  /// The share of the machine that other programs used meanwhile.
  var shareOfOthers = 0.0
  /// Multiplications with additions in a second, of a large matrix product.
  var peakRate: Double
  var rows: [Row] = []

  static func loadAverage() -> Double {
    var loads = [0.0]
    return getloadavg(&loads, 1) == 1 ? loads[0] : .nan
  }

  /// `Intel Xeon, 2 cores`.
  static func machineName() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let model = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
    return "\(model), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  /// Three digits that count.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    let text = String(format: "%.\(digits)f", value)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }

  static let heading = """
    | what | ours: min / median / CPU, ms | theirs: min / median / CPU, ms | tuned: min / median / CPU, ms | theirs over ours: min / median / CPU | tuned over ours: median | of the peak | target | reached |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
    """

  static func line(_ row: Row) -> String {
    func times(_ side: Timings) -> String {
      [side.minimum, side.median, side.processor].map { short($0 * 1000) }.joined(separator: " / ")
    }
    let ratios = [row.ratioOfMinima, row.ratioOfMedians, row.ratioOfProcessorTimes].map(short).joined(separator: " / ")
    let reached = row.isReached.map { $0 ? "yes" : "no" } ?? ""
    let tuned = [row.tuned.map(times), row.note].compactMap(\.self).joined(separator: "; ")
    let rest = [row.ratioOfTunedMedians.map(short), row.shareOfPeak.map { "\(short(100 * $0)) %" }].map { $0 ?? "" }
    return "| `\(row.name)`: \(row.title); against \(row.peer) | \(times(row.ours)) | \(times(row.theirs)) | \(tuned) "
      + "| \(ratios) | \(rest.joined(separator: " | ")) | \(row.target) | \(reached) |"
  }

  var footer: String {
    let others = "other programs used \(Self.short(100 * shareOfOthers)) % of the machine"
    return
      "\(machine); \(threads) threads on both sides; \(versions); load \(load.map(Self.short).joined(separator: " to ")); "
      + (shareOfOthers > 0.1 ? "**\(others): these are not the numbers of a free machine**. " : "\(others). ")
      + "One run of `Scripts/bench`, ours, theirs and the tuned ones in turn; CPU is the processor time of all threads, the kernel's too. "
      + "Tuned is theirs with glibc told to keep its memory, and of PyTorch with `torch.compile` and a fused optimiser. The peak is "
      + "\(Self.short(peakRate / 1e9)) thousand million multiplications with additions a second, of a product of 2048 x 2048; a training "
      + "step counts as three forward passes."
  }
}
