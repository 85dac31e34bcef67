/// A name as the Sleep-EDF database publishes it: `SC4001E0-PSG` with `SC4001EC-Hypnogram`, `ST7011J0-PSG` with
/// `ST7011JP-Hypnogram`. Of other names nothing is said.
struct SleepEDFName: Hashable, Sendable {
  /// `SC4001E` of `SC4001E0-PSG` and of `SC4001EC-Hypnogram`.
  let night: String
  let isHypnogram: Bool

  /// - Parameter stem: The file's name without its extension.
  init?(_ stem: String) {
    let characters = Array(stem)
    guard characters.count > 8, stem.hasPrefix("SC4") || stem.hasPrefix("ST7"),
      characters[3...5].allSatisfy({ $0.isASCII && $0.isNumber }), "12".contains(characters[5]),
      Self.isCapital(characters[6])
    else { return nil }
    switch String(characters[8...]) {
    case "-PSG" where characters[7] == "0": isHypnogram = false
    case "-Hypnogram" where Self.isCapital(characters[7]): isHypnogram = true
    default: return nil
    }
    night = String(characters[..<7])
  }

  /// The study and its subject's number: `SC00`.
  var subject: String { String(night.prefix(2) + night.dropFirst(3).prefix(2)) }
  /// `night1` or `night2`.
  var session: String { "night\(night.dropFirst(5).prefix(1))" }

  private static func isCapital(_ character: Character) -> Bool { character.isASCII && character.isUppercase }
}
