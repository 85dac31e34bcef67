/// A value of a recipe or card that cannot be, or not beside the others.
public struct Misfit: Error, Hashable, Sendable, CustomStringConvertible {
  /// As a document has it, with dots: `trunk.heads`; empty of the whole value.
  public let key: String
  /// What it does not go with.
  public let others: [String]
  /// What the value is, in words.
  public let found: String
  /// What it should be, in words.
  public let expected: String

  public init(_ key: String, with others: [String] = [], is found: String, expected: String) {
    self.key = key
    self.others = others
    self.found = found
    self.expected = expected
  }

  /// A name that is none of those that there are.
  ///
  /// - Parameter meant: What it should read; the nearest of the names where `nil`.
  public init(_ key: String, is name: String, oneOf names: [String], meant: String? = nil) {
    let meant = (meant ?? nearest(name, among: names)).map { ". Did you mean '\($0)'?" } ?? ""
    self.init(key, is: "'\(name)'", expected: "one of \(names.joined(separator: ", "))\(meant)")
  }

  /// The same where the value is a part of another.
  package func under(_ part: String) -> Misfit {
    Misfit("\(part).\(key)", with: others.map { "\(part).\($0)" }, is: found, expected: expected)
  }

  /// As `'heads' is 7, expected a divisor of 'width', 128`.
  public var description: String { "'\(key)' is \(found), expected \(expected)" }
}
