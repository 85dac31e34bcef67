import Downstream
import Encoders
public import Foundation
import Layers
import NumPy
import SleepCore
import Tensors
import Training

/// What a network gave elsewhere, beside what ours gives of the same inputs: whether weights of others came over as they were.
public struct OutputCheck: Hashable, Sendable {
  /// An array a sensor, in the order of the model's: windows, or sequences of windows, and the shape of one; sides of 1 may be left out.
  public var inputs: [URL]
  /// Scores, or probabilities, of each window's classes; vectors of an encoder.
  public var outputs: URL

  public init(inputs: [URL], outputs: URL) { (self.inputs, self.outputs) = (inputs, outputs) }

  /// What came of it.
  public struct Result: Hashable, Sendable {
    /// The largest difference between two numbers; `nan` where one of them is none.
    public let difference: Float
    public let count: Int
    /// What was compared: `scores`, `probabilities`, `vectors`.
    public let kind: String
    /// The least and the greatest number of theirs.
    public let range: ClosedRange<Float>

    /// `3.6e-07, of 960 scores between -4.1 and 5.2`.
    public var words: String {
      func short(_ number: Float) -> String { String(format: "%.3g", number) }
      return "\(String(format: "%.2g", difference)), of \(count) \(kind) between \(short(range.lowerBound)) and "
        + short(range.upperBound)
    }
  }

  /// Compares a recogniser's scores, or the probabilities that are made of them where theirs are such.
  ///
  /// - Parameter readsSequences: Whether windows without a batch are those of one sequence.
  func callAsFunction(_ model: any RecognitionModel, readsSequences: Bool) throws -> Result {
    let theirs = try NpyArray<Float>(contentsOf: outputs)
    let windows = try tensors(of: model.inputs, readsSequences)
    let first = windows[0].shape
    let batch = DeviceBatch(
      inputs: Dictionary(uniqueKeysWithValues: zip(model.inputs.map(\.sensor), windows)),
      labels: [Int8](repeating: -1, count: first[0] * first[1]), length: first[1])
    let isProbable = Self.areProbabilities(theirs, of: model.classes)
    let ours = try LibTorch.withoutGradients {
      let scores = try model.scores(batch, .inference)
      return try isProbable ? scores.softmax(2) : scores
    }
    return try compared(ours, theirs, isProbable ? "probabilities" : "scores")
  }

  /// Compares an encoder's vectors, of all sensors side by side.
  func callAsFunction(_ encoder: any Encoder) throws -> Result {
    let theirs = try NpyArray<Float>(contentsOf: outputs)
    let windows = try tensors(of: encoder.inputs, encoder.readsNeighbours)
    let ours = try LibTorch.withoutGradients {
      try Tensor.concatenate(
        zip(encoder.inputs, windows).map { try encoder($1, of: $0.sensor, .inference) }, axis: 2)
    }
    return try compared(ours, theirs, "vectors")
  }

  private func compared(_ ours: Tensor, _ theirs: NpyArray<Float>, _ kind: String) throws -> Result {
    let shape = ours.shape
    guard theirs.values.count == ours.count, !theirs.values.isEmpty, theirs.shape.last == shape.last else {
      throw RecipeError(
        path: outputs.path, problem: "outputs of shape \(theirs.shape)",
        wanted: "\(shape), as the inputs and the model have it")
    }
    let own = try ours.values(Float.self)
    let differences = zip(own, theirs.values).map { abs($0 - $1) }
    let worst = differences.contains { $0.isNaN } ? .nan : differences.max() ?? 0
    let known = theirs.values.filter { !$0.isNaN }
    return Result(
      difference: worst, count: own.count, kind: kind, range: (known.min() ?? 0)...(known.max() ?? 0))
  }

  /// `[batch, length]` and the contract's shape, of each sensor.
  private func tensors(of contracts: [WindowContract], _ readsSequences: Bool) throws -> [Tensor] {
    guard inputs.count == contracts.count else {
      throw RecipeError(
        path: inputs.map(\.lastPathComponent).joined(separator: ","), problem: "\(inputs.count) arrays of inputs",
        wanted: "one a sensor, in this order: \(contracts.map(\.sensor.rawValue).joined(separator: ", "))")
    }
    let tensors = try zip(inputs, contracts).map { try Self.tensor($0, $1, readsSequences) }
    let leading = tensors.map { Array($0.shape.prefix(2)) }
    guard Set(leading).count == 1 else {
      throw RecipeError(
        path: inputs.map(\.lastPathComponent).joined(separator: ","),
        problem: "inputs of \(leading.map { "\($0[0]) x \($0[1])" }.joined(separator: " and ")) windows",
        wanted: "as many of each sensor")
    }
    return tensors
  }

  private static func tensor(_ url: URL, _ contract: WindowContract, _ readsSequences: Bool) throws -> Tensor {
    let array = try NpyArray<Float>(contentsOf: url)
    let sides = contract.shape.filter { $0 > 1 }
    // A batch of windows or of sequences before the window's own shape, in which sides of 1 may be left out.
    for own in [contract.shape, sides]
    where array.shape.count > own.count && Array(array.shape.suffix(own.count)) == own {
      let leading = Array(array.shape.dropLast(own.count))
      guard leading.count <= 2, !array.values.isEmpty else { continue }
      let whole = readsSequences ? ([1] + leading).suffix(2) : (leading + [1]).prefix(2)
      return try Tensor(array.values, shape: whole + contract.shape)
    }
    throw RecipeError(
      path: url.path, problem: "inputs of shape \(array.shape)",
      wanted:
        "[batch, \(contract.shape.map(String.init).joined(separator: ", "))], or [batch, length, …] of sequences, of \(contract.summary)"
    )
  }

  /// Whether each window's numbers are shares of 1.
  private static func areProbabilities(_ array: NpyArray<Float>, of classes: Int) -> Bool {
    guard array.values.count % classes == 0, array.values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return false }
    return stride(from: 0, to: array.values.count, by: classes).allSatisfy {
      abs(array.values[$0..<$0 + classes].reduce(0, +) - 1) < 1e-3
    }
  }
}
