import Foundation
import Readers
import TestSupport
import Testing

/// A damaged file of a wearable and the words that it is refused with.
struct WearableRefusal: Sendable, CustomTestStringConvertible {
  let name: String
  let format: SignalFormat
  /// Made of a good file's bytes, or of none.
  let bytes: @Sendable () throws -> Data
  let words: String
  var testDescription: String { words }

  init(_ name: String, _ format: SignalFormat, _ words: String, _ bytes: @escaping @Sendable () throws -> Data) {
    (self.name, self.format, self.words, self.bytes) = (name, format, words, bytes)
  }

  private static func changed(_ name: String, _ old: String, _ new: String) -> @Sendable () throws -> Data {
    {
      let text = try String(contentsOf: WearableExpectation.url(name), encoding: .isoLatin1)
      return Data(text.replacingOccurrences(of: old, with: new).unicodeScalars.map { UInt8($0.value) })
    }
  }

  private static func beginning(_ name: String, _ count: Int) -> @Sendable () throws -> Data {
    { try Data(contentsOf: WearableExpectation.url(name)).prefix(count) }
  }

  /// A zip file of stored members.
  private static func zip(_ members: KeyValuePairs<String, String>) throws -> Data {
    var (bytes, directory) = (Data(), Data())
    func little(_ value: Int, _ count: Int) -> Data { Data((0..<count).map { UInt8(value >> (8 * $0) & 0xff) }) }
    for (name, text) in members {
      let content = Data(text.utf8)
      var sum: UInt32 = .max
      for byte in content {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
      }
      let facts =
        little(20, 2) + little(0, 8) + little(Int(~sum), 4) + little(content.count, 4) + little(content.count, 4)
        + little(name.utf8.count, 2) + little(0, 2)
      directory +=
        Data("PK\u{1}\u{2}".utf8) + little(20, 2) + facts + little(0, 10) + little(bytes.count, 4) + Data(name.utf8)
      bytes += Data("PK\u{3}\u{4}".utf8) + facts + Data(name.utf8) + content
    }
    let end =
      Data("PK\u{5}\u{6}".utf8) + little(0, 4) + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(bytes.count, 4) + little(0, 2)
    return bytes + directory + end
  }

