extension KnownSystem {
  /// SleepVST's class of hoontree/SleepVST_baseline: `heart_encoder.layer1.0.conv_block.3.weight`.
  static let sleepVST = KnownSystem(
    "sleepvst", dataset: "shhs", labels: "w-light-deep-rem",
    [Naming("the names of the authors' PyTorch class") { _ in { SleepVSTNames.theirs($0) } }])
}

/// The parts of the authors' class, by ours.
private enum SleepVSTNames {
  private static let sensors = ["ecg": "heart", "respiration": "breath"]
  /// Blocks of `layer1`; the others are of `layer2`.
  private static let firstBlocks = 2
  private static let block = [
    "conv1": "conv_block.0", "norm1": "conv_block.1", "conv2": "conv_block.3", "norm2": "conv_block.4",
    "shortcut": "skip_proj.0", "shortcut_norm": "skip_proj.1",
  ]
  private static let attention = [
    "self_attn": "attn", "linear1": "ff.0", "linear2": "ff.3", "norm1": "norm1", "norm2": "norm2",
  ]

  static func theirs(_ ours: String) -> String? {
    let parts = ours.split(separator: ".").map(String.init)
    func rest(_ count: Int) -> String { parts.dropFirst(count).map { ".\($0)" }.joined() }
    func part(_ index: Int) -> String { parts.indices.contains(index) ? parts[index] : "" }
    switch part(0) {
    case "encoder":
      guard let sensor = sensors[part(1)] else { return nil }
      switch part(2) {
      case "stem": return "\(sensor)_encoder.front_conv.0\(rest(3))"
      case "norm": return "\(sensor)_encoder.front_conv.1\(rest(3))"
      case "projection": return "proj_\(sensor)\(rest(3))"
      case "blocks":
        guard let number = Int(part(3)), let place = block[part(4)] else { return nil }
        let (layer, index) = number < firstBlocks ? (1, number) : (2, number - firstBlocks)
        return "\(sensor)_encoder.layer\(layer).\(index).\(place)\(rest(5))"
      default: return nil
      }
    case "transformer" where part(1) == "norm": return "final_norm\(rest(2))"
    case "transformer": return attention[part(3)].map { "transformer.\(part(2)).\($0)\(rest(4))" }
    case "output": return "classifier\(rest(1))"
    default: return nil
    }
  }
}
