/// A name after the Brain Imaging Data Structure: `sub-01_ses-02_task-sleep_eeg`.
///
/// Follows Pernet et al., ["EEG-BIDS, an extension to the brain imaging data structure for
/// electroencephalography"](https://doi.org/10.1038/s41597-019-0104-8) (2019).
struct BIDSName: Hashable, Sendable {
  /// `sub-01`, as in `participants.tsv`.
  let subject: String
  /// `ses-02`.
  let session: String?
  /// All but the last word, which says what is in the file: `sub-01_ses-02_task-sleep`.
  let entities: String
  /// What is in the file: `eeg`.
  let suffix: String

  /// - Parameter stem: The file's name without its extension.
  init?(_ stem: String) {
    let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count >= 2, let suffix = parts.last, !suffix.isEmpty, suffix.allSatisfy(Self.isPlain) else {
      return nil
    }
    var keys: [Substring] = []
    for part in parts.dropLast() {
      let pair = part.split(separator: "-", omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty, pair[0].allSatisfy({ $0.isASCII && $0.isLowercase }),
        pair[1].allSatisfy(Self.isPlain), !keys.contains(pair[0])
      else { return nil }
      keys.append(pair[0])
    }
    guard keys.first == "sub" else { return nil }
    subject = String(parts[0])
    session = keys.firstIndex(of: "ses").map { String(parts[$0]) }
    entities = parts.dropLast().joined(separator: "_")
    self.suffix = String(suffix)
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
}
