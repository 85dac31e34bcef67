/// What a reader calls the files of a recording, as a table of recordings names them.
public struct FileRoles: Hashable, Sendable {
  /// The role of a signal file that is named without one; `nil` where every file needs its role.
  public let main: String?
  /// Every role of a signal file; `nil` where the data set makes them up.
  public let signals: [String]?
  /// The role of the label file; `nil` where labels are in the signal's own file.
  public let labels: String?

  /// What a label file is called, unless a data set says otherwise.
  static let labelsRole = "labels"

  public init(main: String?, signals: [String]?, labels: String? = "labels") {
    self.main = main
    self.signals = signals
    self.labels = labels
  }

  /// One signal file and one label file.
  public static let single = FileRoles(main: "psg", signals: ["psg"])
}
