import CTorch
import Synchronization

extension Tensor {
  /// Whether gradients flow to, or through, this tensor.
  public var requiresGradient: Bool { (try? ct.requires_grad(handle)) ?? false }

  /// Asks for this leaf's gradient, or not.
  public func setRequiresGradient(_ value: Bool) throws {
    try check("set_requires_gradient", ct.set_requires_grad(handle, value))
  }

  /// The gradient that backward passes added up in this leaf; `nil` before the first.
  public func gradient() throws -> Tensor? {
    var out: ct_tensor?
    try check("gradient", ct.gradient(handle, &out))
    return out.map { Tensor(owning: $0) }
  }

  /// Replaces the gradient; `nil` forgets it.
  public func setGradient(_ gradient: Tensor?) throws {
    try check("set_gradient", ct.set_gradient(handle, gradient?.handle))
  }

  /// Adds to every leaf the gradient of this scalar.
  ///
  /// - Throws: What the backward pass of a ``custom(_:of:backward:)`` value threw, or ``TensorError``.
  public func backward() throws {
    let status = try ct.backward(handle)
    if status != 0, let failure = CustomFunction.takeFailure() { throw failure }
    try check("backward", status)
  }

  private func check(_ name: String, _ status: ct_status) throws {
    guard status == 0 else {
      throw TensorError.operation(name: name, shapes: [shape], message: String(cString: try ct.message()))
    }
  }

  /// A value computed outside LibTorch, joined to the gradients of its inputs.
  ///
  /// - Parameters:
  ///   - value: The function's value; its own history is dropped.
  ///   - inputs: What it was computed from.
  ///   - backward: Gives the gradient of each input from the gradient of the value; `nil` for an input that needs none.
  /// - Returns: The value, whose backward pass calls `backward`.
  public static func custom(
    _ value: Tensor, of inputs: [Tensor], backward: @escaping (_ gradient: Tensor) throws -> [Tensor?]
  ) throws -> Tensor {
    let context = Unmanaged.passRetained(CustomFunction(backward)).toOpaque()
    var out: ct_tensor?
    let table = try ct
    let status = table.custom(
      value.handle, inputs.map(\.handle), Int64(inputs.count),
      { context, gradients, _, results, inputs in
        let function = Unmanaged<CustomFunction>.fromOpaque(context).takeUnretainedValue()
        guard let lent = gradients[0] else { return true }
        guard let table = try? ct, let computed = function.gradients(Tensor(owning: table.share(lent))),
          computed.count == Int(inputs)
        else { return false }
        for (index, tensor) in computed.enumerated() { results[index] = tensor.map { table.share($0.handle) } }
        return true
      },
      { context in Unmanaged<CustomFunction>.fromOpaque(context).release() }, context, &out)
    guard status == 0, let out else {
      throw TensorError.operation(
        name: "custom", shapes: inputs.map(\.shape), message: String(cString: table.message()))
    }
    return Tensor(owning: out)
  }
}

/// Keeps a Swift closure alive for as long as LibTorch may call it.
private final class CustomFunction {
  private let backward: (Tensor) throws -> [Tensor?]
  /// What went wrong first in a backward pass, which LibTorch cannot carry.
  private static let failure = Mutex<(any Error)?>(nil)

  static func takeFailure() -> (any Error)? {
    failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
  }

  /// The inputs' gradients; `nil` where they cannot be computed.
  func gradients(_ gradient: Tensor) -> [Tensor?]? {
    do { return try backward(gradient) } catch {
      Self.failure.withLock { if $0 == nil { $0 = error } }
      return nil
    }
  }

  init(_ backward: @escaping (Tensor) throws -> [Tensor?]) { self.backward = backward }
}
