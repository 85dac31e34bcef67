/// Notes what a forward pass gives where: the operators that have parameters, and those that pool.
public final class OperatorTrace: OperatorObserver, @unchecked Sendable {
  public struct Step {
    /// The operator's name, without its overload: `conv2d`.
    public let name: String
    /// Every tensor that it was called with.
    public let arguments: [Tensor]
    /// Of its first result.
    public let shape: [Int]
  }

  private var steps: [Step] = []
  /// Whether what is done now was noted in another form.
  private var isPaused = false

  private static let layers: Set = [
    "conv1d", "conv2d", "linear", "batch_norm", "layer_norm", "group_norm", "lstm", "gru", "embedding",
  ]

  private init() {}

  /// Whether operators are noted or counted on this thread, so that they are to be called one by one.
  package static var isObserved: Bool { OperatorObservation.current != nil }

  /// - Returns: What `body` does on this thread, in order.
  public static func tracing(_ body: () throws -> Void) rethrows -> [Step] {
    let trace = OperatorTrace()
    try OperatorObservation.$current.withValue(trace, operation: body)
    return trace.steps
  }

  /// Notes a computation by its definition where `body` does it in another, faster form.
  package static func note<Result>(_ steps: [Step], for body: () throws -> Result) rethrows -> Result {
    guard let trace = OperatorObservation.current as? OperatorTrace, !trace.isPaused else { return try body() }
    trace.steps += steps
    trace.isPaused = true
    defer { trace.isPaused = false }
    return try body()
  }

  func record(_ name: String, _ arguments: [Argument], _ results: [Tensor]) {
    let name = String(name.prefix { $0 != "." })
    guard !isPaused, let result = results.first, Self.layers.contains(name) || name.contains("pool") else { return }
    let tensors = arguments.flatMap { argument -> [Tensor] in
      switch argument {
      case .tensor(let tensor): [tensor]
      case .tensors(let tensors): tensors
      default: []
      }
    }
    steps.append(Step(name: name, arguments: tensors, shape: result.shape))
  }
}

extension OperatorTrace.Step {
  /// A step that is computed in another form.
  package init(_ name: String, parameter: Tensor, shape: [Int]) {
    self.init(name: name, arguments: [parameter], shape: shape)
  }
}
