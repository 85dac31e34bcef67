import Foundation
import SleepCore

/// The sensor that a channel's label speaks of, in files that follow no data set's rules.
enum SensorGuess {
  /// By the words of each sensor's traits; an electrode of the 10-20 system alone, or a lead beside the eyes, is of a polysomnogram. `nil` for
  /// anything else, the muscles of the legs too.
  static func sensor(label: String) -> Sensor? {
    let words = label.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let text = words.joined(separator: " ")
    if speaks(text, of: .ecg) { return .ecg }
    if ["leg", "tib"].contains(where: text.contains) { return nil }
    if let named = Sensor.allCases.first(where: { speaks(text, of: $0) }) { return named }
    return !words.isEmpty && words.allSatisfy(isElectrode) ? .psg : nil
  }

  private static func speaks(_ text: String, of sensor: Sensor) -> Bool {
    sensor.traits.words.contains { word in
      // `*eeg` stands anywhere, `pleth*` begins a word, `hr` is all of one.
      if word.hasPrefix("*") { return text.contains(word.dropFirst()) }
      let padded = " \(text) "
      return word.hasSuffix("*") ? padded.contains(" \(word.dropLast())") : padded.contains(" \(word) ")
    }
  }

  /// `c3`, `fpz`, `a2`, `m1`, `cz`: letters of the 10-20 system with a number or z; `e1`, `e2`, `loc`, `roc` lie beside the eyes; `ref` and
  /// `avg` stand for the reference.
  private static func isElectrode(_ word: String) -> Bool {
    if ["ref", "avg", "le", "e1", "e2", "loc", "roc"].contains(word) { return true }
    let letters = word.prefix { $0.isLetter && $0 != "z" }
    let rest = word.dropFirst(letters.count)
    return ["fp", "af", "f", "fc", "ft", "c", "cp", "t", "tp", "p", "po", "o", "a", "m"].contains(letters)
      && (rest == "z" || (Int(rest).map { (1...10).contains($0) } ?? false))
  }
}
