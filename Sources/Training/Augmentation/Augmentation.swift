import Foundation
public import SleepCore
public import Tensors

/// What a recipe says of random changes in training. An absent part changes nothing.
public struct Augmentation: Settings {
  public var signal: SignalAugmentation? = nil
  public var map: MapAugmentation? = nil

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  public init() {}

  /// Whether windows of a sensor are changed.
  public func changes(_ sensor: Sensor) -> Bool { sensor.isMap ? map != nil : signal != nil }

  /// Changes a batch's inputs, and its labels where a map is turned left side right.
  public func callAsFunction(_ batch: DeviceBatch, scheme: LabelScheme, generator: Generator) throws -> DeviceBatch {
    try LibTorch.withoutGradients {
      var (inputs, labels) = (batch.inputs, batch.labels)
      for (sensor, windows) in batch.inputs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        if sensor.isMap, let map {
          let count = batch.count * batch.length
          let turned = try Tensor.uniform([count], generator: generator).values(Float.self)
            .map { map.mirror && $0 < 0.5 }
          inputs[sensor] = try map(
            windows.reshaped([count] + windows.shape.dropFirst(2)), mirrored: turned, generator: generator
          ).reshaped(windows.shape)
          labels = zip(labels, turned).map { $1 ? Int8(scheme.mirrored(classIndex: Int($0))) : $0 }
        } else if !sensor.isMap, let signal {
          inputs[sensor] = try signal(windows, generator: generator)
        }
      }
      return batch.replacing(inputs: inputs, labels: labels)
    }
  }
}
