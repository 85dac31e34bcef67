/// Is told of what is done on its thread while it observes.
protocol OperatorObserver: AnyObject, Sendable {
  /// An operator was called.
  func record(_ name: String, _ arguments: [Argument], _ results: [Tensor])
  /// A tensor's elements were copied to the program's own memory.
  func recordRead(of tensor: Tensor)
}

extension OperatorObserver {
  func recordRead(of tensor: Tensor) {}
}

enum OperatorObservation {
  @TaskLocal static var current: (any OperatorObserver)?
}
