import Layers
import Tensors
import Training

extension OptimizationOptions {
  /// What a report says of how a training was computed; nothing of one in float32 on the processor.
  func computed(on device: Device) -> [String] {
    let place = "trained on \(device) with \(LibTorch.threads) threads; results repeat: \(device.determinism)"
    let layers = "layers trained in \(precision.rawValue); weights, losses, chains and prediction are float32"
    return (device.isCUDA ? [place] : []) + (precision == .float32 ? [] : [layers])
  }
}
