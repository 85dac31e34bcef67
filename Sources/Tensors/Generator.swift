import CTorch

/// A seeded generator of random tensors. One generator serves one thread at a time.
public final class Generator: @unchecked Sendable {
  let handle: ct_generator
  /// Where it draws.
  public let device: Device

  /// - Throws: ``LibTorchError``, or ``TensorError`` where the device is missing.
  public init(seed: UInt64, device: Device = .cpu) throws {
    let table = try ct
    var made: ct_generator?
    guard table.generator(seed, device.description, &made) == 0, let made else {
      throw TensorError.operation(name: "generator", shapes: [], message: String(cString: table.message()))
    }
    handle = made
    self.device = device
  }

  deinit { try? ct.release_generator(handle) }

  /// The state, to be kept in a checkpoint: uint8 `[bytes]`.
  public func state() throws -> Tensor {
    let table = try ct
    var out: ct_tensor?
    guard table.generator_state(handle, &out) == 0, let out else {
      throw TensorError.operation(name: "generator.state", shapes: [], message: String(cString: table.message()))
    }
    return Tensor(owning: out)
  }

  /// Goes on from a state that ``state()`` gave.
  public func restore(_ state: Tensor) throws {
    let table = try ct
    guard table.set_generator_state(handle, state.handle) == 0 else {
      throw TensorError.operation(
        name: "generator.restore", shapes: [state.shape], message: String(cString: table.message()))
    }
  }
}
