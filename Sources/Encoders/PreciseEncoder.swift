import Layers
import SleepCore
import Tensors

/// An encoder whose forward pass is of the `Precision` of the training step that it is called in, and gives float32.
struct PreciseEncoder: Encoder {
  private let encoder: any Encoder

  init(_ encoder: any Encoder) { self.encoder = encoder }

  var inputs: [WindowContract] { encoder.inputs }
  var width: Int { encoder.width }
  var readsNeighbours: Bool { encoder.readsNeighbours }

  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try Precision.forward(on: windows.device) { try encoder(windows, of: sensor, mode) }
  }

  func tokens(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try Precision.forward(on: windows.device) { try encoder.tokens(windows, of: sensor, mode) }
  }

  func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    try Precision.forward(on: windows.device) { try encoder.layers(windows, of: sensor, mode) }
  }
}
