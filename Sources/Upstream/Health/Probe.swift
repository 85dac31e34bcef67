import Clustering
import Encoders
public import Corpora
import Layers
import Metrics
public import SleepCore
import Tensors
import Training

/// Asks vectors for labels: nearest neighbours and logistic regression, fitted on people of the training part and read on others, and
/// clusters of the others' vectors.
///
/// Vectors are those that a recogniser would read: of a night's sensors joined, behind the context where there is one. The encoder
/// hears nothing of it.
public struct Probe {
  private let training: WindowSource
  private let validation: WindowSource
  private let scheme: LabelScheme
  /// Windows of each part, at the most.
  private static let most = 3000
  private static let neighbours = 20
  /// The number by which an epoch is chosen.
  static let choosing = "probe/logistic regression"

  /// - Parameters:
  ///   - training: Of the network's night, with labels.
  ///   - validation: The same, of people whom nothing is fitted on.
  public init(training: WindowSource, validation: WindowSource, scheme: LabelScheme) {
    (self.training, self.validation, self.scheme) = (training, validation, scheme)
  }

  /// Kappa of both, which chance leaves at 0, as `probe/nearest neighbours` and `probe/logistic regression`; and of as many clusters as
  /// there are labels the purity and the normalised mutual information with them.
  package func callAsFunction(_ network: PretextNetwork) throws -> [String: Double] {
    let (known, others) = (try labelled(training, network), try labelled(validation, network))
    guard let known, let others else { return [:] }
    let classes = scheme.classes.count
    let regression = try LogisticRegression(
      known.vectors, Tensor(known.labels.map(Int64.init)), classes: classes, seed: 1, steps: 200)
    var numbers = try [
      "probe/nearest neighbours": kappa(others.labels, nearest(others.vectors, among: known)),
      Self.choosing: kappa(
        others.labels, regression.predict(others.vectors).values(Int64.self).map { Int8($0) }),
    ]
    if let agreement = try clusters(others, classes) {
      numbers["probe/cluster purity"] = agreement.purity
      numbers["probe/cluster mutual information"] = agreement.normalizedMutualInformation
    }
    return numbers
  }

  /// How k-means of the vectors agrees with the labels.
  private func clusters(_ labelled: Labelled, _ classes: Int) throws -> ClusterAgreement? {
    guard labelled.labels.count >= classes else { return nil }
    let points = try Points(unit(labelled.vectors).values(Float.self), width: labelled.vectors.shape[1])
    var random = RandomSource(seed: 1, for: "probe clusters")
    let found = try KMeans(points, clusters: classes, restarts: 3, using: &random)
    return ClusterAgreement(found.labels, labelled.labels.map(Int.init))
  }

  private typealias Labelled = (vectors: Tensor, labels: [Int8])

  /// The vectors of some labelled windows, evenly over the part; `nil` without any.
  private func labelled(_ source: WindowSource, _ network: PretextNetwork) throws -> Labelled? {
    let reader = BatchReader([source])
    let total = source.recordings.reduce(0) { $0 + source.labelled(recording: $1).count }
    let step = max(1, (total + Self.most - 1) / Self.most)
    var (parts, labels): ([Tensor], [Int8]) = ([], [])
    try LibTorch.withoutGradients {
      for recording in source.recordings {
        let chosen = source.labelled(recording: recording).enumerated().filter { $0.offset.isMultiple(of: step) }
          .map(\.element)
        guard !chosen.isEmpty else { continue }
        labels += chosen.map { Int8($0.label) }
        let windows = source.store.recordings[recording].windows
        let plans =
          network.readsNights || network.encoder.readsNeighbours
          ? source.plans(recording: recording, length: windows, stride: windows, batchSize: 1)
          : [BatchPlan(sensors: source.sensors, length: 1, windows: chosen.map(\.window))]
        for plan in plans {
          let batch = try DeviceBatch(reader.read(plan), on: network.store.device)
          let vectors = try network.reader(network.vectors(batch, .inference), batch, .inference)
          let rows = try vectors.reshaped([-1, network.reader.width])
          guard plan.length > 1 else {
            parts.append(try rows.to(.cpu))
            continue
          }
          parts.append(try rows.to(.cpu).select(0, indices: Tensor(chosen.map { Int64($0.window.window) })))
        }
      }
    }
    return parts.isEmpty ? nil : (try .concatenate(parts, axis: 0), labels)
  }

  /// The commonest label among the nearest known vectors by cosine.
  private func nearest(_ vectors: Tensor, among known: Labelled) throws -> [Int8] {
    try LibTorch.withoutGradients {
      let likeness = try unit(vectors).matmul(unit(known.vectors).transposed(0, 1)).values(Float.self)
      let count = known.labels.count
      return (0..<vectors.shape[0]).map { row in
        let own = likeness[(row * count)..<((row + 1) * count)]
        let best = own.indices.sorted { own[$0] > own[$1] }.prefix(Self.neighbours)
        var votes = [Float](repeating: 0, count: scheme.classes.count)
        for index in best { votes[Int(known.labels[index - row * count])] += 1 }
        return Int8(votes.indices.max { votes[$0] < votes[$1] } ?? 0)
      }
    }
  }

  private func kappa(_ truth: [Int8], _ predicted: [Int8]) throws -> Double {
    try ConfusionMatrix(classCount: scheme.classes.count, truth: truth, predicted: predicted).kappa ?? 0
  }
}
