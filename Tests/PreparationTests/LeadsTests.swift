import Corpora
import Foundation
import Preparation
import SleepCore
import TestSupport
import Testing

@Suite("Leads that a file names otherwise, and values that cannot be")
struct LeadsTests {
  private func wave(_ hertz: Double, _ size: Double, rate: Double = 100) -> [Float] {
    (0..<Int(60 * rate)).map { Float(size * sin(2 * .pi * hertz * Double($0) / rate)) }
  }

  private func recording(_ channels: [(String, String, [Float])], _ sensor: Sensor = .psg, rate: Double = 100)
    -> Recording
  {
    Recording(
      id: "n1", subject: Subject("n1"),
      signals: [
        Signal(
          sensor: sensor, channels: channels.map { Channel(name: $0.0, unit: $0.1) },
          timing: .regular(startSeconds: 0, sampleRateHz: rate), samples: channels.map(\.2))
      ])
  }

  private func windows(_ recording: Recording, _ settings: SensorPreprocessing, _ sensor: Sensor = .psg) throws
    -> RecordingWindows
  {
    try Preprocessing(sensors: [sensor: settings]).windows(of: recording, path: "n1.edf")
  }

  private let eeg = SensorPreprocessing(channels: [ChannelChoice("EEG", from: ["C4-M1", "C4-A1"])])

  @Test("A lead is the file's own, the difference of two channels, or one turned over, in this order")
  func leads() throws {
    let (c4, m1) = (wave(3, 40), wave(1, 10))
    let difference = zip(c4, m1).map { $0 - $1 }
    let own = try windows(recording([("C4", "uV", c4), ("M1", "uV", m1), ("C4-M1", "uV", wave(5, 30))]), eeg)
    #expect(own.leads == ["psg EEG": "'C4-M1' at 100 Hz"] && own.sensors[0].values == wave(5, 30))
    let derived = try windows(recording([("C4", "uV", c4), ("M1", "uV", m1)]), eeg)
    #expect(derived.leads == ["psg EEG": "'C4' less 'M1' at 100 Hz"] && derived.sensors[0].values == difference)
    let turned = try windows(recording([("A1 - C4", "uV", difference)]), eeg)
    #expect(turned.leads == ["psg EEG": "'A1 - C4' turned over at 100 Hz"])
    #expect(turned.sensors[0].values == difference.map { -$0 })
    // Channels of two units are no lead.
    #expect(throws: PreparationError.self) { try windows(recording([("C4", "uV", c4), ("M1", "mV", m1)]), eeg) }
  }

  @Test("An optional sensor that lacks a channel is left out and told; one that is not is refused")
  func optional() throws {
    var settings = eeg
    let both = Recording(
      id: "n1", subject: Subject("n1"),
      signals: recording([("O2", "uV", wave(3, 40))]).signals + recording([("ECG", "mV", wave(1, 1))], .ecg).signals)
    func prepared(_ settings: SensorPreprocessing) throws -> RecordingWindows {
      try Preprocessing(sensors: [.psg: settings, .ecg: SensorPreprocessing()]).windows(of: both, path: "n1.edf")
    }
    #expect(throws: PreparationError.absentChannel(path: "n1.edf", name: "EEG", present: ["O2"], nearest: nil)) {
      try prepared(settings)
    }
    settings.optional = true
    let left = try prepared(settings)
    #expect(left.sensors.map(\.contract.sensor) == [.ecg])
    #expect(left.warnings == ["n1: psg is left out, since there is no 'EEG' among O2"])
  }

  @Test(
    "Values of a thousandth or a thousand times what a sensor has are told, in the unit that is expected",
    arguments: [
      (Sensor.psg, "uV", 0.02, "psg 'x' swings by 0.0283 uV where 0.2 to 2000 is usual: is its unit right?"),
      (.ecg, "mV", 800.0, "ecg 'x' swings by 1130 mV where 0.005 to 10 is usual: is its unit right?"),
      (
        .ecg, "", 800.0,
        "ecg 'x' swings by 1130 mV, if that is its unit, where 0.005 to 10 is usual: is its unit right?"
      ),
    ])
  func amplitude(_ sensor: Sensor, _ unit: String, _ size: Double, _ said: String) throws {
    let told = try windows(recording([("x", unit, wave(3, size))], sensor), SensorPreprocessing(), sensor)
    #expect(told.warnings == ["n1: \(said)"])
    #expect(try windows(recording([("x", unit, wave(3, 1))], sensor), SensorPreprocessing(), sensor).warnings == [])
  }

  @Test("A saturation of a share of one is told where per cent are usual")
  func level() throws {
    let share = wave(0.1, 0.01).map { $0 + 0.96 }
    let told = try windows(recording([("SpO2", "%", share)], .spo2), SensorPreprocessing(), .spo2)
    #expect(told.warnings == ["n1: spo2 'SpO2' lies about 0.96 % where 50 to 100 is usual: is its unit right?"])
  }

  @Test("What lies outside of a card's range is missing before anything is made of it, and told with its number")
  func valid() throws {
    // The probe is off for five seconds of the second window and for the last one.
    var share = wave(0.1, 1, rate: 10).map { $0 + 96 } + wave(0.1, 1, rate: 10).map { $0 + 96 }
    for index in share.indices where (400..<450).contains(index) || index >= 900 { share[index] = 0 }
    let night = recording([("SpO2", "%", share)], .spo2, rate: 10)
    var settings = SensorPreprocessing(valid: [1, 101], maximumMissing: 0.5)
    let told = try windows(night, settings, .spo2)
    #expect(
      told.warnings == [
        "n1: spo2 'SpO2' lies outside 1 to 101 % in 350 of 1200 samples: missing",
        "n1: spo2 is missing in 1 of 4 windows",
      ])
    #expect(told.sensors[0].valid == [1, 1, 1, 0])
    // Nothing of the zeros is left where a window is completed.
    #expect(told.sensors[0].values[0..<900].allSatisfy { $0 > 94 })
    // A filter comes after it.
    settings.lowPassHz = 2
    #expect(try windows(night, settings, .spo2).sensors[0].values[0..<900].allSatisfy { $0 > 94 })
    // The range is in the unit that the card converts to, and a channel's own wins.
    var other = SensorPreprocessing(
      channels: [ChannelChoice("SpO2", scale: 0.01, unit: "", valid: [0.5, 1])], valid: [-1, 2], maximumMissing: 0.5)
    #expect(try windows(night, other, .spo2).warnings[0].contains("outside 0.5 to 1 in 350 of 1200"))
    other.channels?[0].valid = nil
    #expect(try !windows(night, other, .spo2).warnings.contains { $0.contains("outside") })
  }

  @Test(
    "Where most of a channel lies outside of a card's range, its unit is asked for, and its size is not told of what is left"
  )
  func mostlyInvalid() throws {
    let share = wave(0.1, 0.01).map { $0 + 0.96 }
    let night = Recording(
      id: "n1", subject: Subject("n1"),
      signals: recording([("SpO2", "%", share)], .spo2).signals + recording([("ECG", "mV", wave(1, 1))], .ecg).signals)
    let made = try Preprocessing(sensors: [.spo2: SensorPreprocessing(valid: [1, 101]), .ecg: SensorPreprocessing()])
      .windows(of: night, path: "n1.edf")
    #expect(
      made.warnings == [
        "n1: spo2 'SpO2' lies outside 1 to 101 % in 6000 of 6000 samples: missing, more than half of them: is its unit right?",
        "n1: spo2 is missing in 2 of 2 windows",
      ])
  }
}
