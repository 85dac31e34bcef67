import Foundation
import Layers
import NumPy
import Tensors

/// Labels of whole sequences: 8 of 1000 windows, 5 classes.
enum SequenceBenchmarks {
  static let all = [crfLoss, viterbi, recurrentStep]
  private static let (batch, length, classes) = (8, 1000, 5)

  /// A chain, and scores and labels for it; all are written for the peer.
  private static func chain(_ folder: URL) throws -> (crf: ConditionalRandomField, scores: [Float], tags: [Int8]) {
    let store = try ParameterStore(seed: 1)
    let crf = try ConditionalRandomField(store.root, classes: classes)
    for entry in store.entries {
      try NpyArray(shape: entry.tensor.shape, values: entry.tensor.detach().values(Float.self))
        .write(to: folder.appendingPathComponent(entry.name + ".npy"))
    }
    let scores = try Tensor.normal([batch, length, classes], generator: Generator(seed: 2)).values(Float.self)
    try NpyArray(shape: [batch, length, classes], values: scores)
      .write(to: folder.appendingPathComponent("emissions.npy"))
    return (crf, scores, try labels(folder))
  }

  private static func labels(_ folder: URL) throws -> [Int8] {
    // Stages last for some windows.
    let tags = (0..<batch * length).map { Int8($0 / 7 * 13 % classes) }
    try NpyArray(shape: [batch, length], values: tags.map(Int64.init))
      .write(to: folder.appendingPathComponent("tags.npy"))
    return tags
  }

  private static let crfLoss = Benchmark(
    name: "crf-loss", title: "CRF loss with its gradients, 8 x 1000 windows, 5 classes", peer: "pytorch-crf",
    target: .times(50)
  ) { folder in
    let (crf, scores, tags) = try chain(folder)
    let emissions = try Tensor(scores, shape: [batch, length, classes])
    try emissions.setRequiresGradient(true)
    return {
      try emissions.setGradient(nil)
      let loss = try crf.loss(emissions, tags: tags)
      try loss.backward()
      return try loss.item()
    }
  }

  private static let viterbi = Benchmark(
    name: "viterbi", title: "most probable path, 8 x 1000 windows, 5 classes", peer: "pytorch-crf",
    target: .times(100)
  ) { folder in
    let (crf, scores, _) = try chain(folder)
    let emissions = try Tensor(scores, shape: [batch, length, classes])
    return {
      var sum = 0
      for (place, tag) in try crf.decode(emissions).tags.enumerated() { sum += (place % 97) * Int(tag) }
      return Double(sum)
    }
  }

  private static let recurrentStep = Benchmark(
    name: "bilstm-crf", title: "training step of BiLSTM(128) and CRF, 8 x 1000 windows of 128, 5 classes, Adam",
    peer: "PyTorch with pytorch-crf", target: .times(4), rounds: 4, passes: 3
  ) { folder in
    let tags = try labels(folder)
    let store = try ParameterStore(seed: 1)
    let recurrent = try Recurrent(store.root("recurrent"), .lstm, inputs: 128, hiddenSize: 128)
    let output = try Linear(store.root("output"), inputs: recurrent.outputs, outputs: classes)
    let crf = try ConditionalRandomField(store.root("crf"), classes: classes)
    let optimizer = Optimizer(.adam(), [.init(store.parameters())])
    let windows = try Tensor.normal([batch, length, 128], generator: Generator(seed: 2))
    return {
      try store.clearGradients()
      try crf.loss(output(recurrent(windows)), tags: tags).backward()
      try optimizer.step(learningRate: 1e-3)
      return Double(store.parameterCount)
    }
  }
}
