import SleepCore
import Testing

@Suite("Stretches of interrupted signals")
struct StretchTests {
  private func signal(_ sensor: Sensor, _ channel: String, _ timing: Timing) -> Signal {
    Signal(sensor: sensor, channels: [Channel(name: channel, unit: "uV")], timing: timing, samples: [[1, 2]])
  }

  @Test("Signals of one sensor, channel and rate are one, in order of time; others stand alone")
  func grouped() {
    let signals = [
      signal(.psg, "EEG", .regular(startSeconds: 100, sampleRateHz: 2)),
      signal(.psg, "EMG", .regular(startSeconds: 0, sampleRateHz: 2)),
      signal(.psg, "EEG", .regular(startSeconds: 0, sampleRateHz: 2)),
      signal(.psg, "EEG", .regular(startSeconds: 0, sampleRateHz: 4)),
      signal(.ecg, "EEG", .regular(startSeconds: 0, sampleRateHz: 2)),
      signal(.psg, "EEG", .irregular(seconds: [0, 1])), signal(.psg, "EEG", .irregular(seconds: [5, 6])),
    ]
    let groups = Signal.stretches(of: signals)
    #expect(groups.map(\.count) == [2, 1, 1, 1, 1, 1])
    #expect(groups[0].map(\.timing) == [signals[2].timing, signals[0].timing])
  }
}
