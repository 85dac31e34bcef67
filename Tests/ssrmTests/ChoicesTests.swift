import Foundation
import TestSupport
import Testing

@Suite("What recipes choose, as it is listed")
struct ChoicesTests {
  private static let commands = ["tasks", "encoders", "contexts", "heads"]

  private static func names(_ command: String) throws -> [String] {
    let listed = try JSONSerialization.jsonObject(with: Data(BuiltProgram.run(command, "--json").output.utf8))
    return try #require(listed as? [[String: Any]]).compactMap { $0["name"] as? String }
  }

  @Test("Pretext tasks are listed with what each asks, is of, is measured by and comes from")
  func tasks() throws {
    let list = try BuiltProgram.run("tasks")
    #expect(list.status == 0 && list.errors == "")
    #expect(
      list.output.hasPrefix(
        """
        pretext task          over     sensors   metric              chance
        views                 windows  all       accuracy            1 of those compared
            which window is this, and in which view: raw, turned, or its spectrum
            Zhao, Dong and Zhou, SSRM, IEEE Access 2020
        rotation              windows  all       accuracy            1 of those compared
            which window is this, and by how much was it turned
            Gidaris, Singh and Komodakis, ICLR 2018

        """))
    #expect(
      list.output.contains(
        """

        which-night           nights   all       accuracy            1 of those compared
            which of several nights does half of a stretch belong to
            after Chen and others, SimCLR, ICML 2020, with halves of nights as pairs
        vicreg                windows  all       partner found       1 of those compared
            two views of a pair are alike, while each feature of a batch varies and
            tells something new
            Bardes, Ponce and LeCun, VICReg, ICLR 2022

        """))
    #expect(
      list.output.contains(
        """

        arrow                 windows  8 of 15   accuracy            1/2
            is this window reversed in time
            Wei and others, CVPR 2018; Yuan and others, npj Digital Medicine 2024
            sensors: radar, psg, ecg, respiration, accelerometer, heart-rate, ppg, snore

        """))
  }

  @Test("One task says what it may be told, with its defaults and ranges, and how a recipe takes it")
  func oneTask() throws {
    #expect(
      try BuiltProgram.run("tasks", "frequency-similarity").output == """
        frequency-similarity: windows are the more alike the more alike their spectra
        are
        over windows of radar, psg, ecg, respiration, accelerometer, heart-rate, ppg,
        snore, pressure-map
        metric: accuracy, chance: 1/2
        paper: Kazatzidis and Mehrkanoon, 2023, with SimPer's loss, Yang and others,
        ICLR 2023

        option        default  may be
        compare         batch  batch, triplets
        temperature       0.2  a number above 0 and at most 1000
        softness          0.2  a number above 0 and at most 1000
        projection         64  a whole number from 1 to 65536
        weight              1  a number from 0 to 1000000
        sensors      left out  a list of radar, psg, ecg, respiration, accelerometer,
                               activity, heart-rate, ppg, spo2, snore, position,
                               temperature, sound, pressure-map, spectrogram

        in a recipe:
          pretraining: {tasks: [{task: frequency-similarity, compare: batch, temperature: 0.2}]}

        """)
  }

  @Test("Encoders, contexts and heads are listed by the same words")
  func others() throws {
    #expect(
      try BuiltProgram.run("heads").output == """
        head         what it is
        linear       one linear layer on each window
        mlp          hidden layers on each window
        cosine       the cosine between a window's vector and one of each class
        bilstm       a long short-term memory in both directions
        bigru        gated recurrent units in both directions
        tcn          dilated residual convolutions over a sequence
        transformer  pre-norm attention blocks over a sequence: SleepVST's
        prototypes   how near a window's vector is to the mean of each class's:
                     computed, not trained
        neighbours   the classes of the nearest labelled vectors: computed, not trained

        """)
    #expect(
      try BuiltProgram.run("heads", "linear").output == """
        linear: one linear layer on each window

        option            default  may be
        dropout               0.1  a number from 0 to below 1
        input           rectified  rectified, standardised
        crf                 false  true, false
        clock               false  true, false
        profile             false  true, false
        encoder_layers       last  last, weighted

        in a recipe:
          head: {kind: linear, dropout: 0.1, input: rectified}

        """)
    #expect(
      try BuiltProgram.run("encoders", "shared").output.contains(
        """

        signal.channels      [32, 64, 64]  a list of 1 to 64, each a whole number from 1
                                           to 65536

        """))
    #expect(try BuiltProgram.run("contexts", "none").output.hasSuffix("\n  context: {kind: none, clock: false}\n"))
  }

  @Test("No line but an example is longer than 80 characters", arguments: commands)
  func width(command: String) throws {
    for words in try [[command]] + Self.names(command).map({ [command, $0] }) {
      let process = BuiltProgram.process(words)
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let lines = text.split(separator: "\n").prefix { $0 != "in a recipe:" }
      #expect(!lines.isEmpty && lines.allSatisfy { $0.count <= 80 && $0.last != " " }, "\(words)")
    }
  }

  @Test("Every example is a line that a recipe takes", arguments: commands)
  func examples(command: String) throws {
    try withTemporaryFolder { folder in
      for name in try Self.names(command) {
        let entry = try BuiltProgram.json(BuiltProgram.run(command, name, "--json"))
        let example = try #require(entry["example"] as? String)
        #expect(example.contains(name))
        let recipe = folder.appendingPathComponent("\(name).yaml")
        try Data("sensors: [psg]\n\(example)\n".utf8).write(to: recipe)
        let told = try BuiltProgram.run("pretrain", recipe.path, "--data", "absent", in: folder).errors
        #expect(told.contains("absent") && !told.contains(".yaml"), "\(told)")
      }
    }
  }
}
