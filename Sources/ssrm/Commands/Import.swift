import Experiments
import Foundation
import Streams
import Training
import Weights

extension Command {
  static let `import` = Command(
    "import", .results, "Make a run of weights that others trained",
    discussion: """
      Reads safetensors, state dictionaries and checkpoints that torch.save wrote (.pth, .pt), and Keras's HDF5 (.h5). Nothing in the file is \
      run. Names are known of SleepVST's and ULW-SleepNet's authors, and our own are PyTorch's; others are told with --names. The other \
      commands take the run as one of 'ssrm finetune', or of 'ssrm pretrain' with --encoder, and say that nobody knows whom the weights \
      have seen. Without --data the windows are those that the card of the system's own data set prepares.
      """,
    operands: [Operand("file", "The weights.")],
    options: [
      .value("model", "NAME", "The published system that they are of, as 'ssrm models' lists it."),
      .value("encoder", "RECIPE", "Instead of --model: a recipe with the encoder that they are of; needs --data."),
      .value("names", "MAP", "A table of names, two columns: theirs,ours. An empty second one leaves a tensor out."),
      .list("data", "CORPUS", "A corpus with the windows that the weights are used on."),
      .set,
      .value("inputs", "NPY", "Inputs that the network was given elsewhere: X.npy, or one a sensor: X.npy,Y.npy."),
      .value("outputs", "NPY", "What it gave of them: the largest difference from ours is told."),
      .newRun,
    ],
    examples: [
      Example(
        "SleepVST of its authors, compared with what it gave there:",
        "ssrm import checkpoint.pth --model sleepvst --inputs ecg.npy,breath.npy --outputs scores.npy --out runs/sleepvst-authors"
      ),
      Example(
        "An encoder that was pretrained in PyTorch:",
        "ssrm import encoder.pth --encoder my-recipe.yaml --data corpora/mine --out runs/mine-encoder"),
    ]
  ) { arguments in
    var options = WeightsImport.Options()
    options.names = try arguments.url("names").map { try NameTable(contentsOf: $0) }
    options.corpus = arguments.values("data").isEmpty ? nil : try arguments.corpus()
    options.check = try arguments.outputCheck()
    options.out = arguments.url("out")
    let run = try WeightsImport.run(
      URL(fileURLWithPath: arguments.operand("file")), as: arguments.importTarget(), options)
    try StandardOutput.write(String(contentsOf: run.report, encoding: .utf8))
    try StandardOutput.print("wrote \(run.url.relativePath)")
  }
}

extension Arguments {
  /// What the weights are said to be of.
  fileprivate func importTarget() throws -> WeightsImport.Target {
    switch (value("model"), value("encoder")) {
    case (let model?, nil): return .model(model, overrides: values("set"))
    case (nil, let recipe?): return .encoder(try self.recipe(named: recipe))
    case (nil, nil): throw UsageError.missingOption(usage: "--model NAME' or '--encoder RECIPE", command: "import")
    case (_?, let recipe?):
      throw UsageError.badValue(
        option: "--encoder", found: recipe, expected: "none beside --model: weights are of one of them")
    }
  }

  /// Inputs and outputs of elsewhere, which go together.
  fileprivate func outputCheck() throws -> OutputCheck? {
    switch (value("inputs"), value("outputs")) {
    case (nil, nil): return nil
    case (let inputs?, let outputs?):
      return OutputCheck(
        inputs: inputs.split(separator: ",").map { URL(fileURLWithPath: String($0)) },
        outputs: URL(fileURLWithPath: outputs))
    case (_?, nil): throw UsageError.missingOption(usage: "--outputs NPY", command: "import")
    case (nil, _?): throw UsageError.missingOption(usage: "--inputs NPY", command: "import")
    }
  }
}
