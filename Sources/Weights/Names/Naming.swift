/// What another program calls the parameters of one of our models.
///
/// It goes from our names to theirs, so that one rule serves to read their files and to write ours.
public struct Naming: Sendable {
  /// In words: `the names of the authors' PyTorch class`.
  public let words: String
  /// Whether PyTorch's `load_state_dict` takes weights of these names.
  public let isPyTorch: Bool
  private let make: @Sendable (_ file: [String]) -> (_ ours: String) -> String?

  /// - Parameter make: Gives, for all names of a file, their name of one of ours; `nil` where they have none.
  init(
    _ words: String, isPyTorch: Bool = true,
    _ make: @escaping @Sendable (_ file: [String]) -> (_ ours: String) -> String?
  ) {
    (self.words, self.isPyTorch, self.make) = (words, isPyTorch, make)
  }

  /// Our own names, which are PyTorch's: `encoder.blocks.0.weight`.
  public static let ours = Naming("our own names") { _ in { $0 } }

  /// Their name of one of our parameters, where that does not depend on a file.
  public func theirs(_ ours: String) -> String? { make([])(ours) }

  /// Their names of our parameters, in a file of theirs.
  func theirs(of ours: [String], in file: [String]) -> [String: String] {
    let name = make(file)
    return Dictionary(ours.compactMap { own in name(own).map { (own, $0) } }, uniquingKeysWith: { first, _ in first })
  }
}
