/// Counts the multiplications, each with its addition, that operators do while it counts.
///
/// Exact from the shapes of a forward pass, whatever algorithm LibTorch takes:
/// - a convolution: its results, times the kernel's places, times the inputs of a group;
/// - `linear` and `matmul`: the results, times the inputs;
/// - a recurrent network: the elements of its matrices, times the steps, times the batch;
/// - attention: each pair of query and key twice (scores and mixing), times the width, for every head.
///
/// Biases, norms, activations, pooling and whatever else works on elements one by one do not count.
public final class MultiplyAdds: OperatorObserver, @unchecked Sendable {
  private var total = 0
  /// Whether what is done now was counted in another form.
  private var isPaused = false

  private init() {}

  /// - Returns: What `body`'s operators do on this thread.
  public static func counting(_ body: () throws -> Void) rethrows -> Int {
    let counter = MultiplyAdds()
    try OperatorObservation.$current.withValue(counter, operation: body)
    return counter.total
  }

  /// Counts a computation by its definition where `body` does it in another, faster form.
  package static func count<Result>(_ number: @autoclosure () -> Int, for body: () throws -> Result) rethrows -> Result
  {
    guard let current = OperatorObservation.current as? MultiplyAdds, !current.isPaused else { return try body() }
    current.total += number()
    current.isPaused = true
    defer { current.isPaused = false }
    return try body()
  }

  /// Counts one call of an operator.
  func record(_ name: String, _ arguments: [Argument], _ results: [Tensor]) {
    guard !isPaused, let result = results.first else { return }
    switch (name, arguments.first, arguments.dropFirst().first) {
    case ("conv1d", _, .tensor(let weight)?), ("conv2d", _, .tensor(let weight)?):
      total += result.count * weight.shape.dropFirst().reduce(1, *)
    case ("linear", .tensor(let x)?, _), ("matmul", .tensor(let x)?, _):
      total += result.count * (x.shape.last ?? 1)
    case ("scaled_dot_product_attention", .tensor(let queries)?, .tensor(let keys)?):
      total += 2 * queries.count * keys.shape[keys.shape.count - 2]
    case ("lstm.input", .tensor(let x)?, _), ("gru.input", .tensor(let x)?, _):
      guard case .tensors(let weights)? = arguments.dropFirst(2).first else { return }
      let elements = weights.map(\.shape).filter { $0.count == 2 }.reduce(0) { $0 + $1[0] * $1[1] }
      total += elements * x.shape[0] * x.shape[1]
    default: break
    }
  }
}
