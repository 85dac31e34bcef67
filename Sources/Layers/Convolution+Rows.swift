public import Tensors

/// Convolutions of values that lie as rows of channels, `[batch, …, channels]`, which on a processor are faster than of planes, most of all where
/// there are few channels, and are what norms over rows read. Elsewhere the layers are called as they are.
extension Convolution1D {
  /// - Parameter rows: `[batch, samples, inputs]`.
  /// - Returns: `[batch, samples', outputs]`.
  public func overRows(_ rows: Tensor) throws -> Tensor {
    guard dilation == 1, rows.isConvolvedAsRows else { return try self(rows.transposed(1, 2)).transposed(1, 2) }
    return try rows.convolvedRows(weight(), bias, stride: stride, padding: padding, groups: groups)
  }
}

extension Convolution2D {
  /// - Parameter rows: `[batch, rows, columns, inputs]`.
  /// - Returns: `[batch, rows', columns', outputs]`.
  public func overRows(_ rows: Tensor) throws -> Tensor {
    guard rows.isConvolvedAsRows else { return try self(rows.moved(-1, to: 1)).moved(1, to: -1) }
    return try rows.convolvedRows(weight(), bias, stride: stride, padding: padding, groups: groups)
  }
}

extension SeparableConvolution1D {
  /// - Parameter rows: `[batch, samples, inputs]`.
  /// - Returns: `[batch, samples', outputs]`.
  public func overRows(_ rows: Tensor) throws -> Tensor {
    guard rows.isConvolvedAsRows else { return try self(rows.transposed(1, 2)).transposed(1, 2) }
    return try rows.convolvedRows(weight(), bias, stride: stride, padding: padding)
  }

  /// As ``callAsFunction(_:then:)``.
  public func overRows(_ rows: Tensor, then next: SeparableConvolution1D) throws -> Tensor {
    guard rows.isConvolvedAsRows else {
      return try self(rows.transposed(1, 2), then: next).transposed(1, 2)
    }
    let (weight, bias) = try joined(with: next)
    return try rows.convolvedRows(weight, bias, stride: stride * next.stride, padding: 0)
  }
}

extension Tensor {
  /// The values of `[batch, channels, …]` as they lie in memory where convolutions over rows read them: `[batch, …, channels]`.
  public func asRows() throws -> Tensor {
    let rows = try moved(1, to: -1)
    // By way of a flat tensor: of an axis of size 1 a view keeps a stride that LibTorch takes for that of planes.
    return device == .cpu ? try rows.reshaped([-1]).reshaped(rows.shape) : rows
  }

  /// Whether LibTorch's own layout is the slower one; operators that are noted or counted are called as they are.
  fileprivate var isConvolvedAsRows: Bool { device == .cpu && !OperatorTrace.isObserved }

  /// - Parameter weight: `[outputs, inputs / groups, kernel]`; self is `[batch, samples, inputs]`.
  fileprivate func convolvedRows(
    _ weight: Tensor, _ bias: Tensor?, stride: Int, padding: Int, groups: Int = 1
  ) throws -> Tensor {
    try unsqueezed(1).convolvedRows(
      weight.unsqueezed(2), bias, stride: [1, stride], padding: [0, padding], groups: groups
    ).squeezed(1)
  }

  /// - Parameter weight: `[outputs, inputs / groups, rows, columns]`; self is `[batch, rows, columns, inputs]`.
  fileprivate func convolvedRows(
    _ weight: Tensor, _ bias: Tensor?, stride: [Int], padding: [Int], groups: Int
  ) throws -> Tensor {
    if weight.shape[2] * weight.shape[3] == 1, padding == [0, 0], groups == 1 {
      // oneDNN's backward pass of such a convolution, strided and of one channel, writes beyond its memory.
      return try strided(1, by: stride[0]).strided(2, by: stride[1]).linear(
        weight.reshaped([weight.shape[0], -1]), bias)
    }
    return try moved(-1, to: 1).conv2d(weight, bias, stride: stride, padding: padding, groups: groups).moved(1, to: -1)
  }
}
