public import SleepCore

/// Leaves sensors out of the sequences of one training, batch after batch.
public final class SensorDropout {
  private let missing: MissingSensors
  private let sensors: [Sensor]
  private var random: RandomSource

  /// - Parameter sensors: All that are read together.
  public init(_ missing: MissingSensors, sensors: [Sensor], seed: UInt64) {
    (self.missing, self.sensors) = (missing, sensors)
    random = RandomSource(seed: seed, for: "sensors left out")
  }

  /// A batch with sensors left out of its sequences, anew in each call.
  public func callAsFunction(_ batch: DeviceBatch) -> DeviceBatch {
    missing.drop > 0 ? batch.leavingOut(missing.drop, of: sensors, using: &random) : batch
  }
}

extension SensorDropout: Resumable {
  public func save(to state: inout TrainingState, as name: String) throws { try state.put(name, random) }
  public func load(from state: TrainingState, as name: String) throws { random = try state.value(name) }
}
