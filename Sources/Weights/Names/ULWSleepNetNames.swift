extension KnownSystem {
  /// ULW-SleepNet's Keras model of wzw999/ULW-SLEEPNET, whose layers Keras counts: `separable_conv1d_2/pointwise_kernel`.
  static let ulwSleepNet = KnownSystem(
    "ulw-sleepnet", dataset: "sleep-edf", labels: "five-stages",
    [
      Naming("the names of the authors' Keras model", isPyTorch: false) { file in
        let layers = ULWSleepNetNames(file)
        return layers.theirs
      }
    ])
}

/// The layers of the authors' model in the order in which they were made: Keras goes on counting over the models that a program makes, so a
/// layer's place among those of its kind says which it is, and not its number.
private struct ULWSleepNetNames {
  private var layers: [String: [String]] = [:]

  private static let separable = [
    "depthwise.weight": "depthwise_kernel", "pointwise.weight": "pointwise_kernel", "pointwise.bias": "bias",
  ]
  private static let norm = [
    "weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance",
  ]
  private static let dense = ["weight": "kernel", "bias": "bias"]

  init(_ file: [String]) {
    var numbers: [String: [Int: String]] = [:]
    for name in file {
      guard let layer = name.split(separator: "/").first.map(String.init) else { continue }
      let parts = layer.split(separator: "_")
      if let number = parts.last.flatMap({ Int($0) }), number >= 0 {
        numbers[parts.dropLast().joined(separator: "_"), default: [:]][number] = layer
      } else {
        numbers[layer, default: [:]][0] = layer
      }
    }
    layers = numbers.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
  }

  func theirs(_ ours: String) -> String? {
    let parts = ours.split(separator: ".").map(String.init)
    switch parts.first {
    case "hidden": return layer("dense", 0, Self.dense[parts.dropFirst().joined(separator: ".")])
    case "output": return Self.dense[parts.dropFirst().joined(separator: ".")].map { "Label/\($0)" }
    case "encoder" where parts.count > 5:
      guard let block = Int(parts[2]), let index = Int(parts[4]) else { return nil }
      let weight = parts.dropFirst(5).joined(separator: ".")
      switch parts[3] {
      case "convolutions": return layer("separable_conv1d", 4 * block + index, Self.separable[weight])
      case "shortcuts": return layer("separable_conv1d", 4 * block + 2 + index, Self.separable[weight])
      case "norms": return layer("batch_normalization", 2 * block + index, Self.norm[weight])
      default: return nil
      }
    default: return nil
    }
  }

  private func layer(_ kind: String, _ place: Int, _ weight: String?) -> String? {
    guard let weight else { return nil }
    let known = layers[kind] ?? []
    let name = known.indices.contains(place) ? known[place] : place == 0 ? kind : "\(kind)_\(place)"
    return "\(name)/\(weight)"
  }
}
