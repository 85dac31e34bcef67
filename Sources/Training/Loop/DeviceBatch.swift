public import Corpora
public import Encoders
public import SleepCore
public import Tensors

/// A batch of windows: their values on the device that computes, and what is known of them in plain memory.
///
/// Operators that want labels, hours or places of windows get them from ``labelTensor()``, ``hourTensor()`` and
/// ``measuredPlaces()``, which copy them to the device when they are first called, once a batch. Nothing is read back.
public struct DeviceBatch {
  /// `[batch, length, channels, samples]`, or `[batch, length, rows, columns]` of maps, by sensor; all on one device.
  public let inputs: [Sensor: Tensor]
  /// `[batch, length, quantities]`: what `NightProfile` says of each window, by sensor; empty where it was not read.
  public let profiles: [Sensor: Tensor]
  /// `[batch, length]`: the class of each window; -1 where there is no label to be seen.
  public let labels: [Int8]
  /// `[batch, length]`: where every sensor measured, or one of them where ``measured`` is there; false for padding.
  public let mask: [Bool]
  /// `[batch, length]`: where each sensor measured, of a batch in which a window counts that any of them measured; `nil` of others.
  public let measured: [Sensor: [Bool]]?
  /// `[batch, length]`: from where the time of night counts to each window's start; 0 of padding.
  public let hours: [Float]
  /// Windows in each sequence.
  public let length: Int
  /// Where the inputs are.
  public let device: Device
  /// How far each sequence goes: to its last window that was measured. Gaps before it are part of it.
  public let lengths: [Int]
  private let labelCopy: DeviceCopy
  private let hourCopy: DeviceCopy
  private let placeCopy: DeviceCopy

  /// - Parameter withInputs: Whether the windows' values are wanted too, and not only what is known of them.
  public init(_ batch: Batch, on device: Device, withInputs: Bool = true) throws {
    let inputs = try (withInputs ? batch.inputs : []).map {
      ($0.sensor, try Tensor.sent($0.values, shape: $0.shape, to: device))
    }
    let profiles = try batch.inputs.filter { !$0.profile.isEmpty }.map {
      let quantities = $0.profile.count / batch.windows.count
      return ($0.sensor, try Tensor.sent($0.profile, shape: [batch.count, batch.length, quantities], to: device))
    }
    self.init(
      inputs: Dictionary(uniqueKeysWithValues: inputs), profiles: Dictionary(uniqueKeysWithValues: profiles),
      labels: batch.labels, mask: batch.mask.map { $0 != 0 },
      measured: batch.need == .all
        ? nil : Dictionary(uniqueKeysWithValues: batch.inputs.map { ($0.sensor, $0.valid.map { $0 != 0 }) }),
      hours: batch.hours, length: batch.length, device: device)
  }

  /// - Parameters:
  ///   - inputs: `[batch, length, …]`, by sensor; all on one device.
  ///   - profiles: `[batch, length, quantities]`, by sensor; on the same device.
  ///   - labels: `[batch, length]`, row-major as `mask` and `hours` are.
  ///   - mask: All true where `nil`.
  ///   - measured: Where each sensor measured, of windows that any of them measured; `nil` where a window counts that all measured.
  ///   - hours: All 0 where `nil`.
  ///   - length: Windows in each sequence.
  ///   - device: Where the inputs are.
  public init(
    inputs: [Sensor: Tensor], profiles: [Sensor: Tensor] = [:], labels: [Int8], mask: [Bool]? = nil,
    measured: [Sensor: [Bool]]? = nil,
    hours: [Float]? = nil, length: Int, device: Device = .cpu
  ) {
    let mask = mask ?? [Bool](repeating: true, count: labels.count)
    let hours = hours ?? [Float](repeating: 0, count: labels.count)
    precondition(length > 0 && labels.count % length == 0, "whole sequences of \(length) windows")
    precondition(mask.count == labels.count && hours.count == labels.count, "one of each a window")
    precondition(measured?.values.allSatisfy { $0.count == labels.count } ?? true, "one flag a window")
    let shape = [labels.count / length, length]
    self.inputs = inputs
    self.profiles = profiles
    self.labels = labels
    self.mask = mask
    self.measured = measured
    self.hours = hours
    self.length = length
    self.device = device
    lengths = (0..<shape[0]).map { row in
      mask[(row * length)..<((row + 1) * length)].lastIndex(of: true).map { $0 - row * length + 1 } ?? 0
    }
    labelCopy = Self.copy(of: labels, shape, device)
    hourCopy = DeviceCopy { try .sent(hours, shape: shape, to: device) }
    placeCopy = DeviceCopy {
      let places = mask.indices.filter { mask[$0] }.map(Int64.init)
      return try .sent(places, shape: [places.count], to: device)
    }
  }

