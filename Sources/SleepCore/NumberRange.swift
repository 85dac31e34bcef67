/// The numbers that an option may be, and what an error message calls them. Never one that is infinite or not a number.
public struct NumberRange: Hashable, Sendable {
  private let lower: Double
  private let upper: Double
  private var excludesLower = false
  private var excludesUpper = false
  private var isWhole = false
  /// How many numbers there may be, where the option is a list.
  public private(set) var count: ClosedRange<Int>?

  private init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Whole numbers.
  public static func whole(_ range: ClosedRange<Int>) -> NumberRange {
    var whole = NumberRange(Double(range.lowerBound), Double(range.upperBound))
    whole.isWhole = true
    return whole
  }

  /// A list of so many of these.
  public func list(_ count: ClosedRange<Int>) -> NumberRange {
    var list = self
    list.count = count
    return list
  }

  /// Numbers between two that belong to them.
  public static func number(_ range: ClosedRange<Double>) -> NumberRange {
    NumberRange(range.lowerBound, range.upperBound)
  }

  /// Numbers below one that does not belong to them.
  public static func number(_ range: Range<Double>) -> NumberRange {
    var numbers = NumberRange(range.lowerBound, range.upperBound)
    numbers.excludesUpper = true
    return numbers
  }

  /// Numbers above one that does not belong to them, up to one that does.
  public static func number(above lower: Double, to upper: Double) -> NumberRange {
    var numbers = NumberRange(lower, upper)
    numbers.excludesLower = true
    return numbers
  }

  /// Numbers between two that do not belong to them.
  public static func number(above lower: Double, below upper: Double) -> NumberRange {
    var numbers = number(above: lower, to: upper)
    numbers.excludesUpper = true
    return numbers
  }

  /// Seeds: whole numbers that every reader of JSON keeps as they are.
  public static let seed = whole(0...9_007_199_254_740_991)

  /// Whether a number is one of these.
  public func contains(_ number: Double) -> Bool {
    number.isFinite && (excludesLower ? number > lower : number >= lower)
      && (excludesUpper ? number < upper : number <= upper) && (!isWhole || number == number.rounded())
  }

  /// As an error message says it: `a whole number from 1 to 20`, `a number above 0 and below 1`.
  public var words: String {
    let kind = isWhole ? "a whole number" : "a number"
    let (start, end) = (Self.text(lower), Self.text(upper))
    return switch (excludesLower, excludesUpper) {
    case (false, false): "\(kind) from \(start) to \(end)"
    case (false, true): "\(kind) from \(start) to below \(end)"
    case (true, false): "\(kind) above \(start) and at most \(end)"
    case (true, true): "\(kind) above \(start) and below \(end)"
    }
  }

  /// As an error message says how long a list may be: `a list of 2`, `a list of 1 to 64`.
  public var countWords: String? {
    count.map { "a list of \($0.lowerBound)" + ($0.count > 1 ? " to \($0.upperBound)" : "") }
  }

  private static func text(_ bound: Double) -> String {
    bound == bound.rounded() && abs(bound) < 1e18 ? "\(Int(bound))" : "\(bound)"
  }
}
