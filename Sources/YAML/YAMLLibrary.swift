import CYAML

/// The libyaml that the program is linked with.
public enum YAMLLibrary {
  /// As `0.2.5`.
  public static let version = String(cString: yaml_get_version_string())
}
