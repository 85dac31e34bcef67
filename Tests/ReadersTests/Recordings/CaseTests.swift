import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// Small recordings on which the program was once wrong.
private let cases = sharedDatasets.map { $0.deletingLastPathComponent().appendingPathComponent("cases") }
  .flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }

@Suite("Cases of whose, which and what", .enabled(if: cases != nil, "the cases of ../shared/cases are not here"))
struct CaseTests {
  private func read(_ name: String) throws -> [(source: RecordingSource, counts: [Int]?)] {
    let reader = FolderReader.edf
    return try reader.discover(in: #require(cases).appendingPathComponent(name)).map {
      ($0, try reader.read($0, sensors: []).hypnogram?.counts)
    }
  }

  @Test("A visit without a scoring does not take that of another visit")
  func unscoredVisit() throws {
    let found = try read("unscored-visit")
    #expect(found.map(\.source.id) == ["subid0_visit1-PSG", "subid0_visit2-PSG"])
    #expect(found.map(\.source.subject.id) == ["subid0", "subid0"])
    #expect(found.map(\.counts) == [nil, [4, 4, 6, 3, 3]])
  }

  @Test("A folder's name changes nothing")
  func folderNamedPSG() throws {
    for folder in ["folder-named-psg/PSG", "folder-named-psg"] {
      #expect(try read(folder).map(\.counts) == [[4, 4, 6, 3, 3]])
    }
  }

  @Test("Two nights of each of three people are three subjects")
  func twoNights() throws {
    let found = try read("two-nights-one-person")
    #expect(found.map(\.source.subject.id) == ["sub-01", "sub-01", "sub-02", "sub-02", "sub-03", "sub-03"])
    #expect(found.map(\.source.session) == ["ses-01", "ses-02", "ses-01", "ses-02", "ses-01", "ses-02"])
  }

  @Test("A scoring file of another name is known as one")
  func scoringOfOtherName() throws {
    let found = try read("scoring-of-other-name")
    #expect(found.map(\.source.id) == ["SN001"] && found.map(\.counts) == [[4, 4, 6, 3, 3]])
  }
}
