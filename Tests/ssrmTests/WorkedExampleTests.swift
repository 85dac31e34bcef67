import Foundation
import TestSupport
import Testing

/// The examples of the page on a lab's own recordings, run as they stand there.
@Suite("Worked examples")
struct WorkedExampleTests {
  private static let page = BuiltProgram.checkout.appendingPathComponent("Documentation/YourOwnRecordings.md")

  /// The files that each example speaks of, made up.
  private static let files: [(heading: String, make: String)] = [
    (
      "Scored EDFs",
      """
      "$SSRM" synthesize sleep-edf --out raw --subjects 6 --hours 0.6 && mkdir -p my/nights
      n=0; for f in $(find raw -name '*-PSG.edf' | sort); do
        n=$((n + 1)); s=$(basename $f | cut -c1-6); cp $f my/nights/P0$n.edf; cp $(dirname $f)/$s*-Hypnogram.edf my/nights/P0$n-Hypnogram.edf
      done
      """
    ),
    (
      "A wrist: CSV files and a `.gt3x`",
      """
      "$SSRM" synthesize sleep-accel --out raw --subjects 6 --hours 0.6 && mkdir -p my/wrist
      n=0; for f in $(ls raw/motion/*.txt | sort); do
        n=$((n + 1)); s=$(basename $f _acceleration.txt)
        awk 'BEGIN { print "time,x,y,z" } { print $1 "," $2 "," $3 "," $4 }' $f > my/wrist/W0${n}_acc.csv
        awk 'BEGIN { print "onset,stage" } { print $1 "," $2 }' raw/labels/${s}_labeled_sleep.txt > my/wrist/W0${n}_stages.csv
      done
      cp "$SSRM_HOME/Tests/ReadersTests/Fixtures/wearables/written/link.gt3x" my/wrist/W09.gt3x
      """
    ),
    (
      "A mat of your own",
      """
      "$SSRM" synthesize pmd --out raw --subjects 6 --hours 0.1
      for s in 1 2 3 4 5 6; do
        mkdir -p my/mats/S$s; n=0
        for p in 1:supine 2:right 3:left; do
          n=$((n + 1)); cp raw/experiment-i/S$s/${p%%:*}.txt my/mats/S$s/${p##*:}_$n.txt
        done
      done
      """
    ),
    (
      "Arrays of windows",
      """
      "$SSRM" synthesize sleep-edf --out raw --subjects 6 --hours 0.6 && "$SSRM" prepare sleep-edf --raw raw --out prepared --sensors psg
      mkdir -p my/arrays
      n=0; for d in prepared/*/; do
        n=$((n + 1)); mkdir my/arrays/S0${n}_night1; cp $d/psg.npy $d/labels.npy my/arrays/S0${n}_night1
      done
      """
    ),
  ]

  @Test("From files to a report, as the page says", arguments: files.map(\.heading))
  func runs(_ heading: String) throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "\n### ").first { $0.hasPrefix(heading + "\n") })
    let blocks = section.components(separatedBy: "\n## ")[0].components(separatedBy: "```")
    let make = try #require(Self.files.first { $0.heading == heading }?.make)
    try withTemporaryFolder { folder in
      let made = try BuiltProgram.shell("set -e\n" + make, in: folder)
      #expect(made.status == 0, "\(made)")
      // Every second part is a block.
      for block in stride(from: 1, to: blocks.count, by: 2).map({ blocks[$0] }) {
        if block.hasPrefix("yaml\n# ") {
          let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
          try Data(block.dropFirst(5).utf8).write(to: folder.appendingPathComponent(String(lines[1].dropFirst(2))))
          continue
        }
        #expect(block.hasPrefix("sh\n"))
        let outcome = try BuiltProgram.shell("set -e\nssrm() { \"$SSRM\" \"$@\"; }\n" + block.dropFirst(3), in: folder)
        #expect(outcome.status == 0, "\(block)\n\(outcome.output)\n\(outcome.errors)")
      }
      let runs = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("runs").path)
      #expect(runs.count == 1)
    }
  }
}