  private init(_ batch: DeviceBatch, inputs: [Sensor: Tensor], labels: [Int8]?) {
    self.inputs = inputs
    self.labels = labels ?? batch.labels
    (mask, hours, length, lengths) = (batch.mask, batch.hours, batch.length, batch.lengths)
    (measured, profiles) = (batch.measured, batch.profiles)
    device = batch.device
    (hourCopy, placeCopy) = (batch.hourCopy, batch.placeCopy)
    labelCopy =
      labels.map { Self.copy(of: $0, [batch.count, batch.length], batch.device) } ?? batch.labelCopy
  }

  private static func copy(of labels: [Int8], _ shape: [Int], _ device: Device) -> DeviceCopy {
    DeviceCopy { try .sent(labels.map(Int64.init), shape: shape, to: device) }
  }

  /// Sequences of this batch, which is one stretch of windows.
  ///
  /// - Parameter withInputs: Whether the windows' values are wanted too, and not only what is known of them.
  public func cut(into sequences: Sequences, withInputs: Bool = true) throws -> DeviceBatch {
    precondition(count == 1, "one stretch of windows")
    func each<Value>(_ values: [Value]) -> [Value] {
      sequences.starts.flatMap { values[$0..<($0 + sequences.length)] }
    }
    return try DeviceBatch(
      inputs: withInputs ? inputs.mapValues { try sequences($0) } : [:],
      profiles: profiles.mapValues { try sequences($0) }, labels: each(labels), mask: each(mask),
      measured: measured?.mapValues(each), hours: each(hours), length: sequences.length, device: device)
  }

  /// The first windows of each sequence.
  ///
  /// - Parameter windows: How many, from 1 to ``length``.
  public func beginning(_ windows: Int) throws -> DeviceBatch {
    precondition((1...length).contains(windows), "a beginning of \(length) windows")
    func first<Value>(_ values: [Value]) -> [Value] {
      (0..<count).flatMap { values[($0 * length)..<($0 * length + windows)] }
    }
    return try DeviceBatch(
      inputs: inputs.mapValues { try $0.narrowed(1, 0..<windows) },
      profiles: profiles.mapValues { try $0.narrowed(1, 0..<windows) }, labels: first(labels), mask: first(mask),
      measured: measured?.mapValues(first), hours: first(hours), length: windows, device: device)
  }

  /// The same windows with other inputs, on the same device, and other labels where there are any.
  public func replacing(inputs: [Sensor: Tensor], labels: [Int8]? = nil) -> DeviceBatch {
    precondition(labels.map { $0.count == mask.count } ?? true, "one label a window")
    return DeviceBatch(self, inputs: inputs, labels: labels)
  }

  /// Sequences.
  public var count: Int { labels.count / length }
  /// Whether any window has a label.
  public var isLabelled: Bool { labels.contains { $0 >= 0 } }
  /// Whether every window was measured and none is padding.
  public var isWhole: Bool { !mask.contains(false) }

  /// The labels on the device, int64 `[batch, length]`.
  public func labelTensor() throws -> Tensor { try labelCopy() }
  /// The hours on the device, float `[batch, length]`.
  public func hourTensor() throws -> Tensor { try hourCopy() }
  /// Where the measured windows are among all of the batch, in order: int64 `[measured]` on the device.
  public func measuredPlaces() throws -> Tensor { try placeCopy() }
}

/// A tensor that is made when it is first wanted, and kept.
private final class DeviceCopy {
  private let make: () throws -> Tensor
  private var made: Tensor?

  init(_ make: @escaping () throws -> Tensor) { self.make = make }

  func callAsFunction() throws -> Tensor {
    if let made { return made }
    let tensor = try make()
    made = tensor
    return tensor
  }
}
