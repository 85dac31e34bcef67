import Foundation
import SleepCore

/// The sensor that a channel's label and unit speak of, in files that follow no data set's rules.
enum SensorGuess {
  /// By the words of each sensor's traits, in the order of ``order``; an electrode of the 10-20 system alone, or a lead beside the eyes, is of a
  /// polysomnogram. `nil` for anything else: the muscles of the legs, what tells of the state of a device, and what its unit contradicts.
  static func sensor(label: String, unit: String = "") -> Sensor? {
    let words = label.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let text = words.joined(separator: " ")
    let family = PhysicalUnit(unit)?.family
    if speaks(text, states) { return nil }
    if speaks(text, Sensor.ecg.traits.words) { return suits(.ecg, family) ? .ecg : nil }
    if speaks(text, otherMuscles) { return nil }
    if let named = order.first(where: { speaks(text, $0.words) })?.sensor { return suits(named, family) ? named : nil }
    switch family {
    case .acceleration: return !words.isEmpty && words.allSatisfy(isAxis) ? .accelerometer : nil
    case .frequency: return speaks(text, ["puls*", "pluse"]) ? .heartRate : nil
    case .temperature: return .temperature
    case .voltage, nil: break
    default: return nil
    }
    if ["count", "counts"].contains(unit.lowercased()) {
      return !words.isEmpty && words.allSatisfy(isAxis) ? .activity : nil
    }
    if Set(words) == ["la", "ra"] { return .ecg }
    let leads = words.first == "psg" ? words.dropFirst() : words[...]
    return !leads.isEmpty && leads.allSatisfy(isLead) ? .psg : nil
  }

  /// What tells of a device or of other signals, and measures nothing itself: an electrode that came off, an oximeter's state, a computed rate.
  private static let states = [
    "off", "stat", "status", "oxstat*", "oxstatus", "ox", "leak*", "varia*", "resp rate", "respiratory rate",
    "breathing rate",
    "tidal*", "gyro*",
  ]
  private static let otherMuscles = ["*leg", "*tib", "lat", "rat", "delt*", "gastro*", "intercost*", "plm*"]

  /// Words of a sensor that are asked for before those of the next ones: `Cannula Snore` is snoring, `Body Temp` a temperature.
  private static let order: [(sensor: Sensor, words: [String])] =
    [
      (.snore, Sensor.snore.traits.words), (.temperature, Sensor.temperature.traits.words),
      (.ppg, Sensor.ppg.traits.words), (.spo2, Sensor.spo2.traits.words), (.heartRate, Sensor.heartRate.traits.words),
      (.respiration, ["*thor", "*torac", "*abdo", "*chest"]),
    ] + Sensor.allCases.map { ($0, $0.traits.words) }

  private static func speaks(_ text: String, _ words: [String]) -> Bool {
    words.contains { word in
      // `*eeg` stands anywhere, `pleth*` begins a word, `hr` is all of one.
      if word.hasPrefix("*") { return text.contains(word.dropFirst()) }
      let padded = " \(text) "
      return word.hasSuffix("*") ? padded.contains(" \(word.dropLast())") : padded.contains(" \(word) ")
    }
  }

  private static func isAxis(_ word: String) -> Bool {
    ["x", "y", "z", "axis", "axis1", "axis2", "axis3", "1", "2", "3", "imu"].contains(word)
  }

  /// An electrode, or two without a sign between them, as `c4a1`.
  private static func isLead(_ word: String) -> Bool {
    isElectrode(word)
      || word.indices.dropFirst().contains { isElectrode(String(word[..<$0])) && isElectrode(String(word[$0...])) }
  }

  /// `c3`, `fpz`, `a2`, `m1`, `cz`: letters of the 10-20 system with a number or z; `e1`, `e2`, `loc`, `roc` lie beside the eyes; `ref`,
  /// `avg`, `cle` and `ler` stand for the reference.
  private static func isElectrode(_ word: String) -> Bool {
    if ["ref", "avg", "le", "cle", "ler", "e1", "e2", "loc", "roc"].contains(word) { return true }
    let letters = word.prefix { $0.isLetter && $0 != "z" }
    let rest = word.dropFirst(letters.count)
    return ["fp", "af", "f", "fc", "ft", "c", "cp", "t", "tp", "p", "po", "o", "a", "m"].contains(letters)
      && (rest == "z" || (Int(rest).map { (1...10).contains($0) } ?? false))
  }
}

extension SensorGuess {
  /// Whether what is called so may be measured in a unit of this family: a pulse rate is no voltage, and brain waves are no acceleration.
  private static func suits(_ sensor: Sensor, _ family: PhysicalUnit.Family?) -> Bool {
    guard let family else { return true }
    return switch sensor {
    case .psg, .ecg: ![.acceleration, .frequency, .temperature, .pressure, .angularVelocity].contains(family)
    case .heartRate: ![.voltage, .acceleration, .temperature, .pressure, .angularVelocity].contains(family)
    case .spo2: ![.acceleration, .frequency, .temperature, .pressure, .angularVelocity].contains(family)
    case .temperature: ![.acceleration, .frequency, .pressure, .angularVelocity].contains(family)
    case .accelerometer: ![.frequency, .temperature, .pressure, .angularVelocity].contains(family)
    default: true
    }
  }
}
