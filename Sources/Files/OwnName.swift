import Foundation

/// Names of files that the program keeps for itself beside a user's: nobody else's begin so.
public enum OwnName {
  /// `.ssrm-`
  public static let prefix = ".ssrm-"

  /// A new name of something that is not whole yet.
  static func unfinished() -> String { "\(prefix)unfinished-\(UUID().uuidString)" }

  /// The name under which a folder is filled, before it is called `name`.
  static func unfinished(_ name: String) -> String { "\(prefix)unfinished-\(name)" }

  /// Whether a name is one of these, of something that was left behind where nobody holds the folder.
  public static func isOwn(_ name: String) -> Bool { name.hasPrefix(prefix) }
}
