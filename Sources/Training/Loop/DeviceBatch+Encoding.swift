public import Encoders
public import Layers
public import SleepCore
public import Tensors

extension DeviceBatch {
  /// The windows of one of a model's sensors, `[batch, length, …]`.
  ///
  /// - Throws: `EncoderError` for windows of another sensor or shape.
  public func windows(of input: WindowContract) throws -> Tensor {
    guard let windows = inputs[input.sensor] else { throw EncoderError.sensor(input.sensor, known: Array(inputs.keys)) }
    guard Array(windows.shape.dropFirst(2)) == input.shape else {
      throw EncoderError.shape(found: windows.shape, contract: input)
    }
    return windows
  }

  /// What an encoder makes of the windows of some sensors, joined: `[batch, length, width * inputs]`.
  ///
  /// Where a window counts that any sensor measured, each sensor's part is of the windows that it measured itself, and zeros elsewhere.
  ///
  /// - Parameter inputs: Of the encoder; their vectors are joined in this order.
  public func vectors(_ encoder: any Encoder, of inputs: [WindowContract], _ mode: Mode) throws -> Tensor {
    let parts = try inputs.map { input in
      if measured != nil { return try vectorsOfOwn(encoder, of: input, mode) }
      return try encodingMeasured(windows(of: input), width: encoder.width, wholeSequences: encoder.readsNeighbours) {
        try encoder($0, of: input.sensor, mode)
      }
    }
    return parts.count == 1 ? parts[0] : try .concatenate(parts, axis: 2)
  }

  /// What an encoder makes in inference of each of some sequences of this batch, which is one stretch of windows, within rounding: a window that
  /// several sequences hold is encoded once, as far as its vector is the same in all.
  ///
  /// - Returns: `[sequences, length, width * inputs]`.
  public func vectors(_ encoder: any Encoder, of inputs: [WindowContract], _ sequences: Sequences) throws -> Tensor {
    guard encoder.readsNeighbours else { return try sequences(vectors(encoder, of: inputs, .inference)) }
    if measured != nil { try MissingSensors.check(encoder) }
    let parts = try inputs.map { try encoder.vectors(sequences, in: windows(of: $0), of: $0.sensor) }
    return parts.count == 1 ? parts[0] : try .concatenate(parts, axis: 2)
  }

  /// What an encoder makes of the windows that were measured; zeros where they were not.
  ///
  /// Padding and gaps have no part in an encoder's batch statistics, nor in its gradients.
  ///
  /// - Parameters:
  ///   - windows: `[batch, length, …]`, of one of the batch's sensors.
  ///   - width: The size of a vector.
  ///   - wholeSequences: Whether a window's vector depends on its neighbours: gaps then stay where they are.
  ///   - encode: `[sequences, windows, …]` to `[sequences, windows, width]`.
  /// - Returns: `[batch, length, width]`.
  private func encodingMeasured(
    _ windows: Tensor, width: Int, wholeSequences: Bool, _ encode: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    if isWhole || wholeSequences { return try encode(windows) }
    guard mask.contains(true) else { return try .zeros([count, length, width], device: device) }
    let places = try measuredPlaces()
    let measured = try windows.reshaped([count * length, 1] + windows.shape.dropFirst(2)).select(0, indices: places)
    return try encode(measured).reshaped([-1, width]).placed(at: places, of: count * length)
      .reshaped([count, length, width])
  }

  /// What `NightProfile` says of each window, of some sensors one after the other; zeros where a sensor did not measure.
  ///
  /// - Returns: `[batch, length, quantities]`.
  /// - Throws: `EncoderError` where a sensor's was not read.
  public func profile(of sensors: [Sensor]) throws -> Tensor {
    let parts = try sensors.map { sensor in
      guard let own = profiles[sensor] else { throw EncoderError.sensor(sensor, known: Array(profiles.keys)) }
      let measured = isMeasured(by: sensor)
      guard measured.contains(false) else { return own }
      return try own * Tensor(measured.map { $0 ? Float(1) : 0 }, shape: [count, length, 1]).to(device)
    }
    return parts.count == 1 ? parts[0] : try .concatenate(parts, axis: 2)
  }

  /// What a layer makes of the vectors of the windows that were measured; zeros where they were not.
  ///
  /// - Parameters:
  ///   - vectors: `[batch, length, width]`.
  ///   - layer: `[windows, width]` to the same shape.
  public func measured(_ vectors: Tensor, _ layer: (Tensor) throws -> Tensor) throws -> Tensor {
    let width = vectors.shape[2]
    let rows = try vectors.reshaped([count * length, width])
    if isWhole { return try layer(rows).reshaped(vectors.shape) }
    // A batch norm has no statistics of one window.
    guard mask.count(where: { $0 }) > 1 else { return vectors }
    let places = try measuredPlaces()
    return try layer(rows.select(0, indices: places)).placed(at: places, of: count * length).reshaped(vectors.shape)
  }

  /// How far each sequence goes, and where attention may look: everywhere in a sequence that has nothing valid.
  public func extent() throws -> Extent {
    guard !isWhole else { return Extent(lengths: lengths) }
    let places = mask.indices.map { mask[$0] || lengths[$0 / length] == 0 }
    return Extent(lengths: lengths, attendable: try Tensor(places, shape: [count, length]).to(device))
  }
}
