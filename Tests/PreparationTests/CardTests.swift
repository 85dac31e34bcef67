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
    #expect(!card.title.isEmpty)
    // Those of anybody's own files have no publisher.
    guard !["files", "maps"].contains(name) else { return }
    #expect(!card.citation.isEmpty && !card.licence.isEmpty)
    #expect(card.url.hasPrefix("https://"))
  }

  @Test(
    "The hash of every card's preprocessing is what it was before keys were added, by a reading of its own in Python")
  func hashes() throws {
    let lines = try String(contentsOf: Fixture("hashes").url("hashes.txt"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 49)
    for line in lines {
      let (name, hash) = (String(line.prefix { $0 != " " }), String(line.drop { $0 != " " }.dropFirst()))
      #expect(try Card(named: name, in: datasets).preprocessing.hash == hash, "\(name)")
    }
    // What was a flag before there was another derivative is one still.
    let derivative = Preprocessing(windowSeconds: nil, sensors: [.ecg: SensorPreprocessing(differentiate: .central)])
    let text = String(decoding: try JSONEncoder().encode(derivative), as: UTF8.self)
    #expect(text == #"{"sensors":{"ecg":{"differentiate":true}}}"#)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: Data(text.utf8)) == derivative)
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

  @Test("The card of full maps differs from pmd in their size alone")
  func fullMaps() throws {
    let card = try Card(named: "pmd-full", in: datasets)
    let plain = try Card(named: "pmd", in: datasets)
    #expect((card.dataset, card.reader, card.population) == ("pmd", "pmd", plain.population))
    var expected = plain.preprocessing
    expected.sensors[.pressureMap]?.map?.size = [64, 32]
    #expect(card.preprocessing == expected && expected != plain.preprocessing)
  }

  @Test("The nights' card has the windows of pmd, of the same people; what its text leaves out is as its defaults")
  func nights() throws {
    let card = try Card(named: "pmd-nights", in: datasets)
    let plain = try Card(named: "pmd", in: datasets)
    #expect((card.dataset, card.reader, card.population) == ("pmd", "pmd", plain.population))
    var expected = plain.preprocessing
    expected.compose = NightComposition()
    expected.compose?.recordings = ["i-"]
    #expect(card.preprocessing == expected)
    // What composes nothing has no such key, so that its hash is what it was without one.
    let text = String(decoding: try JSONEncoder().encode(plain.preprocessing), as: UTF8.self)
    #expect(text.contains("sensors") && !text.contains("compose"))
  }

  @Test(
    "Heart rate of beats, and of the days before the nights, has the contract of a wrist's nights, of its own people")
  func wrists() throws {
    let wrist = try Card(named: "sleep-accel", in: datasets)
    for (name, population) in [("slpdb-wrist", "slpdb"), ("sleep-accel-days", "sleep-accel")] {
      let card = try Card(named: name, in: datasets)
      #expect(card.population == population)
      #expect(
        try card.preprocessing.preparation(of: .heartRate) == wrist.preprocessing.preparation(of: .heartRate))
    }
  }

  private let head = "name: x\ntitle: x\ncitation: x\nlicence: x\nurl: x\n"

  @Test(
    "A card that cannot be is refused in words, with line and column",
    arguments: [
      (
        "sensors: {ecg: {sample_rate: 3}}",
        "6:17: unknown key 'sample_rate'. Did you mean 'sample_rate_hz'? Known keys here: optional, on_request, channels, unit, unit_where_known, "
          + "valid, combine, differentiate, whole_windows, high_pass_hz, low_pass_hz, filter_order, sample_rate_hz, resampling, median_samples, "
          + "maximum_gap_seconds, maximum_missing, "
          + "non_wear_minutes, minimum_recorded, context_seconds, local_deviation_seconds, transform, normalisation, shared_spread, scale, clip, "
          + "allow_flat, map, spectrogram"
      ),
      (
        "sensors: {ecg: {on_request: true}}",
        "6:10: 'sensors' is of 'on_request' alone, expected at least one sensor that is prepared without being asked for"
      ),
      (
        "sensors: {ecg: {differentiate: forward}}",
        "6:32: 'differentiate' is 'forward', not one of: false, true, backward."
      ),
      (
        "sensors: {ecg: {median_samples: 4}}",
        "6:33: 'median_samples' is 4, expected an odd number, with a sample in the middle"
      ),
      ("sensors: {ecg: {unit_where_known: true}}", "6:35: 'unit_where_known' is there, expected 'unit' beside it"),
      (
        "sensors: {ecg: {shared_spread: true, normalisation: window}}",
        "6:32: 'shared_spread' is true, expected it of a whole recording: not of 'window'"
      ),
      (
        "trim_wake_around: not-wake\nsensors: {ecg: {}}",
        "6:19: 'trim_wake_around' is there, expected 'trim_wake_minutes' beside it"
      ),
      ("sensors: {ecg: {resampling: fourier}}", "6:29: 'resampling' is 'fourier', expected 'sample_rate_hz' beside it"),
      (
        "sensors: {ecg: {resampling: window-fourier, sample_rate_hz: 10, context_seconds: 3}}",
        "6:82: 'context_seconds' is 3, expected none where 'resampling' is 'window-fourier'"
      ),
      (
        "sensors: {ecg: {resampling: window-lines, sample_rate_hz: 10, low_pass_hz: 3}}",
        "6:76: 'low_pass_hz' is there, expected it where windows are cut from one signal: not with 'resampling: window-lines'"
      ),
      (
        "sensors: {ecg: {resampling: window-lines, sample_rate_hz: 10, normalisation: robust}}",
        "6:78: 'normalisation' is there, expected it where windows are cut from one signal: not with 'resampling: window-lines'"
      ),
      ("sensors: {spo2: {valid: [1]}}", "6:25: 'valid' is a list of 1, expected a list of 2"),
      (
        "sensors: {spo2: {valid: [100, 1]}}",
        "6:25: 'valid' is [100, 1], expected the least value, then one that is greater"
      ),
      (
        "sensors: {spo2: {channels: [{name: x, valid: [1, 1]}]}}",
        "6:46: 'valid' is [1, 1], expected the least value, then one that is greater"
      ),
      ("sensors: {}", "6:10: 'sensors' is empty, expected at least one sensor"),
      (
        "window_seconds: -1\nsensors: {ecg: {}}",
        "6:17: 'window_seconds' is -1, expected a number from 0.01 to 3600"
      ),
      (
        "window_seconds: .nan\nsensors: {ecg: {}}",
        "6:17: 'window_seconds' is .nan, expected a number from 0.01 to 3600"
      ),
      (
        "window_seconds: 30\nsensors: {ecg: {sample_rate_hz: 0.05}}",
        "7:33: 'sensors.ecg.sample_rate_hz' is 0.05, expected a whole number of samples in 30 s"
      ),
      (
        "trim_wake_minutes: 9e18\nsensors: {ecg: {}}",
        "6:20: 'trim_wake_minutes' is 9e18, expected a number from 0 to 10080"
      ),
      (
        "sensors:\n  psg:\n    sample_rate_hz: 9e18\n",
        "8:21: 'sample_rate_hz' is 9e18, expected a number from 0.0001 to 10000"
      ),
      (
        "sensors: {ecg: {low_pass_hz: 1e-300}}", "6:30: 'low_pass_hz' is 1e-300, expected a number from 0.0001 to 10000"
      ),
      (
        "from_seconds: 60\nto_seconds: 60\nsensors: {ecg: {}}",
        "6:15: 'from_seconds' is 60, expected less than 'to_seconds', 60"
      ),
      (
        "labels: {window_seconds: 0}\nsensors: {ecg: {}}",
        "6:26: 'window_seconds' is 0, expected a number from 0.1 to 3600"
      ),
      (
        "sensors: {ecg: {high_pass_hz: 5, low_pass_hz: 2}}",
        "6:31: 'high_pass_hz' is 5, expected less than 'low_pass_hz', 2"
      ),
      ("sensors: {ecg: {filter_order: 21}}", "6:31: 'filter_order' is 21, expected a whole number from 1 to 20"),
      ("sensors: {ecg: {maximum_missing: 1}}", "6:34: 'maximum_missing' is 1, expected a number from 0 to below 1"),
      ("sensors: {ecg: {minimum_recorded: 2}}", "6:35: 'minimum_recorded' is 2, expected a number from 0 to 1"),
      ("sensors: {ecg: {context_seconds: -1}}", "6:34: 'context_seconds' is -1, expected a number from 0 to 3600"),
      ("sensors: {ecg: {clip: .inf}}", "6:23: 'clip' is .inf, expected a number above 0 and at most 1000000000"),
      ("sensors: {pressure-map: {map: {size: [3]}}}", "6:38: 'size' is a list of 1, expected a list of 2"),
      (
        "sensors: {pressure-map: {map: {size: [32, 0]}}}",
        "6:43: 'size.1' is 0, expected a whole number from 1 to 4096"
      ),
      (
        "sensors: {pressure-map: {map: {peak_percentile: 101}}}",
        "6:49: 'peak_percentile' is 101, expected a number from 0 to 100"
      ),
      (
        "sensors: {ecg: {map: {power: 2}}}",
        "6:22: 'sensors.ecg.map' is there, expected it under a sensor of maps alone"
      ),
      (
        "sensors: {ecg: {non_wear_minutes: 90}}",
        "6:35: 'sensors.ecg.non_wear_minutes' is there, expected it under the sensor accelerometer alone"
      ),
      (
        "sensors: {accelerometer: {non_wear_minutes: 5}}",
        "6:45: 'non_wear_minutes' is 5, expected a number from 10 to 1440"
      ),
      (
        "sensors: {ecg: {spectrogram: {from: ecg, frame_samples: 8}}}",
        "6:30: 'sensors.ecg.spectrogram' is there, expected it under the sensor spectrogram alone"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: pressure-map, frame_samples: 8}}}",
        "6:45: 'from' is pressure-map, expected a sensor whose windows are signals"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: ecg, frame_samples: 1}}}",
        "6:65: 'frame_samples' is 1, expected a whole number from 2 to 65536"
      ),
      (
        "sensors: {spectrogram: {spectrogram: {from: ecg, frame_samples: 8, hop_samples: 9}}}",
        "6:81: 'hop_samples' is 9, expected at most 'frame_samples', 8"
      ),
      (
        "labels: postures\ncompose: {nigths: 2}\nsensors: {pressure-map: {}}",
        "7:11: unknown key 'nigths'. Did you mean 'nights'? Known keys here: recordings, nights, holds, hold_seconds, "
          + "transition_seconds, recur, memory, minimum_frames, seed"
      ),
      (
        "labels: postures\ncompose: {hold_seconds: [20, 9]}\nsensors: {pressure-map: {}}",
        "7:25: 'hold_seconds' is [20, 9], expected the shorter one first"
      ),
      (
        "labels: postures\ncompose: {transition_seconds: [2]}\nsensors: {pressure-map: {}}",
        "7:31: 'transition_seconds' is a list of 1, expected a list of 2"
      ),
      (
        "labels: postures\ncompose: {recur: 1.5}\nsensors: {pressure-map: {}}",
        "7:18: 'recur' is 1.5, expected a number from 0 to 1"
      ),
      (
        "labels: postures\ncompose: {holds: 1000}\nsensors: {pressure-map: {}}",
        "7:18: 'holds' is 1000, in up to 96000 s, expected a night of at most 86400 s"
      ),
      (
        "compose: {}\nsensors: {pressure-map: {}}",
        "6:10: 'compose' is there, expected 'labels: postures': a night is composed of what was held"
      ),
      (
        "labels: postures\ncompose: {}\nsensors: {pressure-map: {}, ecg: {}}",
        "7:10: 'compose' is there, expected pressure-map as the only sensor: nights are composed of maps"
      ),
      (
        "sensors: {ecg: {channels: []}}", "6:27: 'channels' is empty, expected at least one channel, or none of the key"
      ),
      (
        "sensors: {ecg: {channels: [{name: ECG}, {name: ECG}]}}",
        "6:27: 'channels' is 'ECG' twice, expected a name for each"
      ),
      (
        "sensors: {ecg: {channels: [{name: ECG, scale: 0}]}}",
        "6:47: 'scale' is 0, expected another number: 0 leaves nothing of a channel"
      ),
      (
        "files: {psg: {path: a.csv, table: {header_lines: 7}}}\nsensors: {ecg: {}}",
        "6:50: 'header_lines' is 7, expected a whole number from 0 to 2"
      ),
      (
        "files: {psg: {path: a.csv, table: {date: d}}}\nsensors: {ecg: {}}",
        "6:42: 'date' is there, expected 'time' beside it, the column of times of day"
      ),
      (
        "files: {psg: {path: a.csv, table: {zone: EST}}, x: {path: b, table: {zone: New York}}}\nsensors: {ecg: {}}",
        "6:76: 'zone' is 'New York', expected a name as 'America/New_York' or 'Europe/Berlin'"
      ),
      (
        "files: {psg: {path: a.csv, table: {zone: EST, utc_offset_hours: 1}}}\nsensors: {ecg: {}}",
        "6:42: 'zone' is there, expected one of the two, the zone or the hours"
      ),
      (
        "labels: {vocabulary: {N1: W, n1: REM}}\nsensors: {ecg: {}}",
        "6:22: 'vocabulary' is given 'N1' and 'n1', which are one word, expected each word once; case, spaces and punctuation do not count"
      ),
      (
        "labels: {vocabulary: {'*sleep*': W, '* Sleep *': REM}}\nsensors: {ecg: {}}",
        "6:22: 'vocabulary' is given '* Sleep *' and '*sleep*', which are one word, expected each word once; case, spaces and punctuation do not count"
      ),
      (
        "labels: {endings: {'': {stage: 2}}}\nsensors: {ecg: {}}",
        "6:19: 'endings' is given an empty ending, expected the end of a file's name, as '.stg.txt'"
      ),
      (
        "labels: {endings: {.txt: {files: a.txt}}}\nsensors: {ecg: {}}",
        "6:19: 'endings' is given 'files', 'postures' or 'endings' of '.txt', expected these beside 'endings', since they are of all label files"
      ),
      (
        "labels:\n  endings:\n    .stg.txt: {window_seconds: 0}\nsensors: {ecg: {}}",
        "8:32: 'window_seconds' is 0, expected a number from 0.1 to 3600"
      ),
    ])
  func refused(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("card.yaml")
      try (head + text).write(to: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: YAMLError.self) { try Card(named: file.path) }
      #expect(error.map(words) == "\(file.path):\(message)")
    }
  }

  @Test("Every number of a card has a range")
  func ranges() {
    let card = Card(
      name: "x", title: "x", citation: "x", licence: "x", labels: nil, preprocessing: Preprocessing(sensors: [:]))
    let parts: [Any] = [
      NamePattern("(x)"), LabelRules(), FileRule(["x"]), SignalRules(), TableRules(), TableColumn("x"), MapRules(),
      SubjectTable(table: "x", key: "x", subject: "x"),
      GroupTable(table: "x", key: "x", group: "x"),
      ShiftTable(table: "x", key: "x", value: "x"),
      SensorPreprocessing(), ChannelChoice("x"), MapPreprocessing(),
      SpectrogramPreprocessing(from: .ecg, frameSamples: 8), NightComposition(),
    ]
    #expect(numbersWithoutRange(of: card, parts: parts) == [])
  }

  @Test("A card that a file names is one that is shipped, whatever path the name is")
  func shippedAlone() throws {
    #expect(try Card.shipped(named: "shhs")?.name == "shhs")
    for name in ["", "..", "../x", "none", "\(datasets.path)/shhs/card.yaml", "shhs/card.yaml"] {
      #expect(try Card.shipped(named: name) == nil, "\(name)")
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
