/// What a recipe says of its published model; what it says of another has no effect.
public struct ModelOptions: Codable, Hashable, Sendable {
  public var sleepvst: SleepVST.Options?
  public var ulwSleepnet: ULWSleepNet.Options?
  public var spectrogramCnn: SpectrogramCNN.Options?
  /// Of all four accelerometer models.
  public var accelerometer: AccelerometerModel.Options?
  public var ssrmCnn: SSRMPressureMap.Options?

  public init() {}

  /// The same with nothing that stays as it is: for a training from scratch.
  public var withoutFreezing: ModelOptions {
    var options = self
    options.sleepvst?.frozen = []
    return options
  }
}
