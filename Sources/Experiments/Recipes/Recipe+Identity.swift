import Corpora
import Files
import Foundation
import Training
import YAML

extension Recipe {
  /// What a training by this recipe is, key by key: a state of another one is not gone on from.
  ///
  /// - Parameters:
  ///   - command: `pretrain`, `finetune`.
  ///   - initial: The weights that it begins with.
  ///   - further: What else it is, by key.
  func identity(
    _ command: String, _ corpora: [Corpus], initial: ModelFile?, _ further: [String: String] = [:]
  ) throws -> CheckpointFolder.Identity {
    var keys = ["command": command]
    // Arms are of comparisons; a device and how many processes there are may change on the way.
    var own = self
    (own.comparison, own.device) = (ComparisonRecipe(), Recipe().device)
    keys.merge(try own.keys()) { $1 }
    for (number, corpus) in corpora.enumerated() {
      keys["data \(number + 1)"] =
        "\(corpus.index.dataset), \(corpus.recordings.count) recordings, \(corpus.index.contentHash)"
    }
    if let initial { keys["--init"] = Comparison.hash(try InputFile(initial.url).bytes()) }
    return keys.merging(further) { $1 }
  }

  /// All that it says, by keys with dots; lists count from 1.
  func keys() throws -> [String: String] {
    var keys: [String: String] = [:]
    try YAMLEncoder().encode(self).flatten("", into: &keys)
    return keys
  }
}

extension Node {
  /// Its scalars by their keys with dots; lists count from 1.
  fileprivate func flatten(_ path: String, into keys: inout [String: String]) {
    func inside(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch value {
    case .scalar(let scalar): keys[path] = scalar.text
    case .sequence(let nodes):
      for (place, node) in nodes.enumerated() { node.flatten(inside("\(place + 1)"), into: &keys) }
    case .mapping(let entries): for entry in entries { entry.value.flatten(inside(entry.key), into: &keys) }
    }
  }
}
