import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Counts an epoch, and an E4's files, against pandas and NumPy")
struct CountTests {
  @Test("ActiLife's database: lost epochs, a gap, and what is not on skin are missing")
  func agd() throws {
    #expect(
      try WearableExpectation.check("counts.agd").warnings == [
        "counts.agd: 2 gaps, 3.5 min in all, without samples: missing",
        "counts.agd: not on skin for 1 min by its own sensor: missing",
      ])
  }

  @Test("Actiwatch: counts alone, and light with a decimal comma", arguments: ["plain.AWD", "light.AWD"])
  func awd(name: String) throws { #expect(try WearableExpectation.check(name).warnings == []) }

  @Test(
    "Actiware's table in several languages: a lost epoch is missing",
    arguments: ["english.csv", "french.csv"])
  func actiware(name: String) throws {
    #expect(
      try WearableExpectation.check(name).warnings == ["\(name): 1 gap, 30 s in all, without samples: missing"])
  }

  @Test("Actiware's table in German: decimal commas, and what the watch tells as off the wrist is missing")
  func german() throws {
    #expect(
      try WearableExpectation.check("german.csv").warnings == [
        "german.csv: 1 gap, 30 s in all, without samples: missing",
        "german.csv: off the wrist for 3 min by its own sensor: missing",
      ])
  }

  @Test("A file of the watch's own ending that holds the exported text is known by its name")
  func rpx() throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("a.RPX")
      try FileManager.default.copyItem(at: WearableExpectation.url("english.csv"), to: url)
      #expect(SignalFormat.named(by: url) == .actiware)
      let (found, exported) = (
        try SignalFormat.actiware.contents(of: url),
        try SignalFormat.actiware.contents(of: WearableExpectation.url("english.csv"))
      )
      #expect(found.start == exported.start)
      #expect(found.channels.map(\.channel) == exported.channels.map(\.channel))
      #expect(found.channels[0].stretches.map(\.samples.count) == exported.channels[0].stretches.map(\.samples.count))
    }
  }

  @Test("A date that may be a day of two months is told of")
  func twoMonths() throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("a.csv")
      try Data("Line,Date,Time,Activity\n1,4/7/2024,8:21:00 PM,3\n2,4/7/2024,8:22:00 PM,4\n".utf8).write(to: url)
      let found = try SignalFormat.actiware.contents(of: url)
      #expect(found.start?.text == "2024-04-07 20:21:00")
      #expect(found.channels[0].stretches.map(\.samples) == [[3, 4]])
      #expect(
        found.warnings == [
          "a.csv: '4/7/2024' may be a day of two months: the first number is taken for the month"
        ])
    }
  }

  @Test(
    "An E4's files, each by its name", arguments: ["ACC.csv", "BVP.csv", "EDA.csv", "TEMP.csv", "HR.csv", "IBI.csv"])
  func e4(name: String) throws {
    #expect(
      try WearableExpectation.check(name).warnings == [
        "\(name): its clock is UTC, not the time where it was worn"
      ])
  }
}
