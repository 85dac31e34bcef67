import Files
import Foundation
import Streams
import Synthesis
import Training

extension Command {
  /// The names of the data sets that can be made up.
  static let synthesizable = Synthesizer.Dataset.allCases.map(\.rawValue)

  static let synthesize = Command(
    "synthesize", .data, "Write made-up recordings in a data set's own raw format",
    discussion: """
      For trying things out. Nobody was measured: a result on such data says that the program works, and nothing about \
      sleep. The same options write the same bytes. Known here: \(synthesizable.joined(separator: ", ")).
      """,
    operands: [Operand("dataset", "The data set's name, as 'ssrm datasets' lists it.")],
    options: [
      .value("out", "DIR", "The folder to write to, new or of synthetic recordings.", isRequired: true),
      .value("subjects", "N", "How many people. 4 without it."),
      .value("nights", "N", "Nights of each person, 1 or 2, in sleep-edf alone. 1 without it."),
      .value("hours", "H", "Length of a night, 0.1 to 12; in pmd, 20 frames a posture an hour. 2 without it."),
      .value("seed", "S", "Another number makes other people. 1 without it."),
    ],
    examples: [
      Example("Eight people on a pressure mat:", "ssrm synthesize pmd --out raw/pmd --subjects 8"),
      Example(
        "Two short nights of polysomnography:", "ssrm synthesize sleep-edf --out raw/edf --subjects 2 --hours 0.5"),
    ]
  ) { arguments in
    let dataset = arguments.operand("dataset")
    guard synthesizable.contains(dataset) else {
      throw UsageError.unknownName(kind: "data set to synthesize", dataset, known: synthesizable)
    }
    var options = Synthesizer.Options()
    options.subjects = try arguments.integer("subjects", in: 1...999) ?? options.subjects
    options.nights = try arguments.integer("nights", in: 1...2) ?? options.nights
    options.hours = try arguments.number("hours") ?? options.hours
    options.seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
    let out = arguments.folder("out")
    let present = try out.strangers()
    guard present.isEmpty || present.contains("SYNTHETIC.txt") else { throw Taken(path: out.path) }
    try Synthesizer.write(dataset: dataset, options, to: out)
    try StandardOutput.print(
      "wrote synthetic recordings of \(options.subjects) people as \(dataset) to \(arguments.required("out"))")
  }
}
