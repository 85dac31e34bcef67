/// A part of a recipe or card: each of its numbers has a range, and its values must go together.
///
/// Where it is read from a file, the decoder refuses what does not fit, at its line and column. A number without a line in
/// ``ranges`` fails a test.
public protocol Ranged {
  /// The range of each number.
  static var ranges: NumberRanges { get }
  /// The first of its values that does not go with the others, or is a name that nothing has. Numbers are in their ranges.
  var conflict: Misfit? { get }
  /// The parts whose keys stand among this one's own in a document.
  static var partsBeside: [String] { get }
  /// What an item of one of its lists is called, by the list's key: error messages then say `arm 2`, and its name.
  static var items: [String: String] { get }
}

extension Ranged {
  /// Any values go together.
  public var conflict: Misfit? { nil }
  public static var partsBeside: [String] { [] }
  public static var items: [String: String] { [:] }

  /// The first number out of its range, here or in a part of this, or the first conflict; `nil` where everything fits.
  public var misfit: Misfit? {
    for child in Mirror(reflecting: self).children {
      guard let name = child.label else { continue }
      if let range = Self.ranges[name], let found = range.refusal(of: child.value) {
        return Misfit(snakeCase(name), is: found.found, expected: found.expected)
      }
      // The keys of settings that were chosen stand among those of the choice.
      if let settings = child.value as? AnySettings {
        if let misfit = settings.value.misfit { return misfit }
      } else if let misfit = Self.misfit(in: child.value) {
        return Self.partsBeside.contains(name) ? misfit : misfit.under(snakeCase(name))
      }
    }
    return conflict
  }

  /// The first misfit of a part, or of one of the parts in a list or dictionary.
  private static func misfit(in value: Any) -> Misfit? {
    if let part = value as? any Ranged { return part.misfit }
    let children = Mirror(reflecting: value).children
    switch Mirror(reflecting: value).displayStyle {
    case .optional: return children.lazy.compactMap { misfit(in: $0.value) }.first
    case .collection:
      return children.enumerated().lazy.compactMap { misfit(in: $1.value)?.under("\($0)") }.first
    case .dictionary:
      let pairs = children.compactMap { $0.value as? (key: Any, value: Any) }
      return pairs.map { (name(of: $0.key), $0.value) }.sorted { $0.0 < $1.0 }.lazy
        .compactMap { misfit(in: $1)?.under($0) }.first
    default: return nil
    }
  }

  private static func name(of key: Any) -> String {
    (key as? any RawRepresentable).map { "\($0.rawValue)" } ?? "\(key)"
  }
}

/// The ranges of a type's numbers, by its coding keys.
public struct NumberRanges: Sendable {
  private let ranges: [String: NumberRange]

  /// - Parameter ranges: One line a number.
  public init<Key: CodingKey>(_ keys: Key.Type, _ ranges: KeyValuePairs<Key, NumberRange>) {
    self.ranges = Dictionary(ranges.map { ($0.stringValue, $1) }) { $1 }
  }

  /// The range of a property, or of the items of one that is a list.
  public subscript(name: String) -> NumberRange? { ranges[name] }
}

extension NumberRange {
  /// What is wrong with a number or a list of numbers.
  fileprivate func refusal(of value: Any) -> (found: String, expected: String)? {
    if let list = value as? [Any] {
      if let count, let countWords, !count.contains(list.count) { return ("a list of \(list.count)", countWords) }
      return list.lazy.compactMap { refusal(of: $0) }.first
    }
    let (number, text): (Double, String)
    switch value {
    case let whole as any BinaryInteger: (number, text) = (Double(whole), "\(whole)")
    case let value as Double: (number, text) = (value, "\(value)")
    case let value as Float: (number, text) = (Double(value), "\(value)")
    default: return nil
    }
    return contains(number) ? nil : (text, words)
  }
}
