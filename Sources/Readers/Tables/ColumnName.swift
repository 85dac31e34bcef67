import SleepCore

/// A column's name with the unit that stands behind it in brackets: `Acc X (g)`, `temp [°C]`.
struct ColumnName: Hashable {
  /// As a card may call it; without the unit.
  let name: String
  /// Empty where there is none.
  let unit: String

  init(_ text: String) {
    let text = String(text.trimmingBlanks)
    guard let (before, inside) = Self.bracketed(text), !before.isEmpty, inside != "1", Self.isUnit(inside) else {
      (name, unit) = (text, "")
      return
    }
    (name, unit) = (before, inside)
  }

  init(name: String, unit: String) { (self.name, self.unit) = (name, unit) }

  /// The unit that a field of a line of units holds, with or without brackets; `nil` where it is none.
  static func unit(_ text: String) -> String? {
    let text = String(text.trimmingBlanks)
    if text.isEmpty { return "" }
    if let (before, inside) = bracketed(text), before.isEmpty { return inside }
    return isUnit(text) ? text : nil
  }

  /// What stands before the brackets at a text's end, and in them.
  private static func bracketed(_ text: String) -> (before: String, inside: String)? {
    guard let last = text.last, let open = [")": "(", "]": "[" as Character][String(last)],
      let start = text.lastIndex(of: open)
    else { return nil }
    let inside = text[text.index(after: start)...].dropLast()
    return (String(String(text[..<start]).trimmingBlanks), String(String(inside).trimmingBlanks))
  }

  /// Units that convert to nothing else here, and those of time.
  private static let others: Set<String> = [
    "s", "sec", "seconds", "ms", "us", "µs", "ns", "min", "h", "count", "counts", "cpm", "lux", "lx", "ut", "µt",
    "us/cm", "µs/cm",
    "ohm", "ω", "kohm", "kω", "db", "l/s", "l/min", "ml", "ml/s", "ml/min", "deg", "°", "rad", "mm", "cm", "m", "a.u.",
    "au", "n.u.",
    "adc", "lsb", "w/m2", "w/m²", "ppm", "siemens", "steps", "hz",
  ]

  private static func isUnit(_ text: String) -> Bool {
    PhysicalUnit(text) != nil || others.contains(text.lowercased())
  }
}
