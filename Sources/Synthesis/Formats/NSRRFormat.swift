import Foundation
import SleepCore

/// EDF and NSRR XML as the Sleep Heart Health Study and MESA have them at the National Sleep Research Resource.
struct NSRRFormat {
  enum Study { case shhs, mesa }

  let study: Study
  let options: Synthesizer.Options

  init(_ study: Study, _ options: Synthesizer.Options) {
    self.study = study
    self.options = options
  }

  func write(to folder: URL) throws {
    for number in 1...options.subjects {
      let use = "\(study)"
      let night = Night(Person(number, seed: options.seed), hours: options.hours, seed: options.seed, use: use)
      let waves = Waveforms(night: night, seed: options.seed, use: use)
      let name =
        study == .shhs ? "shhs1/shhs1-\(200_000 + number)" : "mesa-sleep-\(String("000\(number)".suffix(4)))"
      let root = folder.appendingPathComponent("polysomnography")
      try Synthesizer.write(signals(waves), to: root.appendingPathComponent("edfs/\(name).edf"))
      try Synthesizer.write(
        text: events(night), to: root.appendingPathComponent("annotations-events-nsrr/\(name)-nsrr.xml"))
    }
  }

  private func signals(_ waves: Waveforms) -> Data {
    var channels: [EDFWriter.Channel] = []
    var samples: [[Float]] = []
    func add(_ label: String, _ unit: String, _ rateHz: Int, _ limit: Double, _ make: (Double) -> [Float]) {
      channels.append(
        EDFWriter.Channel(label: label, unit: unit, samplesPerRecord: rateHz, physicalRange: -limit...limit))
      samples.append(make(Double(rateHz)))
    }
    // The order, the labels and the capitals are those of the studies.
    switch study {
    case .shhs:
      add("EEG(sec)", "uV", 125, 300) { waves.eeg("C3", rateHz: $0, alphaShare: 0.8) }
      add("ECG", "mV", 125, 2.5) { waves.ecg(rateHz: $0) }
      add("EMG", "uV", 125, 200) { waves.emg("EMG", rateHz: $0) }
      add("EOG(L)", "uV", 50, 600) { waves.eog("EOG", rateHz: $0) }
      add("EOG(R)", "uV", 50, 600) { waves.eog("EOG", rateHz: $0).map(-) }
      add("EEG", "uV", 125, 300) { waves.eeg("C4", rateHz: $0, alphaShare: 0.8) }
      add("THOR RES", "", 10, 1) { waves.effort("thorax", rateHz: $0) }
      add("ABDO RES", "", 10, 1) { waves.effort("abdomen", rateHz: $0, lagSeconds: 0.2) }
    case .mesa:
      add("EKG", "uV", 256, 2500) { waves.ecg(rateHz: $0).map { 1000 * $0 } }
      add("EEG1", "uV", 256, 300) { waves.eeg("Fz", rateHz: $0, alphaShare: 0.5) }
      add("EEG2", "uV", 256, 300) { waves.eeg("Cz", rateHz: $0, alphaShare: 0.9) }
      add("EEG3", "uV", 256, 300) { waves.eeg("C4", rateHz: $0, alphaShare: 0.8) }
      add("Thor", "", 32, 1) { waves.effort("thorax", rateHz: $0) }
      add("Abdo", "", 32, 1) { waves.effort("abdomen", rateHz: $0, lagSeconds: 0.2) }
      add("Pleth", "", 256, 2) { waves.pulse(rateHz: $0) }
    }
    return EDFWriter(format: .edf, channels: channels, recordSeconds: 1).encode(samples)
  }

  /// The stages, equal windows merged, among other events.
  private func events(_ night: Night) -> String {
    let concepts = night.stages.map { stage in
      switch stage {
      case .wake: "Wake|0"
      case .n1: "Stage 1 sleep|1"
      case .n2, .nrem: "Stage 2 sleep|2"
      case .n3: "Stage 3 sleep|3"
      case .rem: "REM sleep|5"
      }
    }
    func event(_ type: String, _ concept: String, _ start: Double, _ duration: Double, _ more: String = "") -> String {
      """
      <ScoredEvent>
      <EventType\(type.isEmpty ? "/" : ">\(type)</EventType")>
      <EventConcept>\(concept)</EventConcept>
      <Start>\(start)</Start>
      <Duration>\(duration)</Duration>
      \(more)</ScoredEvent>

      """
    }
    let stages = runs(of: concepts).map {
      event("Stages|Stages", $0.value, Double($0.start) * 30, Double($0.count) * 30)
    }
    return """
      <?xml version="1.0" encoding="UTF-8" standalone="no"?>
      <PSGAnnotation>
      <SoftwareVersion>synthetic</SoftwareVersion>
      <EpochLength>30</EpochLength>
      <ScoredEvents>
      \(event("", "Recording Start Time", 0, night.seconds, "<ClockTime>00.00.00 22.00.00</ClockTime>\n"))\
      \(event("Arousals|Arousals", "Arousal|Arousal ()", 95.5, 7.1))\
      \(stages.joined())</ScoredEvents>
      </PSGAnnotation>

      """
  }
}
