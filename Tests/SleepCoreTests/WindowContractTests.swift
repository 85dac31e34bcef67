import SleepCore
import Testing

@Suite("Contracts of windows")
struct WindowContractTests {
  private let own = WindowContract(
    sensor: .psg, channels: [Channel(name: "EEG", unit: "uV")], shape: [1, 3000], sampleRateHz: 100,
    preparation: ["clip": "20", "high_pass_hz": "0.3"])

  @Test("Equal contracts have no misfit, and unequal ones name the first key that differs with both sides")
  func misfits() {
    #expect(own.misfit(own) == nil)
    func changed(
      sensor: Sensor = .psg, name: String = "EEG", unit: String = "uV", shape: [Int] = [1, 3000], rate: Double? = 100,
      preparation: [String: String] = ["clip": "20", "high_pass_hz": "0.3"]
    ) -> String? {
      own.misfit(
        WindowContract(
          sensor: sensor, channels: [Channel(name: name, unit: unit)], shape: shape, sampleRateHz: rate,
          preparation: preparation))?.description
    }
    #expect(changed(sensor: .ecg) == "'sensor' is psg there and ecg here")
    #expect(changed(name: "EOG") == "'channels' is EEG there and EOG here")
    #expect(changed(unit: "") == "'units' is uV there and none here")
    #expect(changed(rate: 128) == "'sample_rate_hz' is 100 Hz there and 128 Hz here")
    #expect(changed(shape: [1, 3200]) == "'shape' is 1 x 3000 there and 1 x 3200 here")
    #expect(changed(preparation: ["clip": "5", "high_pass_hz": "0.3"]) == "'clip' is 20 there and 5 here")
    #expect(changed(preparation: ["clip": "20"]) == "'high_pass_hz' is 0.3 there and not set here")
    #expect(
      changed(preparation: ["clip": "20", "high_pass_hz": "0.3", "low_pass_hz": "30"])
        == "'low_pass_hz' is not set there and 30 here")
    #expect(own.summary == "psg 1 x 3000 at 100 Hz (EEG in uV)")
  }

  @Test("Every sensor has traits, and maps are those whose form is one")
  func traits() {
    for sensor in Sensor.allCases {
      #expect(sensor.isMap == (sensor == .pressureMap || sensor == .spectrogram))
      #expect(sensor.isMap == (sensor.traits.turn == .inPlane))
    }
  }
}
