public import Corpora
public import SleepCore
public import Tensors

/// A batch as tensors on the device that computes.
public struct DeviceBatch {
  /// `[batch, length, channels, samples]`, by sensor.
  public let inputs: [Sensor: Tensor]
  /// int64 `[batch, length]`; -1 where there is no label to be seen.
  public let labels: Tensor
  /// bool `[batch, length]`: where every sensor measured.
  public let mask: Tensor
  public let count: Int
  public let length: Int

  public init(_ batch: Batch, on device: Device) throws {
    let shape = [batch.count, batch.length]
    inputs = try Dictionary(
      uniqueKeysWithValues: batch.inputs.map { ($0.sensor, try Tensor($0.values, shape: $0.shape).to(device)) })
    labels = try Tensor(batch.labels.map(Int64.init), shape: shape).to(device)
    mask = try Tensor(batch.mask.map { $0 != 0 }, shape: shape).to(device)
    count = batch.count
    length = batch.length
  }
}
