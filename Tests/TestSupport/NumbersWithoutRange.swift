import SleepCore

/// The numbers of a value, and of all that it is made of, that have no line in their type's ``SleepCore/Ranged/ranges``:
/// `pretraining.epochs`.
///
/// - Parameter parts: A value of each type that may be left out or stands in a list that may be empty.
public func numbersWithoutRange(of value: Any, parts: [Any]) -> [String] {
  Walk(parts: parts).misses(in: value, at: "", range: nil)
}

private struct Walk {
  let parts: [Any]
  /// The parts on the way here: one that holds others of its own type has nothing new to tell.
  var around: [Any.Type] = []

  func misses(in value: Any, at path: String, range: NumberRange?) -> [String] {
    let type = Swift.type(of: value)
    if isNumber(type) { return range == nil ? [path] : [] }
    if isName(type) { return [] }
    if let container = type as? any Container.Type {
      // What stands in it tells nothing more than a value of its type.
      return misses(ofType: container.content, at: path, range: range)
    }
    let ranges = (type as? any Ranged.Type)?.ranges
    return Mirror(reflecting: value).children.flatMap { child -> [String] in
      guard let name = child.label else { return [] }
      return misses(in: child.value, at: path.isEmpty ? name : "\(path).\(name)", range: ranges?[name])
    }
  }

  private func misses(ofType type: Any.Type, at path: String, range: NumberRange?) -> [String] {
    if isNumber(type) { return range == nil ? [path] : [] }
    if isName(type) { return [] }
    if let container = type as? any Container.Type { return misses(ofType: container.content, at: path, range: range) }
    guard let part = parts.first(where: { Swift.type(of: $0) == type }) else {
      return ["\(path), a \(type) of which the test has no part"]
    }
    guard !around.contains(where: { $0 == type }) else { return [] }
    return Walk(parts: parts, around: around + [type]).misses(in: part, at: path, range: range)
  }

  private func isNumber(_ type: Any.Type) -> Bool {
    type is any BinaryInteger.Type || type is any BinaryFloatingPoint.Type
  }

  private func isName(_ type: Any.Type) -> Bool {
    type == Bool.self || type == String.self || type is any RawRepresentable.Type
  }
}

private protocol Container {
  static var content: Any.Type { get }
}

extension Optional: Container {
  fileprivate static var content: Any.Type { Wrapped.self }
}

extension Array: Container {
  fileprivate static var content: Any.Type { Element.self }
}

extension Dictionary: Container {
  fileprivate static var content: Any.Type { Value.self }
}
