import Tensors

extension Tensor {
  /// What a convolution over a map gives, `[windows, channels, rows, columns]`, as means of three by three parts of the map, so that where
  /// something lies is kept: `[windows, 9 * channels]`.
  func pooledMap() throws -> Tensor { try adaptiveAveragePool2d([3, 3]).reshaped([shape[0], -1]) }
}
