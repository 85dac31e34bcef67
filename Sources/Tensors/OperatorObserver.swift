/// Is told of every operator that is called on its thread while it observes.
protocol OperatorObserver: AnyObject, Sendable {
  func record(_ name: String, _ arguments: [Argument], _ results: [Tensor])
}

enum OperatorObservation {
  @TaskLocal static var current: (any OperatorObserver)?
}
