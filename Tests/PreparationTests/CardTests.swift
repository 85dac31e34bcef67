import Corpora
import Preparation
import Foundation
import Readers
import SleepCore
import TestSupport
import Testing
import YAML

private let datasets = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Datasets")

@Suite("Data set cards")
struct CardTests {
  @Test("Every card is read, named as its folder, and says whom to cite", arguments: Card.names(in: datasets))
  func shipped(name: String) throws {
    let card = try Card(named: name, in: datasets)
    #expect(card.name == name)
    #expect(!card.citation.isEmpty && !card.licence.isEmpty && !card.title.isEmpty)
    #expect(card.url.hasPrefix("https://"))
  }

  @Test("Every reader has a card that knows only its sensors", arguments: DatasetReaders.all.map(\.name))
  func readers(name: String) throws {
    if name == "npy-postures" { return }
    let reader = try #require(DatasetReaders.named(name))
    let card = try Card(named: name, in: datasets)
    #expect(card.labels == reader.labels)
    #expect(card.preprocessing.sources.isSubset(of: reader.sensors))
  }

  @Test("A card's numbers come out as they stand there")
  func values() throws {
    let settings = try #require(Card(named: "sleep-accel", in: datasets).preprocessing.sensors[.heartRate])
    #expect(
      settings
        == SensorPreprocessing(
          sampleRateHz: 0.2, maximumGapSeconds: 60, maximumMissing: 0.5, contextSeconds: 150,
          localDeviationSeconds: 300,
          normalisation: .robust, clip: 8, allowFlat: true))
    let edf = try Card(named: "sleep-edf", in: datasets).preprocessing
    #expect(edf.trimWakeMinutes == 30)
    #expect(edf.sensors[.psg]?.channels?[2] == ChannelChoice("EOG", from: ["EOG horizontal"]))
  }

  @Test("Another card of a data set counts its people as the same, and is read by its reader")
  func sameDataset() throws {
    let card = try Card(named: "pmd-session", in: datasets)
    #expect((card.dataset, card.reader) == ("pmd", "pmd"))
    let plain = try Card(named: "pmd", in: datasets)
    #expect((plain.dataset, plain.reader) == ("pmd", "pmd"))
    var settings = try #require(card.preprocessing.sensors[.pressureMap])
    #expect(settings.map?.reference == true)
    settings.map?.reference = nil
    #expect(settings == plain.preprocessing.sensors[.pressureMap])
  }

  private let head = "name: x\ntitle: x\ncitation: x\nlicence: x\nurl: x\n"

  @Test(
    "A card that cannot be is refused in words",
    arguments: [
      ("sensors: {ecg: {sample_rate: 3}}", ":6"),
      ("sensors: {}", ": found no sensors, expected at least one under 'sensors'"),
      (
        "window_seconds: 30\nsensors: {ecg: {sample_rate_hz: 0.05}}",
        ": found sensors.ecg.sample_rate_hz: 0.05, expected a whole number of samples in 30 s"
      ),
      ("window_seconds: -1\nsensors: {ecg: {}}", ": found window_seconds: -1, expected a number above 0"),
      (
        "sensors: {ecg: {high_pass_hz: 5, low_pass_hz: 2}}",
        ": found sensors.ecg.high_pass_hz: 5, expected less than low_pass_hz, 2"
      ),
      (
        "sensors: {ecg: {maximum_missing: 1}}",
        ": found sensors.ecg.maximum_missing: 1, expected a share from 0 to below 1"
      ),
      (
        "sensors: {pressure-map: {map: {size: [3]}}}",
        ": found sensors.pressure-map.map.size: [3], expected [rows, columns]"
      ),
      (
        "sensors: {ecg: {minimum_recorded: 2}}",
        ": found sensors.ecg.minimum_recorded: 2, expected a share from 0 to 1"
      ),
      (
        "sensors: {ecg: {spectrogram: {from: ecg, frame_samples: 8}}}",
        ": found sensors.ecg.spectrogram, expected it under the sensor spectrogram alone"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: pressure-map, frame_samples: 8}}}",
        ": found sensors.spectrogram.spectrogram.from: pressure-map, expected a sensor whose windows are signals"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: ecg, frame_samples: 1}}}",
        ": found sensors.spectrogram.spectrogram.frame_samples: 1, expected at least 2"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: ecg, frame_samples: 8, hop_samples: 9}}}",
        ": found sensors.spectrogram.spectrogram.hop_samples: 9, expected 1 to frame_samples, 8"
      ),
      ("sensors: {ecg: {map: {power: 2}}}", ": found sensors.ecg.map, expected it under a sensor of maps alone"),
    ])
  func refused(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("card.yaml")
      try (head + text).write(to: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: (any Error).self) { try Card(named: file.path) }
      let found = try #require(error.map(words))
      if message.hasPrefix(":6") {
        #expect(error is YAMLError)
        #expect(found.hasPrefix(file.path + ":6:") && found.contains("sample_rate_hz"), "\(found)")
      } else {
        #expect(found == file.path + message)
      }
    }
  }

  @Test("An unknown data set is refused with those that are known")
  func unknown() {
    let error = #expect(throws: PreparationError.self) { try Card(named: "sleepaccel", in: datasets) }
    #expect(
      error.map(words)
        == "found the data set 'sleepaccel', expected one of \(list), or the path of a card.yaml")
  }

  private var list: String {
    let names = Card.names(in: datasets)
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  @Test("The folder of data is found by SSRM_HOME, beside the program, or above the current folder")
  func dataFolder() throws {
    try withTemporaryFolder { folder in
      let home = folder.appendingPathComponent("home")
      let deep = folder.appendingPathComponent("work/a/b")
      let files = FileManager.default
      for path in [home.appendingPathComponent("Cards"), deep, folder.appendingPathComponent("work/Cards")] {
        try files.createDirectory(at: path, withIntermediateDirectories: true)
      }
      let found = try DataFolder.find("Cards", environment: ["SSRM_HOME": home.path], program: nil, currentFolder: deep)
      #expect(found.path == home.path + "/Cards")
      #expect(
        try DataFolder.find("Cards", environment: [:], program: nil, currentFolder: deep).path
          == folder.path + "/work/Cards")
      #expect(
        try DataFolder.find(
          "Cards", environment: [:], program: deep.appendingPathComponent("ssrm"), currentFolder: home
        ).path == folder.path + "/work/Cards")
      let error = #expect(throws: PreparationError.self) {
        try DataFolder.find("Absent", environment: [:], program: nil, currentFolder: deep)
      }
      #expect(
        error.map(words)
          == "found no folder 'Absent' beside the program or above the current folder; set SSRM_HOME to the folder that holds it"
      )
    }
  }
}
