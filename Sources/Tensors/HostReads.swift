/// Notes which tensors are copied to the program's own memory: on a device each makes the program wait for all work before it.
public final class HostReads: OperatorObserver, @unchecked Sendable {
  public struct Read: Hashable, Sendable {
    public let dtype: DType
    public let shape: [Int]
  }

  private var reads: [Read] = []

  private init() {}

  /// - Returns: What `body` reads on this thread, in order.
  public static func noting(_ body: () throws -> Void) rethrows -> [Read] {
    let observer = HostReads()
    try OperatorObservation.$current.withValue(observer, operation: body)
    return observer.reads
  }

  func record(_ name: String, _ arguments: [Argument], _ results: [Tensor]) {}

  func recordRead(of tensor: Tensor) { reads.append(Read(dtype: tensor.dtype, shape: tensor.shape)) }
}
