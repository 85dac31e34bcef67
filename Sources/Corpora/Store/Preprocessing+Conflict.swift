public import SleepCore

/// What a card's parts must not say of each other; what must not stand within one is in the part's own type.
extension Preprocessing {
  public var conflict: Misfit? {
    if let fromSeconds, let toSeconds, fromSeconds >= toSeconds {
      return Misfit(
        "from_seconds", with: ["to_seconds"], is: short(fromSeconds),
        expected: "less than 'to_seconds', \(short(toSeconds))")
    }
    if trimWakeAround != nil, trimWakeMinutes == nil {
      return Misfit("trim_wake_around", is: "there", expected: "'trim_wake_minutes' beside it")
    }
    if compose != nil, Set(sensors.keys) != [.pressureMap] {
      return Misfit(
        "compose", with: ["sensors"], is: "there",
        expected: "pressure-map as the only sensor: nights are composed of maps")
    }
    return sensors.sorted { $0.key.rawValue < $1.key.rawValue }.lazy
      .compactMap { conflict($0, $1) }.first
  }

  private func conflict(_ sensor: Sensor, _ settings: SensorPreprocessing) -> Misfit? {
    let place = "sensors.\(sensor.rawValue)"
    if settings.map != nil, !sensor.isMap {
      return Misfit("\(place).map", is: "there", expected: "it under a sensor of maps alone")
    }
    if settings.spectrogram != nil, sensor != .spectrogram {
      return Misfit("\(place).spectrogram", is: "there", expected: "it under the sensor spectrogram alone")
    }
    if settings.nonWearMinutes != nil, sensor != .accelerometer {
      return Misfit("\(place).non_wear_minutes", is: "there", expected: "it under the sensor accelerometer alone")
    }
    guard let rate = settings.sampleRateHz, let windowSeconds else { return nil }
    let samples = rate * windowSeconds
    if abs(samples - samples.rounded()) <= 1e-4, samples >= 0.5 { return nil }
    return Misfit(
      "\(place).sample_rate_hz", with: ["window_seconds"], is: short(rate),
      expected: "a whole number of samples in \(short(windowSeconds)) s")
  }
}
