import Foundation
import Readers
import TestSupport
import Testing

@Suite("Raw acceleration of wearables against the libraries that their makers and users read it with")
struct RawAccelerationTests {
  @Test("Axivity AX3: packed samples, the device's true rate, gaps and a damaged block")
  func ax3() throws {
    let found = try WearableExpectation.check("ax3.cwa")
    #expect(
      found.warnings == [
        "ax3.cwa: 3 gaps, 1.8 min in all, without samples: missing",
        "ax3.cwa: 1 of 60 blocks damaged; left out",
      ])
  }

  @Test("Axivity AX6: rotation beside acceleration")
  func ax6() throws {
    #expect(try WearableExpectation.check("ax6.cwa").warnings == [])
  }

  @Test("GENEActiv: acceleration and light by the device's calibration")
  func geneActiv() throws {
    let found = try WearableExpectation.check("geneactiv.bin")
    #expect(found.warnings == ["geneactiv.bin: 2 gaps, 3.8 min in all, without samples: missing"])
  }

  @Test("ActiGraph Link: idle sleep mode is missing, as is what is not on skin; a clock of UTC")
  func link() throws {
    let found = try WearableExpectation.check("link.gt3x")
    #expect(
      found.warnings == [
        "link.gt3x: 3 gaps, 1.8 min in all, without samples: missing",
        "link.gt3x: 1 block steps back in time; left out",
        "link.gt3x: idle sleep mode, in which nothing is stored, was entered 2 times",
        "link.gt3x: damaged in 1 place, left out",
        "link.gt3x: not on skin for 1 min by its own sensor: missing",
        "link.gt3x: its clock is UTC: -6 h are added, as it says",
      ])
  }

  @Test(
    "ActiGraph Link with its unit of motion sensors: rotation, the magnetic field and temperature at their own rate")
  func motionUnit() throws {
    #expect(
      try WearableExpectation.check("motion.gt3x").warnings == [
        "motion.gt3x: 1 record of motion of another kind than the first; left out",
        "motion.gt3x (gyroscope): 1 gap, 2 s in all, without samples: missing",
      ])
  }

  @Test("ActiGraph wGT3X-BT: 12 bits a number, light, a record cut at the end")
  func packed() throws {
    #expect(
      try WearableExpectation.check("packed.gt3x").warnings == [
        "packed.gt3x: its last 3 bytes are no whole record; left out"
      ])
  }

  @Test("ActiGraph GT3X+ of the first firmware: no records, zeros where nothing was written")
  func old() throws {
    #expect(
      try WearableExpectation.check("old.gt3x").warnings == [
        "old.gt3x: its last 10 s are zeros, without gravity: nothing was recorded; left out"
      ])
  }

  @Test("A rate that pages round is measured where they are many: 600/7 Hz, called 85.7")
  func roundedRate() throws {
    let text = try String(contentsOf: WearableExpectation.url("geneactiv.bin"), encoding: .isoLatin1)
    let header = try #require(text.components(separatedBy: "Recorded Data").first)
    let sample = "0FF000000000"
    let pages = (0..<200).map { page in
      let halves = page * 7
      let second = halves / 2
      let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
      return """
        Recorded Data\r
        Page Time:2024-10-05 23:\(two(10 + second / 60)):\(two(second % 60)):\(halves % 2 == 0 ? "000" : "500")\r
        Measurement Frequency:85.7\r
        \(String(repeating: sample, count: 300))\r

        """
    }
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("a.bin")
      try (header + pages.joined()).write(to: url, atomically: true, encoding: .isoLatin1)
      let found = try SignalFormat.geneactiv.contents(of: url)
      #expect(found.warnings == [])
      #expect(abs(found.seconds - 700) < 1e-6)
      #expect(found.channels[0].stretches.map(\.samples.count) == [59_990])
    }
  }
}
