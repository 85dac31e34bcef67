import Encoders
import Layers
import SleepCore
import Tensors

/// An encoder of one sensor whose vectors are what all its layers give, side by side.
struct LayeredEncoder: Encoder {
  private let encoder: any Encoder
  let inputs: [WindowContract]
  /// The size of each layer's vectors.
  let widths: [Int]

  /// Finds the layers' widths by a pass over a window of zeros.
  init(_ encoder: any Encoder, _ input: WindowContract, on device: Device) throws {
    self.encoder = encoder
    inputs = [input]
    widths = try LibTorch.withoutGradients {
      try encoder.layers(.zeros([1, 1] + input.shape, device: device), of: input.sensor, .inference)
        .map { $0.shape[2] }
    }
  }

  var width: Int { widths.reduce(0, +) }
  var readsNeighbours: Bool { encoder.readsNeighbours }

  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try .concatenate(encoder.layers(windows, of: sensor, mode), axis: 2)
  }
}
