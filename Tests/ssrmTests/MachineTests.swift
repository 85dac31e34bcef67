import Foundation
import TestSupport
import Testing

@Suite("What the machine has")
struct MachineTests {
  @Test("The doctor finds everything on a machine that is set up")
  func doctor() throws {
    try withTemporaryFolder { folder in
      let outcome = try BuiltProgram.run("doctor", "--json", in: folder)
      let report = try BuiltProgram.json(outcome)
      let checks = try #require(report["checks"] as? [[String: Any]])
      #expect(
        checks.compactMap { $0["name"] as? String } == [
          "LibTorch", "FFTW", "libyaml", "gnuplot", "Datasets", "Recipes", "runs",
        ])
      // Whether LibTorch's library is built is not this target's business.
      let others = checks.filter { $0["name"] as? String != "LibTorch" && $0["name"] as? String != "Recipes" }
      for check in others { #expect(check["isFound"] as? Bool == true, "\(check)") }
      #expect(outcome.status == (checks.allSatisfy { $0["isFound"] as? Bool == true } ? 0 : 70))
    }
  }

  @Test("What is missing comes with the command that mends it, and ends with 70")
  func missing() throws {
    try withTemporaryFolder { folder in
      let outcome = try BuiltProgram.run("doctor", in: folder, path: folder.path)
      #expect(outcome.status == 70)
      #expect(outcome.errors == "")
      #expect(outcome.output.contains("gnuplot   MISSING: gnuplot: not found in PATH"))
      #expect(outcome.output.contains("\n          mend it: sudo apt-get install gnuplot-nox\n"))
      #expect(outcome.output.hasSuffix("Something is missing.\n"))
    }
  }

  @Test("Data sets are listed with licence and citation")
  func datasets() throws {
    let outcome = try BuiltProgram.run("datasets")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n    A pressure map dataset for posture and subject analytics"))
    #expect(outcome.output.contains("\npmd "))
    let one = try BuiltProgram.run("datasets", "shhs")
    #expect(one.status == 0 && one.output.hasPrefix("shhs: Sleep Heart Health Study\n"))
    #expect(one.output.contains("\n  psg: on request (--sensors psg), where recorded, 100 Hz, "))
    #expect(one.output.contains("\n  spo2: where recorded, 1 Hz, within 1 to 101; SpO2 of SaO2\n"))
    #expect(outcome.output.contains("  psg (on request), ecg, respiration, spo2\n"))
    #expect(one.output.contains("\nfiles\n  labels: **/shhs{session}-{subject}-nsrr.xml, else\n"))
    #expect(one.output.split(separator: "\n").allSatisfy { $0.count <= 80 || !$0.contains(" ") }, "\(one.output)")
    let typo = try BuiltProgram.run("datasets", "shs")
    #expect(typo.status == 64 && typo.errors.contains("unknown data set 'shs'. Did you mean 'shhs'?"))
    let json = try BuiltProgram.run("datasets", "--json")
    let entries = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    for key in ["name", "title", "sensors", "onRequest", "licence", "citation", "url", "canBeSynthesized"] {
      #expect(entries.allSatisfy { $0[key] != nil }, "\(key)")
    }
  }
}
