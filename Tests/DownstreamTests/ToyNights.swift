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
    EncoderRecipe(SharedEncoder.self) {
      $0.width = 8
      $0.signal.channels = [4, 4]
      $0.signal.kernel = 3
      $0.signal.tokens = 2
    }
  }

  /// Heads with parameters; the others are computed from labelled windows.
  static let trainedHeads = Heads.names.filter { !["prototypes", "neighbours"].contains($0) }

  /// Every head, of six hidden units.
  static func head(_ kind: String, crf: Bool = false, clock: Bool = false, dropout: Double = 0) -> HeadRecipe {
    let choice: Choice<Heads> =
      switch kind {
      case "linear": Choice(LinearHead.self) { $0.dropout = dropout }
      case "cosine": Choice(CosineHead.self) { $0.dropout = dropout }
      case "mlp": Choice(PerceptronHead.self) { ($0.hidden, $0.dropout) = (6, dropout) }
      case "prototypes": Choice(PrototypesHead.self)
      case "neighbours": Choice(NeighboursHead.self) { ($0.k, $0.keep) = (3, 16) }
      case "bilstm": Choice(ContextHead<BiLSTM>.self) { ($0.hidden, $0.dropout) = (6, dropout) }
      case "bigru": Choice(ContextHead<BiGRU>.self) { ($0.hidden, $0.dropout) = (6, dropout) }
      case "tcn":
        Choice(ContextHead<DilatedConvolutions>.self) {
          ($0.width, $0.layers, $0.kernel, $0.dropout) = (6, 2, 3, dropout)
        }
      default:
        Choice(ContextHead<Transformer>.self) {
          ($0.width, $0.layers, $0.heads, $0.feedForward, $0.dropout) = (6, 1, 2, 8, dropout)
        }
      }
    precondition(choice.name == kind, "a head of that name")
    var recipe = HeadRecipe(choice)
    (recipe.crf, recipe.clock) = (crf, clock)
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
