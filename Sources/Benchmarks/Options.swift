/// The words behind `benchmarks`.
struct Options {
  var names: [String] = []
  var json = false
  var python = "python3"
  var script = "Benchmarks/peers.py"
  var threads = 2
  /// Whether peers are timed with all that their libraries offer, too; compiling takes minutes.
  var tuned = true
  /// Of every benchmark; each has its own number where `nil`.
  var rounds: Int?

  static let usage = """
    usage: Scripts/bench [name...] [--json] [--rounds N] [--untuned]
    Times ours and what a user would run instead, in turn, and prints the table of both. Names:
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": json = true
      case "--python": python = try Self.value(of: argument, &rest)
      case "--peers": script = try Self.value(of: argument, &rest)
      case "--untuned": tuned = false
      case "--threads": threads = try Self.number(of: argument, &rest)
      case "--rounds": rounds = try Self.number(of: argument, &rest)
      default:
        guard !argument.hasPrefix("-") else {
          throw BenchmarkError.usage("unknown option '\(argument)'\n\(Self.usage)")
        }
        names.append(argument)
      }
    }
  }

  private static func number(of option: String, _ rest: inout ArraySlice<String>) throws -> Int {
    let text = try value(of: option, &rest)
    guard let count = Int(text), count > 0 else {
      throw BenchmarkError.usage("\(option): found '\(text)', expected a number from 1")
    }
    return count
  }

  private static func value(of option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw BenchmarkError.usage("\(option) needs a value") }
    return value
  }
}
