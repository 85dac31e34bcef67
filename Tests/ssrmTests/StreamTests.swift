import Foundation
import TestSupport
import Testing

/// What reaches a user from a process, as the shell starts it.
@Suite("Standard streams")
struct StreamTests {
  /// A run's folder with a report.
  private func withRun(report: String, _ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let run = folder.appendingPathComponent("run")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try Data("name: a\n".utf8).write(to: run.appendingPathComponent("recipe.yaml"))
      for name in ["report.txt", "report.json"] {
        try Data(report.utf8).write(to: run.appendingPathComponent(name))
      }
      try body(folder)
    }
  }

  @Test("Output that cannot be written is an error, not silence")
  func full() throws {
    try withRun(report: "accuracy 0.8\n") { folder in
      let outcome = try BuiltProgram.shell("\"$SSRM\" report run > /dev/full", in: folder)
      #expect(outcome.status == 70)
      #expect(
        outcome.errors
          == "standard output: found no room to write (No space left on device), expected some: make room and run the same "
          + "command again; what was whole before is kept\n")
      let tooLong = String(repeating: "a line of a report\n", count: 1000)
      try Data(tooLong.utf8).write(to: folder.appendingPathComponent("run/report.txt"))
      let cut = try BuiltProgram.shell("ulimit -f 8; \"$SSRM\" report run > cut; echo $?", in: folder)
      #expect(cut.output == "70\n")
      #expect(cut.errors.hasPrefix("standard output: found no room to write (File too large), expected some"))
    }
  }

  @Test("A reader that has enough ends the program quietly, by SIGPIPE")
  func pipe() throws {
    try withRun(report: String(repeating: "a line of a report\n", count: 20_000)) { folder in
      let outcome = try BuiltProgram.shell("\"$SSRM\" report run | head -1; echo ${PIPESTATUS[0]}", in: folder)
      #expect(outcome.output == "a line of a report\n141\n")
      #expect(outcome.errors == "")
    }
  }

  @Test("Closed streams change no exit code, and no file takes their place")
  func closed() throws {
    try withRun(report: "accuracy 0.8\n") { folder in
      let closings = ["2>&-", ">&-", "<&- >&- 2>&-"]
      for closing in closings {
        #expect(try BuiltProgram.shell("\"$SSRM\" report run \(closing); echo $?", in: folder).output.hasSuffix("0\n"))
        #expect(try BuiltProgram.shell("\"$SSRM\" nonsense \(closing); echo $?", in: folder).output == "64\n")
      }
      let made = try BuiltProgram.shell(
        "\"$SSRM\" synthesize sleep-accel --out raw --subjects 1 --hours 0.5 <&- >&- 2>&- && "
          + "\"$SSRM\" prepare sleep-accel --raw raw --out corpus <&- >&- 2>&- ; echo $?", in: folder)
      #expect(made.output == "0\n", "\(made.errors)")
      let whole = try BuiltProgram.run("inspect", "corpus", in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
    }
  }

  @Test("What a file says steers no terminal: not on standard output, not on standard error, and JSON stays JSON")
  func escapes() throws {
    let hostile = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}"
    let shown = "\\u001b]0;title\\u0007\\u001b[2J\\u009b31m\\u202e"
    try withRun(report: "{\"class\": \"W\u{9b}31m\u{202e}\"}\n") { folder in
      let text = try BuiltProgram.run("report", "run", in: folder)
      #expect(text.output == "{\"class\": \"W\\u009b31m\\u202e\"}\n")
      let json = try BuiltProgram.json(BuiltProgram.run("report", "run", "--json", in: folder))
      #expect(json["class"] as? String == "W\u{9b}31m\u{202e}")
      let error = try BuiltProgram.run("inspect", hostile, in: folder)
      #expect(error.status == 65)
      #expect(error.errors.contains("/\(shown): found no such file or folder"), "\(error.errors)")
      #expect(error.errors.filter { $0 == "\n" }.count == 1)
      #expect(try BuiltProgram.run("a\n\rb", in: folder).errors.hasPrefix("unknown command 'a; b'."))
    }
  }

  @Test("A folder in the place of a file is wrong data, told with its path")
  func unreadable() throws {
    try withTemporaryFolder { folder in
      let index = folder.appendingPathComponent("corpus/corpus.json")
      try FileManager.default.createDirectory(at: index, withIntermediateDirectories: true)
      let outcome = try BuiltProgram.run("inspect", "corpus", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
      #expect(
        outcome.errors.hasSuffix(
          "/corpus/corpus.json: found a folder, expected a file that can be read: see whether it is there, whole, and may be read\n"
        ), "\(outcome.errors)")
    }
  }

  @Test("Nothing in the sources prints by itself")
  func onePlace() throws {
    let sources = BuiltProgram.checkout.appendingPathComponent("Sources")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
      .filter { file in
        // The other programs are tools for those who work on this one.
        file.hasSuffix(".swift") && !["Streams/", "Benchmarks/", "fuzz/"].contains { file.hasPrefix($0) }
      }
    #expect(files.count > 300)
    for file in files {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
        .replacing("func print(", with: "")
      let found = text.firstMatch(of: /[^\w.]print\(|fputs\(|FileHandle\.standard(Output|Error)|STD(OUT|ERR)_FILENO/)
      #expect(found == nil, "\(file): \(found?.output.0 ?? "")")
    }
  }
}
