import Corpora
import Downstream
import Experiments
import Foundation
import NumPy
import Preparation
import SleepCore
import Training

/// The people of a toy study with a heart rate and an activity that both tell the stage, of whom some lack one.
enum TwoSensorStudy {
  static let people = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"]
  /// Whoever lacks a sensor.
  static let lacking: [String: Sensor] = ["p2": .activity, "p5": .heartRate, "p8": .activity]

  static func contract(_ sensor: Sensor) -> WindowContract {
    WindowContract(
      sensor: sensor,
      channels: [Channel(name: sensor == .activity ? "count" : "hr", unit: sensor == .activity ? "count" : "bpm")],
      shape: [1, 30], sampleRateHz: 1)
  }

  static func samples(_ person: String, _ sensor: Sensor) -> [Float] {
    ToyStudy.samples("\(person) \(sensor.rawValue)", windows: 24)
  }

  /// - Parameters:
  ///   - lacking: The sensor that a person lacks.
  ///   - sensors: Those of the corpus.
  static func corpus(
    _ folder: URL, dataset: String = "toy", people: [String] = people, lacking: [String: Sensor] = lacking,
    sensors: [Sensor] = [.heartRate, .activity]
  ) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: dataset, labels: .stages)
    for person in people {
      let own = sensors.filter { lacking[person] != $0 }
      try writer.write(
        RecordingWindows(
          id: "night-\(person)", subject: Subject(person), labels: ToyStudy.stages(24),
          sensors: own.map {
            SensorWindows(
              contract: contract($0), values: samples(dataset == "toy" ? person : "\(dataset) \(person)", $0))
          }))
    }
    return try writer.finish()
  }

  static let text = """
    name: two
    sensors: [heart-rate, activity]
    missing: {drop: 0.3}
    labels: w-nrem-rem
    device: cpu
    encoder:
      width: 8
      signal: {channels: [4, 8], kernel: 3, tokens: 2}
    head: {kind: mlp, hidden: 8, dropout: 0.1}
    finetuning: {batch: 16, sequence: 6, epochs: 6, optimization: {learning_rate: 0.02}}
    split: {kind: k-fold, folds: 2, validation: 0.3}
    comparison: {budgets: [all], seeds: 1, measure: accuracy}
    """

  static func recipe(_ changes: (inout Recipe) -> Void = { _ in }) throws -> Recipe {
    var recipe = try Recipe.parse(text, path: "two.yaml")
    changes(&recipe)
    return recipe
  }
}
