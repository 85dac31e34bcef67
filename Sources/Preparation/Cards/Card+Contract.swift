import Corpora
public import SleepCore

extension Card {
  /// What a window of a sensor is, prepared by this card, without any file: as `ssrm prepare` makes it where the card says all of it.
  ///
  /// - Parameter usual: What windows are where the card leaves it to the files: their channels, rate and size.
  /// - Returns: `nil` where the card has not the sensor.
  /// - Throws: ``Signals/SignalError`` for frames of a spectrogram that are none.
  public func contract(of sensor: Sensor, usual: WindowContract) throws -> WindowContract? {
    guard let settings = preprocessing.sensors[sensor] else { return nil }
    let preparation = try preprocessing.preparation(of: sensor)
    let rate = settings.sampleRateHz ?? usual.sampleRateHz
    let length = rate.flatMap { rate in
      preprocessing.windowSeconds.map { Int((($0 + 2 * (settings.contextSeconds ?? 0)) * rate).rounded()) }
    }
    if let spectrogram = settings.spectrogram, let length {
      let images = try SpectrogramWindowing(spectrogram).images(
        [Float](repeating: 0, count: length), samples: length, measured: [true])
      return WindowContract(sensor: sensor, shape: images.shape, preparation: preparation)
    }
    if sensor.isMap {
      let shape = (settings.map?.reference == true ? [2] : []) + (settings.map?.size ?? usual.shape)
      return WindowContract(sensor: sensor, shape: shape, preparation: preparation)
    }
    let isNormalised =
      settings.normalisation ?? .none != .none || settings.scale != nil || settings.transform != nil
    let channels =
      settings.channels?.map { Channel(name: $0.name, unit: isNormalised ? "" : settings.unit ?? $0.unit ?? "") }
      ?? usual.channels
    return WindowContract(
      sensor: sensor, channels: channels, shape: [channels.count, length ?? usual.shape[1]], sampleRateHz: rate,
      preparation: preparation)
  }
}
