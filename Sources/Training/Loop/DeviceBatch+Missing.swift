import Encoders
import Layers
public import SleepCore
public import Tensors

/// Batches in which a window counts that any sensor measured.
extension DeviceBatch {
  /// `[batch, length]`: where a sensor measured; ``mask`` of a batch whose windows all sensors measured.
  public func isMeasured(by sensor: Sensor) -> [Bool] {
    guard let measured else { return mask }
    return measured[sensor] ?? [Bool](repeating: false, count: mask.count)
  }

  /// The same windows as if sensors had been left out of whole sequences. A window that no other sensor measured counts no more, and loses its
  /// label.
  ///
  /// - Parameters:
  ///   - left: Of each sequence, the sensors that are left out.
  ///   - sensors: All that are read together.
  public func leavingOut(_ left: [Set<Sensor>], of sensors: [Sensor]) -> DeviceBatch {
    precondition(left.count == count, "what is left out of each sequence")
    var measured: [Sensor: [Bool]] = [:]
    for sensor in sensors {
      measured[sensor] = isMeasured(by: sensor).enumerated().map { $1 && !left[$0 / length].contains(sensor) }
    }
    let mask = labels.indices.map { window in sensors.contains { measured[$0]?[window] ?? false } }
    return DeviceBatch(
      inputs: inputs, profiles: profiles, labels: zip(labels, mask).map { $1 ? $0 : -1 }, mask: mask,
      measured: measured, hours: hours,
      length: length, device: device)
  }

  /// Leaves each sensor that measured something of a sequence out of it at random, and never all of them: where all would go, one
  /// stays.
  ///
  /// - Parameters:
  ///   - share: How probable it is that a sensor is left out of a sequence.
  ///   - sensors: All that are read together.
  public func leavingOut(_ share: Double, of sensors: [Sensor], using random: inout RandomSource) -> DeviceBatch {
    let left = (0..<count).map { row -> Set<Sensor> in
      let there = sensors.filter { hasMeasured(row, $0) }
      guard there.count > 1 else { return [] }
      var left = Set(there.filter { _ in Double.random(in: 0..<1, using: &random) < share })
      if left.count == there.count { left.remove(there[Int.random(in: 0..<there.count, using: &random)]) }
      return left
    }
    return left.allSatisfy(\.isEmpty) ? self : leavingOut(left, of: sensors)
  }

  /// Whether a sensor measured any window of a sequence.
  public func hasMeasured(_ row: Int, _ sensor: Sensor) -> Bool {
    guard let measured else { return lengths[row] > 0 }
    return measured[sensor]?[(row * length)..<((row + 1) * length)].contains(true) ?? false
  }

  /// Joined vectors with zeros where a sensor did not measure, and behind them a flag a sensor: 1 where it measured, else 0.
  ///
  /// Without the flags a vector of zeros would have to be told from that of a window.
  ///
  /// - Parameters:
  ///   - vectors: `[batch, length, width * sensors]`.
  ///   - sensors: Whose vectors were joined, in their order.
  /// - Returns: `[batch, length, (width + 1) * sensors]`.
  public func flagged(_ vectors: Tensor, of sensors: [Sensor]) throws -> Tensor {
    try .concatenate([zeroed(vectors, of: sensors), presence(of: sensors)], axis: 2)
  }

  /// Joined vectors, `[batch, length, width * sensors]`, with zeros where a sensor did not measure.
  public func zeroed(_ vectors: Tensor, of sensors: [Sensor]) throws -> Tensor {
    let parts = try vectors.reshaped([count, length, sensors.count, vectors.shape[2] / sensors.count])
    return try (parts * presence(of: sensors).unsqueezed(3)).reshaped(vectors.shape)
  }

  /// 1 where a sensor measured, else 0: `[batch, length, sensors]`.
  private func presence(of sensors: [Sensor]) throws -> Tensor {
    let flags = sensors.map { isMeasured(by: $0).map { $0 ? Float(1) : 0 } }
    let values = labels.indices.flatMap { window in flags.map { $0[window] } }
    return try Tensor(values, shape: [count, length, sensors.count]).to(device)
  }

  /// What an encoder makes of the windows that one sensor measured; zeros where it did not.
  ///
  /// - Returns: `[batch, length, width]`.
  /// - Throws: `EncoderError` where the encoder reads the windows beside each: those that were not measured would be among them.
  func vectorsOfOwn(_ encoder: any Encoder, of input: WindowContract, _ mode: Mode) throws -> Tensor {
    try MissingSensors.check(encoder)
    let own = isMeasured(by: input.sensor)
    let places = own.indices.filter { own[$0] }.map(Int64.init)
    guard !places.isEmpty else { return try .zeros([count, length, encoder.width], device: device) }
    let windows = try windows(of: input)
    // A batch norm has no statistics of one window.
    let mode = places.count > 1 ? mode : .inference
    if places.count == own.count { return try encoder(windows, of: input.sensor, mode) }
    let indices = try Tensor(places).to(device)
    let measured = try windows.reshaped([count * length, 1] + input.shape).select(0, indices: indices)
    return try encoder(measured, of: input.sensor, mode).reshaped([-1, encoder.width])
      .placed(at: indices, of: count * length).reshaped([count, length, encoder.width])
  }
}
