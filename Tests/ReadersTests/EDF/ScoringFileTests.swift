import Foundation
import Readers
import TestSupport
import Testing

@Suite("Files of annotations alone")
struct ScoringFileTests {
  @Test("The header tells a scoring file from a recording, whatever its name")
  func header() throws {
    try withTemporaryFolder { folder in
      try EDFNight.hypnogram([(0, 30, "Sleep stage W")]).write("SN001.edf", in: folder)
      try EDFNight(channels: [("EEG", "uV", 2)], seconds: 60).bytes.write("scoring.edf", in: folder)
      #expect(try EDFHeader(contentsOf: folder.appendingPathComponent("SN001.edf")).holdsAnnotationsAlone)
      #expect(try !EDFHeader(contentsOf: folder.appendingPathComponent("scoring.edf")).holdsAnnotationsAlone)
      let absent = folder.appendingPathComponent("b.edf")
      #expect(throws: ReadError(absent, found: "no such file", expected: "an EDF or BDF file")) {
        try EDFHeader(contentsOf: absent)
      }
    }
  }
}
