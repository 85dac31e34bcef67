import Foundation
import SleepCore
import Testing

@Suite("Local times")
struct LocalTimeTests {
  @Test(
    "Days count from 1970-01-01",
    arguments: [
      (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017), (2026, 1, 31, 20_484),
      (1900, 3, 1, -25_508), (1, 1, 1, -719_162), (9999, 12, 31, 2_932_896),
    ])
  func days(year: Int, month: Int, day: Int, count: Int) throws {
    #expect(try #require(LocalTime(year: year, month: month, day: day)).day == count)
  }

  @Test(
    "A text is read and written back",
    arguments: ["2026-01-31 22:30:00", "2024-02-29 00:00:00", "1999-12-31 23:59:59", "0001-01-01 00:00:01", "07:05:09"])
  func roundTrip(text: String) throws {
    #expect(try #require(LocalTime(text)).text == text)
  }

  @Test("Every day of four centuries comes back as it was")
  func everyDay() throws {
    var previous = ""
    for day in stride(from: -146_097, through: 146_097, by: 1) {
      let text = LocalTime(day: day, secondOfDay: 0).text
      #expect(LocalTime(text)?.day == day)
      if text <= previous { Issue.record("\(text) after \(previous)") }
      previous = text
    }
  }

  @Test("T, missing seconds and fractions are read")
  func forms() throws {
    #expect(LocalTime("2026-01-31T22:30") == LocalTime(year: 2026, month: 1, day: 31, hour: 22, minute: 30))
    let fraction = try #require(LocalTime("22:30:00.25"))
    #expect(fraction == LocalTime(day: nil, secondOfDay: 81_000.25))
    #expect(fraction.text == "22:30:00.250")
  }

  @Test("A time out of a damaged file is one that can be written and counted with")
  func damaged() throws {
    for text in [
      #"{"day":9223372036854775807,"secondOfDay":1e300}"#, #"{"day":-9223372036854775808,"secondOfDay":-1e300}"#,
      #"{"secondOfDay":86400}"#,
    ] {
      let time = try JSONDecoder().decode(LocalTime.self, from: Data(text.utf8))
      #expect((0..<86_400).contains(time.secondOfDay) && abs(time.day ?? 0) <= 1_000_000_000)
      #expect(time.text.hasSuffix("00:00:00"))
      #expect(abs(time.adding(seconds: 1e300).day ?? 0) <= 1_000_000_000)
      #expect((0..<86_400).contains(time.adding(seconds: .infinity).secondOfDay))
    }
    let time = try #require(LocalTime("2026-01-31 22:30:00.5"))
    #expect(try JSONDecoder().decode(LocalTime.self, from: JSONEncoder().encode(time)) == time)
  }

  @Test(
    "What is no day or time is none",
    arguments: [
      "2023-02-29 00:00:00", "1900-02-29 00:00:00", "2026-04-31 00:00:00", "2026-13-01 00:00:00", "0000-01-01 00:00:00",
      "24:00:00", "23:60", "23:59:61", "22", "", "22:30:xx", "2026-01-31", "2026-01 22:30:00", "a b c",
    ])
  func none(text: String) {
    #expect(LocalTime(text) == nil)
  }

  @Test("Seconds beyond a day move the date")
  func adding() throws {
    let time = try #require(LocalTime("2024-02-28 23:59:30"))
    #expect(time.adding(seconds: 60).text == "2024-02-29 00:00:30")
    #expect(time.adding(seconds: -86_400).text == "2024-02-27 23:59:30")
    #expect(LocalTime(day: nil, secondOfDay: -60).text == "23:59:00")
  }

  @Test("Seconds between two times go by the dates, or else to the next such time of day")
  func between() throws {
    let evening = try #require(LocalTime("2026-01-31 22:00:00"))
    #expect(try #require(LocalTime("2026-02-01 01:00:00")).seconds(since: evening) == 10_800)
    #expect(try #require(LocalTime("2026-01-30 22:00:00")).seconds(since: evening) == -86_400)
    #expect(try #require(LocalTime("01:00:00")).seconds(since: evening) == 10_800)
    #expect(try #require(LocalTime("21:00:00")).seconds(since: evening) == 82_800)
  }
}
