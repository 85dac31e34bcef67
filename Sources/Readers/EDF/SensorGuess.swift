import Foundation
import SleepCore

/// The sensor that a channel's label speaks of, in files that follow no data set's rules.
enum SensorGuess {
  /// EEG (also by electrodes of the 10-20 system), EOG (also by the leads E1, E2, LOC and ROC) and chin EMG are a polysomnogram, ECG and EKG an ECG; effort and flow
  /// respiration. `nil` for anything else, the muscles of the legs too.
  static func sensor(label: String) -> Sensor? {
    let words = label.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let text = words.joined(separator: " ")
    func mentions(_ parts: String...) -> Bool { parts.contains { text.contains($0) } }
    if mentions("ecg", "ekg") { return .ecg }
    if mentions("leg", "tib") { return nil }
    if mentions("eeg", "eog", "emg", "chin") { return .psg }
    if mentions("resp", "thor", "abdo", "chest", "flow", "effort", "breath") { return .respiration }
    return !words.isEmpty && words.allSatisfy(isElectrode) ? .psg : nil
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
