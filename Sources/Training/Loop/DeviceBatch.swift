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
  /// float `[batch, length]`: from where the time of night counts to each window's start; 0 of padding.
  public let hours: Tensor

  public init(_ batch: Batch, on device: Device) throws {
    let shape = [batch.count, batch.length]
    inputs = try Dictionary(
      uniqueKeysWithValues: batch.inputs.map { ($0.sensor, try Tensor($0.values, shape: $0.shape).to(device)) })
    labels = try Tensor(batch.labels.map(Int64.init), shape: shape).to(device)
    mask = try Tensor(batch.mask.map { $0 != 0 }, shape: shape).to(device)
    hours = try Tensor(batch.hours, shape: shape).to(device)
  }

  /// - Parameters:
  ///   - inputs: `[batch, length, …]`, by sensor.
  ///   - labels: int64 `[batch, length]`.
  ///   - mask: bool `[batch, length]`.
  ///   - hours: `[batch, length]`.
  public init(inputs: [Sensor: Tensor], labels: Tensor, mask: Tensor, hours: Tensor) {
    self.inputs = inputs
    self.labels = labels
    self.mask = mask
    self.hours = hours
  }

  /// The same windows with other inputs.
  public func replacing(inputs: [Sensor: Tensor]) -> DeviceBatch {
    DeviceBatch(inputs: inputs, labels: labels, mask: mask, hours: hours)
  }

  /// Sequences.
  public var count: Int { labels.shape[0] }
  /// Windows in each.
  public var length: Int { labels.shape[1] }
}
