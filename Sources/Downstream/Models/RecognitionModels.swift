import SleepCore

/// The published systems, by name.
public enum RecognitionModels {
  /// In the order in which they are listed to users.
  public static let all: [PublishedModel] =
    [
      SleepVST.published,
      SleepVST.released,
      ULWSleepNet.published,
      SpectrogramCNN.published,
    ] + AccelerometerModel.published + EarlyAccelerometer.published + SSRMPressureMap.published + [
      SSRMWorker.published
    ]

  /// A published system; `nil` of another name, as that of the recipe's own recogniser.
  public static func find(_ name: String) -> PublishedModel? { all.first { $0.name == name } }

  /// - Throws: ``ModelError/unknown(name:known:)``.
  public static func named(_ name: String) throws -> PublishedModel {
    guard let model = find(name) else {
      throw ModelError.unknown(name: name, known: all.map(\.name))
    }
    return model
  }
}
