import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct UsageTests {
  /// As the program's help lists them.
  static let commands: [String] = {
    let help = (try? BuiltProgram.run("--help").output) ?? ""
    return help.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^  ([a-z]+)  +[A-Z]/).map { String($0.output.1) }
    }
  }()

  @Test("Help lists every command under a heading")
  func programHelp() throws {
    let help = try BuiltProgram.run("--help")
    #expect(help.status == 0)
    #expect(help.errors == "")
    #expect(help.output.contains("\nUsage: ssrm <command> [arguments]\n"))
    #expect(help.output.contains("\nPrepare data:\n"))
    for command in [
      "doctor", "datasets", "tasks", "encoders", "contexts", "heads", "synthesize", "prepare", "inspect", "pretrain",
      "finetune", "evaluate",
    ] {
      #expect(Self.commands.contains(command))
    }
    for same in [["-h"], ["help"], []] {
      let process = BuiltProgram.process(same)
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(String(decoding: text, as: UTF8.self) == help.output)
    }
  }

  @Test("Each command explains itself with examples that begin with its name", arguments: commands)
  func commandHelp(_ command: String) throws {
    let help = try BuiltProgram.run(command, "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("\nUsage: ssrm \(command)"))
    let examples = try #require(help.output.components(separatedBy: "\nExamples:\n").last)
    #expect(examples.contains("\n      ssrm \(command)"))
    #expect(try BuiltProgram.run("help", command).output == help.output)
  }

  @Test("Help comes fast, without LibTorch")
  func helpIsFast() throws {
    let fastest = try (0..<5).map { _ in
      try ContinuousClock().measure { _ = try BuiltProgram.run("--help") }
    }.min()
    // The target is 0.1 s on a machine of its own.
    #expect(try #require(fastest) < .milliseconds(500))
  }

  @Test("The version is one line")
  func version() throws {
    #expect(try BuiltProgram.run("--version").output == "ssrm 0.1.0\n")
  }

  @Test(
    "A wrong command line ends with 64 and one line that says what was meant",
    arguments: [
      (["prpare"], "unknown command 'prpare'. Did you mean 'prepare'?"),
      (["xylophone"], "unknown command 'xylophone'. See 'ssrm --help'"),
      (
        ["embed", "runs/x", "--data", "a", "b", "--out", "vectors"],
        "option '--data' is 'a b', expected one corpus, as 'ssrm prepare' wrote it"
      ),
      (
        ["prepare", "pmd", "--raw", "a", "--out", "b", "--keep-goin"],
        "unknown option '--keep-goin'. Did you mean '--keep-going'?"
      ),
      (["prepare", "--xylophone"], "unknown option '--xylophone'. See 'ssrm prepare --help'"),
      (["prepare", "-j"], "unknown option '-j'. See 'ssrm prepare --help'"),
      (["prepare"], "missing argument <dataset>. See 'ssrm prepare --help'"),
      (["prepare", "pmd", "--raw", "a"], "missing option '--out DIR'. See 'ssrm prepare --help'"),
      (["prepare", "pmd", "--raw", "--out", "b"], "option '--raw' has no value, expected --raw DIR"),
      (["prepare", "pmd", "--raw="], "option '--raw' has no value, expected --raw DIR"),
      (["prepare", "pmd", "--force=yes"], "option '--force' is given the value 'yes', but takes none"),
      (["prepare", "pmd", "--raw", "a", "--raw", "b"], "option '--raw' is given twice, expected once"),
      (["prepare", "pmd", "x", "--raw", "a", "--out", "b"], "unexpected argument 'x'. See 'ssrm prepare --help'"),
      (
        ["prepare", "pmd", "--raw", "a", "--out=b", "--jobs", "0"],
        "option '--jobs' is '0', expected a whole number from 1 to 64"
      ),
      (["prepare", "pmdd", "--raw", "a", "--out", "b"], "unknown data set 'pmdd'. Did you mean 'pmd'?"),
      (
        ["prepare", "pmd", "--raw", "a", "--out", "b", "--sensors", "presure-map"],
        "unknown sensor 'presure-map'. Did you mean 'pressure-map'?"
      ),
      (
        ["synthesize", "santafe", "--out", "x"],
        "unknown data set to synthesize 'santafe'. Known here: pmd, sleep-accel, sleepbrl, sleep-edf, shhs, mesa, "
          + "spectrograms"
      ),
      (
        ["pretrain", "--data", "corpus", "recipe"],
        "missing argument <recipe>: --data takes every word up to the next option, so put <recipe> before it"
      ),
      (["models", "spectogram-cnn"], "unknown model 'spectogram-cnn'. Did you mean 'spectrogram-cnn'?"),
      (["tasks", "contrst"], "unknown pretext task 'contrst'. Did you mean 'contrast'?"),
      (
        ["heads", "xylophone"],
        "unknown head 'xylophone'. Known here: linear, mlp, cosine, bilstm, bigru, tcn, transformer, "
          + "prototypes, neighbours"
      ),
      (["synthesize", "pmd", "--out", "x", "--hours", "much"], "option '--hours' is 'much', expected a number"),
      (
        ["inspect", "a.edf", "--out", "a.jpg"],
        "a.jpg: found no extension .png or .svg, expected one of them: it chooses the figure's format"
      ),
    ])
  func wrongUsage(words: [String], message: String) throws {
    let process = BuiltProgram.process(words, in: FileManager.default.temporaryDirectory)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: said, as: UTF8.self) == message + "\n")
    #expect(process.terminationStatus == 64)
  }

  @Test(
    "A recipe's value that cannot be ends with 65 and names the option",
    arguments: [
      ("pretraining.epochs=-1", "'epochs' is -1, expected a whole number from 1 to 1000000"),
      ("finetuning.label_smoothing=2", "'label_smoothing' is 2, expected a number from 0 to below 1"),
      ("device=gpu", "'device' is 'gpu', expected one of auto, cpu, cuda, cuda:N. Did you mean 'cuda'?"),
    ])
  func wrongValues(assignment: String, message: String) throws {
    let outcome = try BuiltProgram.run("pretrain", "pmd-17", "--data", "corpus", "--set", assignment)
    #expect(outcome.status == 65)
    #expect(outcome.errors == "--set \(assignment): \(message)\n")
  }

  @Test("Words after -- are no options")
  func dashes() throws {
    let outcome = try BuiltProgram.run("inspect", "--", "--json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("/--json: found no such file or folder, expected "))
  }
}
