public import Foundation
public import Tensors

extension ProcessGroup {
  /// Makes sure that all processes do the same training as the first.
  ///
  /// - Throws: ``OtherTraining`` on one that does another, and ``Tensors/ProcessGroupError`` on the rest.
  public func agree(on identity: CheckpointFolder.Identity) throws {
    let own = try JSONEncoder().encode(identity)
    guard let bytes = try broadcast(isFirst ? own : nil), !isFirst else { return _ = try any([false]) }
    let first = try JSONDecoder().decode(CheckpointFolder.Identity.self, from: bytes)
    let keys = Set(first.keys).union(identity.keys).filter { first[$0] != identity[$0] }
    guard keys.isEmpty else {
      throw OtherTraining(
        differences: keys.sorted().map { "\($0): \(first[$0] ?? "nothing"), here \(identity[$0] ?? "nothing")" })
    }
    _ = try any([false])
  }
}

/// A process that was started with another recipe or other data than the first.
public struct OtherTraining: Error, Equatable, LocalizedError {
  public let differences: [String]

  public var errorDescription: String? {
    "found another training than the first process's (\(differences.joined(separator: "; "))), expected the same command, recipe and "
      + "data on all processes"
  }
}
