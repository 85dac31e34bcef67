import Corpora
import Downstream
import Experiments
import Foundation
import Layers
import Metrics
import NumPy
import Preparation
import SleepCore
import Synthesis
import Tensors
import TestSupport
import Testing
import Training
import Weights

/// What PyTorch and Keras wrote is made by `Tests/WeightsTests/Fixtures/weights/generate.py`.
@Suite("Weights of others")
struct WeightsImportTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("WeightsTests/Fixtures/weights")

  private static func fixture(_ name: String) -> URL { fixtures.appendingPathComponent(name) }

  /// Options of the small SleepVST.
  private static let small = [
    "model_options.sleepvst.width=16", "model_options.sleepvst.layers=1", "model_options.sleepvst.heads=2",
    "model_options.sleepvst.feed_forward=32",
  ]

  private static let unknown =
    "not known: whom the weights of %@ have seen; those who are tested on may be among them, and no check of leaks can tell"

  private static func options(
    _ out: URL, inputs: [String] = [], outputs: String? = nil, names: NameTable? = nil, corpus: Corpus? = nil
  ) -> WeightsImport.Options {
    var options = WeightsImport.Options()
    (options.out, options.names, options.corpus) = (out, names, corpus)
    options.check = outputs.map { OutputCheck(inputs: inputs.map(fixture), outputs: fixture($0)) }
    return options
  }

  /// The number that a report tells of the largest difference.
  private static func difference(_ run: RunFolder) throws -> Double {
    let report = try String(contentsOf: run.report, encoding: .utf8)
    let line = try #require(
      report.split(separator: "\n").first { $0.hasPrefix("largest difference from their outputs: ") })
    return try #require(Double(line.dropFirst("largest difference from their outputs: ".count).prefix { $0 != "," }))
  }

  @Test("SleepVST of its authors' names gives what it gave in PyTorch, and goes back to them without renaming")
  func sleepVST() throws {
    try withTemporaryFolder { folder in
      let run = try WeightsImport.run(
        Self.fixture("sleepvst.pth"), as: .model("sleepvst", overrides: Self.small),
        Self.options(
          folder.appendingPathComponent("run"), inputs: ["sleepvst-ecg.npy", "sleepvst-respiration.npy"],
          outputs: "sleepvst-scores.npy"))
      #expect(try Self.difference(run) < 1e-5)
      let report = try String(contentsOf: run.report, encoding: .utf8)
      for line in [
        "sleepvst, imported from sleepvst.pth", "a state dictionary of PyTorch, under 'model_state_dict'",
        "names: the names of the authors' PyTorch class; ",
        "windows: ecg 1 x 300 at 10 Hz (ECG) and respiration 1 x 150 at 5 Hz (thoracic effort), as the card of 'shhs' prepares them",
        "classes: W, Light, Deep, REM, which must be theirs, in this order",
        String(format: Self.unknown, "sleepvst.pth"),
      ] {
        #expect(report.contains(line), "\(report)")
      }
      let theirs = folder.appendingPathComponent("theirs.safetensors")
      try WeightsExport.run(run.url, to: theirs, names: .theirs)
      let (exported, origin) = try (SafetensorsFile(theirs), WeightsFormat.open(Self.fixture("sleepvst.pth")))
      #expect(Set(exported.entries.keys.map { "module.\($0)" }) == Set(origin.shapes.keys))
      for name in exported.entries.keys {
        let (own, other) = try (exported.tensor(name), origin.tensor("module.\(name)"))
        #expect(own.shape == other.shape && own.dtype == other.dtype)
        #expect(try own.values(Float.self) == other.values(Float.self), "\(name)")
      }
      // Names of others are no checkpoint, and are imported again.
      #expect(throws: RecipeError.self) {
        try WeightsExport.run(theirs, to: folder.appendingPathComponent("x.safetensors"))
      }
      let again = try WeightsImport.run(
        theirs, as: .model("sleepvst", overrides: Self.small), Self.options(folder.appendingPathComponent("again")))
      #expect(
        try SafetensorsFile(again.model).bytes(of: "output.weight")
          == SafetensorsFile(run.model).bytes(of: "output.weight"))
      let ours = folder.appendingPathComponent("ours.safetensors")
      try WeightsExport.run(run.url, to: ours)
      #expect(try SafetensorsFile(ours).entries["transformer.layers.0.self_attn.in_proj_weight"]?.shape == [48, 16])
    }
  }

  @Test("ULW-SleepNet of Keras's layers and of PyTorch's state dictionary give scores and probabilities as there")
  func ulwSleepNet() throws {
    try withTemporaryFolder { folder in
      for (file, outputs) in [
        ("ulw.h5", "ulw-probabilities.npy"), ("ulw.h5", "ulw-scores.npy"), ("ulw.pt", "ulw-scores.npy"),
      ] {
        let run = try WeightsImport.run(
          Self.fixture(file), as: .model("ulw-sleepnet"),
          Self.options(folder.appendingPathComponent("\(file)-\(outputs)"), inputs: ["ulw-psg.npy"], outputs: outputs))
        #expect(try Self.difference(run) < 1e-5)
        let report = try String(contentsOf: run.report, encoding: .utf8)
        #expect(
          report.contains(outputs == "ulw-scores.npy" ? "of 5 scores between -0.244 and 0.21" : "of 5 probabilities"))
        #expect(
          report.contains(
            file == "ulw.pt"
              ? "names: our own names; " : "names: the names of the authors' Keras model; 64 arrays, 13337 parameters"),
          "\(report)")
        let error = #expect(throws: RecipeError.self) {
          try WeightsExport.run(run.url, to: folder.appendingPathComponent("\(file).safetensors"), names: .theirs)
        }
        #expect(
          error?.errorDescription
            == "\(run.model.path): 'ulw-sleepnet', of which no PyTorch class of others is known, expected --names ours, which are PyTorch's too"
        )
      }
    }
  }

  @Test("A model of other options is refused with every name of both sides, and nothing is written")
  func misfit() throws {
    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("run")
      let error = #expect(throws: NamesError.self) {
        try WeightsImport.run(
          Self.fixture("sleepvst.pth"),
          as: .model("sleepvst", overrides: Self.small + ["model_options.sleepvst.layers=0", "labels=w-nrem-rem"]),
          Self.options(out))
      }
      let parts = [
        "attn.in_proj_bias", "attn.in_proj_weight", "attn.out_proj.bias", "attn.out_proj.weight", "ff.0.bias",
        "ff.0.weight", "ff.3.bias", "ff.3.weight", "norm1.bias", "norm1.weight", "norm2.bias", "norm2.weight",
      ]
      #expect(
        error?.errorDescription
          == "\(Self.fixture("sleepvst.pth").path): the weights are not those of 'sleepvst', by the names of the authors' PyTorch class; "
          + "unexpected: \(parts.map { "module.transformer.0.\($0)" }.joined(separator: ", ")); "
          + "of another shape: output.weight (theirs: classifier.weight) [4, 16], expected [3, 16], output.bias (theirs: classifier.bias) [4], expected [3]"
          + ". Name what is called otherwise with --names, a table of theirs and ours; sizes are options of the model, with --set"
      )
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("Inputs and outputs that are not the model's are refused with what they should be")
  func outputs() throws {
    try withTemporaryFolder { (folder: URL) throws in
      func problem(_ inputs: [String], _ outputs: String) throws -> String? {
        let error = #expect(throws: RecipeError.self) {
          try WeightsImport.run(
            Self.fixture("sleepvst.pth"), as: .model("sleepvst", overrides: Self.small),
            Self.options(folder.appendingPathComponent("run"), inputs: inputs, outputs: outputs))
        }
        return error?.errorDescription?.replacingOccurrences(of: Self.fixtures.path + "/", with: "")
      }
      #expect(
        try problem(["sleepvst-ecg.npy"], "sleepvst-scores.npy")
          == "sleepvst-ecg.npy: 1 arrays of inputs, expected one a sensor, in this order: ecg, respiration")
      #expect(
        try problem(["sleepvst-respiration.npy", "sleepvst-ecg.npy"], "sleepvst-scores.npy")
          == "sleepvst-respiration.npy: inputs of shape [2, 12, 150], expected [batch, 1, 300], or [batch, length, …] of sequences, of ecg 1 x 300 at 10 Hz (ECG)"
      )
      #expect(
        try problem(["sleepvst-ecg.npy", "sleepvst-respiration.npy"], "ulw-scores.npy")
          == "ulw-scores.npy: outputs of shape [1, 5], expected [2, 12, 4], as the inputs and the model have it")
    }
  }

  @Test(
    "The imported run predicts raw nights, is evaluated on everyone, begins a training, and is embedded; each says what is not known"
  )
  func used() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try Synthesizer.write(.shhs, Synthesizer.Options(subjects: 5, hours: 0.3), to: raw)
      let card = try Card(named: "shhs")
      let corpus = try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let run = try WeightsImport.run(
        Self.fixture("sleepvst.pth"), as: .model("sleepvst", overrides: Self.small),
        Self.options(folder.appendingPathComponent("run")))
      let predicted = try PredictionRun.run(
        run.url, files: [raw], out: folder.appendingPathComponent("predictions"), options: ToyStudy.silent)
      #expect(predicted.count == 5)
      let (report, out) = try EvaluationRun.run(run, corpus: corpus, out: folder.appendingPathComponent("evaluation"))
      #expect(report.subjects.count == 5)
      let said = String(format: Self.unknown, "sleepvst.pth")
      #expect(try String(contentsOf: out.report, encoding: .utf8).contains(said))
      var recipe = try Recipe.load(run.recipe)
      (recipe.finetuning.epochs, recipe.finetuning.batch, recipe.finetuning.sequence) = (1, 2, 12)
      recipe.device = "cpu"
      let tuned = try FineTuningRun.run(
        recipe, corpus: corpus, initial: run.url, out: folder.appendingPathComponent("tuned"), silent: true)
      #expect(try String(contentsOf: tuned.run.report, encoding: .utf8).contains(said))
      // What goes on from there still does not know.
      let (_, later) = try EvaluationRun.run(tuned.run, corpus: corpus, out: folder.appendingPathComponent("later"))
      #expect(try String(contentsOf: later.report, encoding: .utf8).contains(said))
      let vectors = folder.appendingPathComponent("vectors")
      #expect(try EmbeddingRun.run(run.url, corpus: corpus, out: vectors, silent: true).width == 8)
    }
  }

  @Test("An encoder of a module of one's own begins a training, by our names with 'encoder.' before them or without")
  func encoder() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe { $0.finetuning.epochs = 1 }
      let pretrained = try PretrainingRun.run(
        recipe, corpora: [corpus], out: folder.appendingPathComponent("pretrained"), silent: true)
      // As a module of PyTorch that is the encoder alone has it.
      let whole = try SafetensorsFile(pretrained.url.appendingPathComponent("encoder.safetensors"))
      let bare = folder.appendingPathComponent("bare.safetensors")
      try SafetensorsWriter.write(
        whole.entries.map { name, entry in
          SafetensorsItem(
            name: String(name.dropFirst("encoder.".count)), type: entry.type, shape: entry.shape,
            bytes: try whole.bytes(of: name))
        }, to: bare)
      let run = try WeightsImport.run(
        bare, as: .encoder(recipe), Self.options(folder.appendingPathComponent("encoder"), corpus: corpus))
      let imported = try SafetensorsFile(run.encoder)
      for name in whole.entries.keys { #expect(try imported.bytes(of: name) == whole.bytes(of: name)) }
      let tuned = try FineTuningRun.run(
        recipe, corpus: corpus, initial: run.url, out: folder.appendingPathComponent("tuned"), silent: true)
      #expect(
        try String(contentsOf: tuned.run.report, encoding: .utf8).contains(
          String(format: Self.unknown, "bare.safetensors")))
      let error = #expect(throws: RecipeError.self) {
        try WeightsImport.run(bare, as: .encoder(recipe), Self.options(folder.appendingPathComponent("none")))
      }
      #expect(
        error?.errorDescription
          == "toy: an encoder whose windows nobody has said, expected --data with the corpus that it is used on")
    }
  }

  @Test(
    "Of each published system it is known which windows and classes it takes, so that weights of our names are imported"
  )
  func everySystem() throws {
    // The worker's classes are the views of a pretext task, which no label scheme has.
    let systems = RecognitionModels.all.filter { $0.name != "ssrm-worker" }
    #expect(Set(KnownSystem.all.map(\.name)) == Set(systems.map(\.name)))
    for published in systems {
      let system = try #require(KnownSystem.named(published.name))
      let card = try Card(named: system.dataset)
      for input in published.inputs {
        let contract = try #require(try card.contract(of: input.sensor, usual: input))
        #expect(contract.shape == input.shape, "\(published.name)")
        #expect(contract.impossible == nil)
      }
      #expect(LabelScheme.named(system.labels)?.classes.count == published.classes)
    }
  }

  @Test(
    "What a card says of a window without files is what it makes of them",
    arguments: [
      ("shhs", "sleepvst", Synthesizer.Dataset.shhs), ("sleep-edf", "ulw-sleepnet", .sleepEDF),
      ("sleep-accel", "accelerometer-cnn", .sleepAccel), ("pmd-full", "ssrm-cnn", .pmd),
      ("spectrograms", "spectrogram-cnn", .spectrograms),
    ])
  func contracts(name: String, system: String, dataset: Synthesizer.Dataset) throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try Synthesizer.write(dataset, Synthesizer.Options(subjects: 1, hours: 0.2), to: raw)
      let card = try Card(named: name)
      let corpus = try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      for input in try RecognitionModels.named(system).inputs {
        #expect(try card.contract(of: input.sensor, usual: input) == corpus.sensor(input.sensor))
      }
    }
  }
}
