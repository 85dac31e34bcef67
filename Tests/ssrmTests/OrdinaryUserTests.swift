import Foundation
import TestSupport
import Testing

/// What may not be read, as a user meets it who is not root.
@Suite(
  "An ordinary user",
  .enabled(if: OrdinaryUser.canRun, "there is no ordinary user to run the program as"))
struct OrdinaryUserTests {
  @Test(
    "A folder or a file that may not be read ends with its name, and nothing is written",
    arguments: [
      ("chmod 0 raw/closed", "prepare sleep-edf --raw raw --out corpus"),
      ("chmod 0 raw/closed", "scan raw --out table"),
      ("chmod 0 raw/closed/*-PSG.edf", "prepare sleep-edf --raw raw --out corpus"),
    ])
  func closed(_ line: String, _ command: String) throws {
    try withTemporaryFolder { folder in
      let made = try BuiltProgram.shell(
        "\"$SSRM\" synthesize sleep-edf --out raw --subjects 2 --hours 0.5 && mkdir raw/closed "
          + "&& mv raw/sleep-cassette/SC401* raw/closed/ && \(line) && chmod 777 .", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let refused = try BuiltProgram.shell("\(OrdinaryUser.prefix) \"$SSRM\" \(command)", in: folder)
      _ = try BuiltProgram.shell("chmod -R u+rwX raw", in: folder)
      let said =
        line.hasSuffix(".edf")
        ? "raw/closed/SC4011E0-PSG.edf: found a file that cannot be opened (Permission denied), expected an EDF or BDF file\n"
        : "raw/closed: found a folder that cannot be read (Permission denied), expected "
      #expect(refused.status == 65 && refused.errors.contains(said), "\(command): \(refused)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["raw"])
    }
  }

  @Test("A folder that may not be written to is an error in its words, before anything is read")
  func sealed() throws {
    try withTemporaryFolder { folder in
      let made = try BuiltProgram.shell(
        "\"$SSRM\" synthesize sleep-edf --out raw --subjects 1 --hours 0.5 && mkdir out && chmod 755 . out", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let refused = try BuiltProgram.shell(
        "\(OrdinaryUser.prefix) \"$SSRM\" prepare sleep-edf --raw raw --out out/corpus", in: folder)
      #expect(refused.status == 70 && refused.errors.contains("Permission denied"), "\(refused)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("out").path) == [])
    }
  }
}

/// Whoever is not root: the one who runs the tests, or, where that is root, a user without a name.
private enum OrdinaryUser {
  static let prefix = geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

  static let canRun: Bool = {
    guard geteuid() == 0 else { return true }
    let outcome = try? BuiltProgram.shell("\(prefix) \"$SSRM\" --version", in: URL(fileURLWithPath: "/tmp"))
    return outcome?.status == 0
  }()
}
