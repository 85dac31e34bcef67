extension Node {
  /// This with another's values over it: mappings key by key, all else whole.
  ///
  /// A part that names another kind of thing replaces the whole part, since the options that stand there are of the former kind.
  ///
  /// It stands where this was written, or where the other was, if this never was.
  ///
  /// - Parameter choices: The keys by which a part names its kind.
  public func overlaid(by other: Node, choices: Set<String> = ["kind"]) -> Node {
    guard case .mapping(var entries) = value, case .mapping(let others) = other.value,
      !choices.contains(where: { key in self[key].map { own in other[key].map { $0 != own } ?? false } ?? false })
    else { return other }
    for entry in others {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        entries[index].value = entries[index].value.overlaid(by: entry.value, choices: choices)
      } else {
        entries.append(entry)
      }
    }
    return Node(.mapping(entries), origin: origin == .encoded ? other.origin : origin)
  }

  /// The same mapping with a key's value.
  public func with(_ key: String, _ value: Node) -> Node {
    overlaid(by: Node(.mapping([Entry(key: key, origin: value.origin, value: value)]), origin: origin))
  }
}