  static let all = [
    WearableRefusal("a.cwa", .cwa, "found an empty file, expected a file of an Axivity device") { Data() },
    WearableRefusal("a.cwa", .cwa, "found 'PK' at its start, expected 'MD', as in a file of an Axivity device") {
      Data("PK\u{3}\u{4}".utf8)
    },
    WearableRefusal("a.cwa", .cwa, "found a header alone, expected blocks of samples", beginning("ax3.cwa", 1500)),
    WearableRefusal("a.cwa", .cwa, "found 2 blocks, all damaged, expected blocks of samples") {
      try beginning("ax3.cwa", 1024)() + Data(repeating: 1, count: 1024)
    },
    WearableRefusal(
      "a.bin", .geneactiv,
      "found 'GENEA/1.00', a file of the older GENEA, expected a file of a GENEActiv device: convert it to CSV with "
        + "the GENEA's own program"
    ) { Data("GENEA/1.00\r\n".utf8) },
    WearableRefusal(
      "a.bin", .geneactiv, "found 'abc' at its start, expected 'Device Identity', as in a file of a GENEActiv device"
    ) { Data("abc".utf8) },
    WearableRefusal(
      "a.bin", .geneactiv, "found 'y gain:0', expected a number other than 0, of the device's calibration",
      changed("geneactiv.bin", "y gain:25457", "y gain:0")),
    WearableRefusal(
      "a.bin", .geneactiv, "found no 'lux' in its header, expected a number, of the device's calibration",
      changed("geneactiv.bin", "Lux:", "Light:")),
    WearableRefusal(
      "a.bin", .geneactiv, "found 10 pages, all damaged, expected pages of samples",
      changed("geneactiv.bin", "Page Time:2024", "Page Time:x")),
    WearableRefusal(
      "a.bin", .geneactiv,
      "found samples 1262217622.5 s after the first, expected at most 30 years: was the device's clock set while it "
        + "recorded?", changed("geneactiv.bin", "2024-10-06", "2064-10-05")),
    WearableRefusal(
      "a.gt3x", .gt3x, "found no zip file, or one that was cut short, expected a .gt3x file of an ActiGraph device"
    ) { Data("abc".utf8) },
    WearableRefusal(
      "a.gt3x", .gt3x, "found a zip file without info.txt, expected a .gt3x file of an ActiGraph device",
      changed("old.gt3x", "info.txt", "info.csv")),
    WearableRefusal(
      "a.gt3x", .gt3x,
      "found a zip file without log.bin and activity.bin, expected a .gt3x file of an ActiGraph device",
      changed("link.gt3x", "log.bin", "lag.bin")),
    WearableRefusal(
      "a.gt3x", .gt3x,
      "found no sample rate, expected 'Sample Rate: 30' or another from 1 to 1000 Hz in its info.txt"
    ) { try zip(["info.txt": "Serial Number: x\n"]) },
    WearableRefusal(
      "a.gt3x", .gt3x,
      "found the sample rate '0', expected 'Sample Rate: 30' or another from 1 to 1000 Hz in its info.txt"
    ) { try zip(["info.txt": "Sample Rate: 0\n"]) },
    WearableRefusal(
      "a.agd", .agd, "found 'abc' at its start, expected an .agd file of ActiLife, a database of SQLite 3"
    ) { Data("abc".utf8) },
    WearableRefusal(
      "a.agd", .agd,
      "found a database without the tables 'data' (dataTimestamp, axis1) and 'settings', expected an .agd file of "
        + "ActiLife", changed("counts.agd", "axis1", "exis1")),
    WearableRefusal(
      "a.agd", .agd, "found no 'epochlength' in its settings, expected 1 to 3600 s",
      changed("counts.agd", "epochlength", "epochlangth")),
    WearableRefusal(
      "a.agd", .agd, "found the epoch length '00', expected 1 to 3600 s",
      changed("counts.agd", "epochlength10", "epochlength00")),
    WearableRefusal(
      "a.agd", .agd, "found a damaged database (database disk image is malformed), expected an .agd file of ActiLife",
      beginning("counts.agd", 2048)),
    WearableRefusal(
      "a.awd", .awd, "found 2 lines, expected an .AWD file of an Actiwatch: seven lines, and one an epoch"
    ) { Data("a\nb".utf8) },
    WearableRefusal(
      "a.awd", .awd,
      ":2: found '05-Foo-2024' and '09:38:00 PM', expected a date and a time, as '23-Jan-2018' and '13:58', in an "
        + ".AWD file of an Actiwatch", changed("light.AWD", "Oct", "Foo")),
    WearableRefusal(
      "a.awd", .awd,
      ":4: found the epoch code '9', expected one of 81 (2 s), C1 (5 s), C2 (10 s), 1 (15 s), 2 (30 s), 4 (60 s), "
        + "8 (120 s), 20 (300 s)", changed("light.AWD", "\r\n 2 \r\n", "\r\n 9 \r\n")),
    WearableRefusal(
      "a.awd", .awd, ":9: found 'x', expected a count, as '149', '71 M' or '224 , 0.00'"
    ) { Data("a\n05-Oct-2024\n13:58\n4\n5\nV1\nM\n1\nx\n".utf8) },
    WearableRefusal(
      "a.csv", .actiware,
      "found no rows of epochs with a date, a time and activity, expected what Actiware exports, with its table of "
        + "epochs", changed("english.csv", "Activity", "Actividad")),
    WearableRefusal(
      "a.csv", .actiware, ":12: found 'x', expected a number, or NaN where it is missing"
    ) {
      try changed("french.csv", "\"2\",\"07/04/2024\",\"23:50:30\",\"", "\"2\",\"07/04/2024\",\"23:50:30\",\"x\",\"")()
    },
    WearableRefusal("a.csv", .actiware, ":2: found 2 fields, expected 4 or more, as in the table's header") {
      Data("Line,Date,Time,Activity\n1,4/7/2024\n".utf8)
    },
    WearableRefusal(
      "a.rpx", .actiware,
      "found a binary file, expected what Actiware exports, with its table of epochs: open it in Actiware and export its "
        + "data with the epochs as .csv, in UTF-8 or Latin-1"
    ) { Data([0x52, 0x50, 0x58, 0, 1, 0, 0x0a]) },
    WearableRefusal(
      "BVP.csv", .e4,
      ":1: found 'time', expected its start in seconds since 1970, as in an Empatica E4's files"
    ) { Data("time\n".utf8) },
    WearableRefusal("BVP.csv", .e4, ":2: found '0', expected its rate in Hz") { Data("1600000000\n0\n".utf8) },
    WearableRefusal("ACC.csv", .e4, ":3: found '1,2', expected 3 numbers between commas") {
      Data("1600000000, 1600000000, 1600000000\n32, 32, 32\n1,2\n".utf8)
    },
    WearableRefusal(
      "b.csv", .e4,
      "found the name 'b.csv', expected one of ACC.csv, BVP.csv, EDA.csv, HR.csv, IBI.csv, TEMP.csv"
    ) { Data("1\n".utf8) },
    WearableRefusal("a.gt3x", .gt3x, "found a log.bin without acceleration, expected records of activity") {
      try zip(["info.txt": "Sample Rate: 30\n", "log.bin": "abc"])
    },
    WearableRefusal("a.gt3x", .gt3x, "found an activity.bin of zeros alone, expected at least one sample") {
      try zip(["info.txt": "Sample Rate: 30\n", "activity.bin": String(repeating: "\0", count: 90)])
    },
    WearableRefusal(
      "a.gt3x", .gt3x,
      "found samples that are not calibrated, expected calibrated ones: export it again with ActiLife or CentrePoint"
    ) { try zip(["info.txt": "Sample Rate: 30\n", "calibration.json": "{\"isCalibrated\": false}"]) },
  ]
}

@Suite("Files of wearables that are refused")
struct WearableRefusalTests {
  @Test("A damaged file is refused with what came and what was wanted", arguments: WearableRefusal.all)
  func refused(_ refusal: WearableRefusal) throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent(refusal.name)
      try refusal.bytes().write(to: url)
      let error = try #require(throws: ReadError.self) { try refusal.format.contents(of: url) }
      let separator = refusal.words.hasPrefix(":") ? "" : ": "
      #expect(words(of: error) == url.path + separator + refusal.words)
    }
  }
}
