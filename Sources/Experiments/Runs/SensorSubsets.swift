import Corpora
import Downstream
import Metrics
import SleepCore
import Tensors

/// Some of a model's sensors, without the others of which a model is measured too.
struct SensorSubset: Hashable {
  /// In the order of the recipe.
  let sensors: [Sensor]
  /// The model's others.
  let left: Set<Sensor>

  /// As tables name it: `heart-rate + activity`.
  var name: String { Self.name(sensors) }

  static func name(_ sensors: [Sensor]) -> String { sensors.map(\.rawValue).joined(separator: " + ") }

  /// The most subsets that are looked at beside all sensors together.
  static let most = 14
}

extension Recipe {
  /// The subsets of the sensors that the model is measured with beside all of them, the largest first: of up to four sensors each one, of more
  /// those without one sensor and those of one alone. None where no sensor may be missing.
  var sensorSubsets: [SensorSubset] {
    guard toleratesMissing else { return [] }
    let count = sensors.count
    let chosen: [[Sensor]]
    if count <= 4 {
      chosen = (1..<(1 << count) - 1).map { bits in sensors.indices.filter { bits >> $0 & 1 == 1 } }
        .sorted { $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1) }
        .map { $0.map { sensors[$0] } }
    } else {
      chosen = sensors.map { left in sensors.filter { $0 != left } } + sensors.map { [$0] }
    }
    return chosen.prefix(SensorSubset.most).map { SensorSubset(sensors: $0, left: Set(sensors).subtracting($0)) }
  }
}

extension Model {
  /// What the model says of a source's recordings with each of its recipe's subsets of sensors. Recordings with none of a subset's are not among
  /// its predictions.
  func subsetPredictions(_ source: WindowSource, device: Device) throws -> [(
    subset: SensorSubset, source: WindowSource, predictions: [Prediction]
  )] {
    try recipe.sensorSubsets.map { subset in
      let own = source.leavingOut(subset.left)
      return (subset, own, try Predictor(recipe.finetuning, scheme: scheme, device: device)(model, store, own))
    }
  }

  /// How the model does with all sensors, as it is reported, and with each subset; `nil` where no sensor may be missing.
  func subsetScores(
    _ source: WindowSource, all: ClassificationReport, device: Device
  ) throws -> [ClassificationReport.SubsetScores]? {
    guard recipe.toleratesMissing else { return nil }
    let subsets = try subsetPredictions(source, device: device).map { subset, _, predictions in
      ClassificationReport.SubsetScores(
        subset.name,
        try ClassificationReport(
          scheme: scheme, windowSeconds: nil, recordings: predictions.map(\.scored), seed: recipe.seed))
    }
    return [ClassificationReport.SubsetScores(SensorSubset.name(recipe.sensors), all)] + subsets
  }
}
