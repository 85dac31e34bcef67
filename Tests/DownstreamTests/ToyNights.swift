import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training

/// Nights of wake, N2 and REM in turn, whose samples tell the stage, and small recognisers for them.
enum ToyNights {
  static let contract = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 16], sampleRateHz: 1)
  static let input = WindowContract(sensor: .heartRate, channels: ["hr"], shape: [1, 16], sampleRateHz: 1)
  static let scheme = LabelScheme.wakeNREMREM

  static func stages(_ windows: Int) -> [Int8] { (0..<windows).map { [0, 2, 2, 4][$0 / 3 % 4] } }

  /// - Parameters:
  ///   - labels: The true ones where `nil`.
  ///   - invalid: Windows that were not measured.
  static func night(
    _ subject: String, windows: Int = 24, labels: [Int8]? = nil, invalid: Set<Int> = []
  ) -> RecordingWindows {
    var random = RandomSource(seed: 7, for: subject)
    var values: [Float] = []
    for (window, stage) in stages(windows).enumerated() {
      for _ in 0..<16 {
        let sample = Float(stage) / 2 - 1 + Float.random(in: -0.5...0.5, using: &random)
        values.append(invalid.contains(window) ? .nan : sample)
      }
    }
    return RecordingWindows(
      id: "night-\(subject)", subject: Subject(subject), labels: labels ?? stages(windows),
      sensors: [SensorWindows(contract: contract, values: values)])
  }

  static func corpus(_ folder: URL, _ nights: [RecordingWindows]) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
    for night in nights { try writer.write(night) }
    return try writer.finish()
  }

  static func source(_ corpus: Corpus, _ subjects: [String]? = nil) throws -> WindowSource {
    try WindowSource(corpus, sensors: [.heartRate], subjects: subjects?.map { Subject($0) }, scheme: scheme)
  }

  static var encoder: EncoderRecipe {
    var recipe = EncoderRecipe()
    recipe.width = 8
    recipe.signal.channels = [4, 4]
    recipe.signal.kernel = 3
    recipe.signal.tokens = 2
    return recipe
  }

  static func head(_ kind: HeadRecipe.Kind, crf: Bool = false, clock: Bool = false, dropout: Double = 0) -> HeadRecipe {
    var recipe = HeadRecipe()
    (recipe.kind, recipe.hidden, recipe.crf, recipe.clock, recipe.dropout) = (kind, 6, crf, clock, dropout)
    return recipe
  }

  static func recogniser(_ store: ParameterStore, head: HeadRecipe) throws -> Recogniser {
    try Recogniser(store.root, encoder: encoder, head: head, inputs: [input], classes: scheme.classes.count)
  }

  /// Plain descent at a constant rate, so that a step can be worked out by hand.
  static func training(epochs: Int, sequence: Int = 1, rate: Double = 0.05) -> FineTuningRecipe {
    var recipe = FineTuningRecipe()
    (recipe.epochs, recipe.sequence, recipe.batch, recipe.select) = (epochs, sequence, 128, .last)
    recipe.optimization.rule = .sgd
    recipe.optimization.learningRate = rate
    recipe.optimization.weightDecay = 0
    recipe.optimization.schedule = .constant
    recipe.optimization.clip = 0
    return recipe
  }
}

extension ParameterStore {
  /// Every value, trained or not, by name.
  func numbers() throws -> [String: [Float]] {
    try Dictionary(
      uniqueKeysWithValues: entries.map { ($0.name, try $0.tensor.to(.float32).values(Float.self)) })
  }
}
