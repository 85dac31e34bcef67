/// Where in what `torch.save` wrote the weights are: the whole, or what a training's checkpoint keeps under one of a few names.
struct StateDictionary {
  /// In their order.
  let tensors: [(name: String, tensor: TorchTensor)]
  /// The key that they stand under; `nil` where they are the whole.
  let key: String?

  /// What trainings call the weights in their checkpoints, the first that is there.
  static let keys = ["model_state_dict", "state_dict", "model", "net", "network", "weights"]

  /// - Throws: ``WeightsError`` where there is no dictionary of tensors.
  init(_ pickle: PickleReader, path: String) throws(WeightsError) {
    let wanted = "a dictionary of tensors, or one under \(Self.keys.map { "'\($0)'" }.joined(separator: ", "))"
    guard case .dictionary(let root) = pickle.root else {
      throw WeightsError(
        path, found: pickle.root.words, expected: "\(wanted): torch.save(model.state_dict(), 'weights.pth')")
    }
    let entries = pickle.entries(of: root)
    for key in Self.keys {
      guard case .dictionary(let inner)? = entries.first(where: { $0.key == key })?.value else { continue }
      let tensors = Self.tensors(pickle.entries(of: inner))
      guard !tensors.isEmpty else { continue }
      (self.tensors, self.key) = (tensors, key)
      return
    }
    let tensors = Self.tensors(entries)
    guard !tensors.isEmpty else {
      throw WeightsError(
        path, found: "a dictionary of \(entries.isEmpty ? "nothing" : listed(entries.map(\.key))), and no tensors",
        expected: "\(wanted): torch.save(model.state_dict(), 'weights.pth')")
    }
    (self.tensors, key) = (tensors, nil)
  }

  private static func tensors(_ entries: [(key: String, value: PickleValue)]) -> [(name: String, tensor: TorchTensor)] {
    entries.compactMap { key, value in
      if case .tensor(let tensor) = value { (key, tensor) } else { nil }
    }
  }
}
