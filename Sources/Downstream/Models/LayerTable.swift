import Layers
import Tensors
import Training

/// One line of a model's layer table.
public struct LayerRow: Codable, Hashable, Sendable {
  /// What its parameters' names begin with: `convolutions.0`; empty of pooling.
  public let name: String
  /// LibTorch's operator: `conv2d`; empty where the forward pass uses the parameters by themselves.
  public let kind: String
  /// Of one input, without axes of 1 at its front; empty where it is not known.
  public let output: [Int]
  /// How many numbers it trains.
  public let parameters: Int
}

extension PublishedModel {
  /// Every layer in the order of the forward pass, from its parameters and from what a forward pass of one input gives.
  ///
  /// A layer that is used more than once stands where it is used first. Layers that change no shape and have no parameters
  /// (activations, dropout) are left out.
  public func layers(_ options: ModelOptions = .init()) throws -> [LayerRow] {
    let store = try ParameterStore(seed: 1)
    let model = try make(store.root, inputs, classes, options)
    let windows = try emptyWindows()
    let steps = try OperatorTrace.tracing {
      try LibTorch.withoutGradients { _ = try model.scores(windows, .inference) }
    }
    let parameters = store.entries.filter { $0.kind == .parameter }
    let counts = Dictionary(grouping: parameters, by: \.layer).mapValues { $0.reduce(0) { $0 + $1.tensor.count } }
    let layers = Dictionary(uniqueKeysWithValues: parameters.map { (ObjectIdentifier($0.tensor), $0.layer) })
    var seen: Set<String> = []
    var rows = steps.compactMap { step -> LayerRow? in
      let output = Array(step.shape.dropLast().drop { $0 == 1 } + step.shape.suffix(1))
      guard let layer = step.arguments.lazy.compactMap({ layers[ObjectIdentifier($0)] }).first else {
        return step.name.contains("pool") ? LayerRow(name: "", kind: step.name, output: output, parameters: 0) : nil
      }
      guard seen.insert(layer).inserted else { return nil }
      return LayerRow(name: layer, kind: step.name, output: output, parameters: counts[layer] ?? 0)
    }
    for parameter in parameters where seen.insert(parameter.layer).inserted {
      rows.append(
        LayerRow(name: parameter.layer, kind: "", output: [], parameters: counts[parameter.layer] ?? 0))
    }
    return rows
  }
}

extension ParameterStore.Entry {
  /// The name without its last part: `convolutions.0` of `convolutions.0.weight`.
  fileprivate var layer: String { name.split(separator: ".").dropLast().joined(separator: ".") }
}
