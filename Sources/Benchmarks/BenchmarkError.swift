import Foundation

/// Why nothing was timed.
enum BenchmarkError: Error, LocalizedError {
  case usage(String)
  case unknown(name: String, known: [String])
  case peer(String)
  case differs(name: String, ours: Double, theirs: Double)
  case noProgram(String)
  case failed(program: String, status: Int32)

  var errorDescription: String? {
    switch self {
    case .usage(let text): text
    case .unknown(let name, let known): "unknown benchmark '\(name)': expected any of \(known.joined(separator: ", "))"
    case .peer(let message): "the peers' program failed: \(message)"
    case .differs(let name, let ours, let theirs):
      "\(name): ours gives \(ours) and theirs \(theirs), which is not the same work"
    case .noProgram(let path): "\(path) is missing: swift build -c release --product ssrm"
    case .failed(let program, let status): "\(program) ended with status \(status)"
    }
  }
}
