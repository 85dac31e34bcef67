/// One key of a part of a recipe: its name, what it is where it is left out, and what it may be.
public struct Setting: Hashable, Sendable, Encodable {
  /// As a document has it, with dots where it stands in a part: `pairs.stay.length`.
  public let key: String
  /// The value of a part that was made with its defaults; `nil` where that is to be left out.
  public let value: String?
  /// In words, or one after the other: `a number from 0 to 1`, `copies, neighbours`.
  public let allowed: String

  fileprivate func under(_ part: String) -> Setting { Setting(key: "\(part).\(key)", value: value, allowed: allowed) }
}

extension Ranged {
  /// Every key of this and of its parts, in the order of a document.
  ///
  /// What was chosen by a name stands among its own keys, and the name is left out.
  public var outline: [Setting] {
    if let choice = self as? any Chosen { return choice.options.outline }
    return Mirror(reflecting: self).children.flatMap { child -> [Setting] in
      guard let name = child.label else { return [] }
      guard let part = child.value as? any Ranged else {
        let allowed = Self.ranges[name]?.allowed ?? values(of: type(of: child.value))
        return [Setting(key: snakeCase(name), value: text(of: child.value), allowed: allowed)]
      }
      return Self.partsBeside.contains(name) ? part.outline : part.outline.map { $0.under(snakeCase(name)) }
    }
  }
}

/// A thing of a registry with its options.
private protocol Chosen {
  var options: any Settings { get }
}

extension Choice: Chosen {}

extension NumberRange {
  /// The words of a number, or those of a list and of its numbers.
  fileprivate var allowed: String { countWords.map { "\($0), each \(words)" } ?? words }
}

/// A value as a document writes it; `nil` of none.
private func text(of value: Any) -> String? {
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional { return mirror.children.first.flatMap { text(of: $0.value) } }
  switch value {
  case let list as [Any]: return "[\(list.compactMap(text).joined(separator: ", "))]"
  case let choice as any RawRepresentable: return "\(choice.rawValue)"
  case let number as Double where number == number.rounded() && abs(number) < 1e15: return "\(Int(number))"
  default: return "\(value)"
  }
}

/// What a value of a type that has no range may be.
private func values(of type: Any.Type) -> String {
  func all<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> String {
    type.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
  }
  switch type {
  case let type as any Wrapping.Type: return values(of: type.wrapped)
  case let type as any Listing.Type: return "a list of \(values(of: type.element))"
  case let type as any (CaseIterable & RawRepresentable).Type: return all(type)
  case is Bool.Type: return "true, false"
  default: return "text"
  }
}

private protocol Wrapping {
  static var wrapped: Any.Type { get }
}

extension Optional: Wrapping {
  static var wrapped: Any.Type { Wrapped.self }
}

private protocol Listing {
  static var element: Any.Type { get }
}

extension Array: Listing {
  static var element: Any.Type { Element.self }
}
