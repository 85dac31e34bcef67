import Foundation
import SleepCore

/// `sleep-cassette/SC4ssN?0-PSG.edf` and its hypnogram, which spans ten minutes more than the signal.
struct SleepEDFFormat {
  let options: Synthesizer.Options

  init(_ options: Synthesizer.Options) { self.options = options }

  func write(to folder: URL) throws {
    for number in 0..<options.subjects {
      let person = Person(number, seed: options.seed)
      for session in 1...options.nights {
        let use = "sleep-edf \(session)"
        let night = Night(person, hours: options.hours, seed: options.seed, use: use)
        let name = "sleep-cassette/SC4\(number < 10 ? "0" : "")\(number)\(session)"
        let waves = Waveforms(night: night, seed: options.seed, use: use)
        try Synthesizer.write(signals(waves), to: folder.appendingPathComponent(name + "E0-PSG.edf"))
        try Synthesizer.write(hypnogram(night), to: folder.appendingPathComponent(name + "EC-Hypnogram.edf"))
      }
    }
  }

  private func signals(_ waves: Waveforms) -> Data {
    func channel(_ label: String, _ unit: String, _ rateHz: Int, _ range: ClosedRange<Double>) -> EDFWriter.Channel {
      EDFWriter.Channel(
        label: label, unit: unit, samplesPerRecord: 30 * rateHz, physicalRange: range, digitalRange: -2048...2047)
    }
    let channels = [
      channel("EEG Fpz-Cz", "uV", 100, -300...300), channel("EEG Pz-Oz", "uV", 100, -300...300),
      channel("EOG horizontal", "uV", 100, -504...504), channel("Resp oro-nasal", "", 1, -2048...2047),
      channel("EMG submental", "uV", 1, -5...250), channel("Temp rectal", "DegC", 1, 34...40),
      channel("Event marker", "", 1, -2047...2048),
    ]
    let seconds = Int(waves.night.seconds)
    let samples: [[Float]] = [
      waves.eeg("EEG Fpz-Cz", rateHz: 100, alphaShare: 0.6), waves.eeg("EEG Pz-Oz", rateHz: 100, alphaShare: 1.2),
      waves.eog("EOG", rateHz: 100), waves.effort("flow", rateHz: 1).map { 900 * $0 },
      waves.emg("EMG", rateHz: 1),
      (0..<seconds).map { 37.2 - 0.02 * Float(waves.night.person.number % 20) - 0.4 * Float($0) / Float(seconds) },
      Array(repeating: 920, count: seconds),
    ]
    var writer = EDFWriter(format: .edf, channels: channels, recordSeconds: 30)
    writer.patient = "X X X X"
    writer.recording = "Startdate 01-JAN-2000 X X X"
    return writer.encode(samples)
  }

  private func hypnogram(_ night: Night) -> Data {
    var random = RandomSource(seed: options.seed, for: "hypnogram \(night.person.number)")
    let names = night.stages.map { stage in
      switch stage {
      case .wake: "Sleep stage W"
      case .n1: "Sleep stage 1"
      case .n2: "Sleep stage 2"
      case .nrem: "Sleep stage N"
      case .n3: Double.random(in: 0..<1, using: &random) < 0.5 ? "Sleep stage 3" : "Sleep stage 4"
      case .rem: "Sleep stage R"
      }
    }
    var entries = runs(of: names).map {
      EDFWriter.Annotation(onsetSeconds: Double($0.start) * 30, durationSeconds: Double($0.count) * 30, text: $0.value)
    }
    entries.append(
      EDFWriter.Annotation(onsetSeconds: night.seconds, durationSeconds: 600, text: "Sleep stage ?"))
    return EDFWriter(format: .edfPlus, channels: [], recordSeconds: 0).encode([], annotations: entries)
  }
}

/// Equal neighbours joined.
func runs<Value: Equatable>(of values: [Value]) -> [(value: Value, start: Int, count: Int)] {
  var runs: [(value: Value, start: Int, count: Int)] = []
  for (index, value) in values.enumerated() {
    if runs.last?.value == value {
      runs[runs.count - 1].count += 1
    } else {
      runs.append((value, index, 1))
    }
  }
  return runs
}
