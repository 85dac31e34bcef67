import Foundation

/// The signal files of one recording, before anyone said whose they are.
struct FoundSignal: Hashable, Sendable {
  /// The main file, or the folder that holds the files.
  let file: FileName
  /// By role.
  let files: [String: URL]
  /// Whether the signal file has annotations, among which labels may be.
  let mayHoldLabels: Bool
  /// What it is called, where a card's pattern says so.
  var identifier: String?
  /// Whose it is, where a card's pattern says so.
  var owner: RecordingOwner?
  /// Which night or visit it is, where a card's pattern says so.
  var session: String?
  /// The group of people that its subject belongs to, where a card's pattern says so.
  var group: String?
  /// Its label file, where a card's pattern says so.
  var labels: FileName?
}
