import CTorch

/// An n-dimensional array of LibTorch, which this object owns.
///
/// Operations give new tensors and throw ``TensorError`` with the shapes in their words. Where gradients are wanted, what
/// was done is recorded until ``backward()``.
public final class Tensor: @unchecked Sendable {
  let handle: ct_tensor

  /// Takes over a handle that the library gave.
  init(owning handle: ct_tensor) { self.handle = handle }

  deinit { try? ct.release(handle) }

  /// The size of each axis; `[]` of a scalar.
  public var shape: [Int] {
    guard let table = try? ct else { return [] }
    return withUnsafeTemporaryAllocation(of: Int64.self, capacity: Int(table.rank(handle)) + 1) { sizes in
      table.shape(handle, sizes.baseAddress!)
      return sizes.dropLast().map(Int.init)
    }
  }

  /// How many elements there are.
  public var count: Int { shape.reduce(1, *) }

  public var dtype: DType { (try? ct).flatMap { DType(rawValue: $0.dtype(handle)) } ?? .float32 }

  public var device: Device {
    guard let card = try? ct.card(handle), card >= 0 else { return .cpu }
    return .cuda(Int(card))
  }

  /// Names three axes at once: `let (batch, length, width) = try inputs.shape3()`.
  public func shape3() throws -> (Int, Int, Int) {
    let shape = try sized(3)
    return (shape[0], shape[1], shape[2])
  }

  /// Names four axes at once.
  public func shape4() throws -> (Int, Int, Int, Int) {
    let shape = try sized(4)
    return (shape[0], shape[1], shape[2], shape[3])
  }

  private func sized(_ rank: Int) throws -> [Int] {
    let shape = shape
    guard shape.count == rank else {
      throw TensorError.shapeMismatch(found: shape, expected: "\(rank) axes")
    }
    return shape
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String { "Tensor \(shape) \(dtype)" }
}
