import Corpora
import Experiments
import Foundation
import SleepCore
import Streams
import Training

extension Command {
  static let cluster = Command(
    "cluster", .results, "Group windows without their labels, and compare the groups with the labels",
    discussion: """
      k-means and OPTICS on plain features of each window (of spectrograms, their mean over time) or, with --encoder, on the vectors of \
      a pretrained one. Writes report.txt, clusters.json, clusters.csv and the reachability plot. OPTICS looks at all pairs of \
      windows: 10000 take a minute or so, 30000 nine times that, so a sample is drawn of more than --sample says.
      """,
    operands: [Operand("corpus", "A corpus that 'ssrm prepare' wrote, with labels.")],
    options: [
      .value("out", "DIR", "The folder to write, new.", isRequired: true),
      .value("encoder", "RUN", "A run of 'ssrm pretrain' or 'ssrm finetune', or its .safetensors, to make the points."),
      .value("sensor", "NAME", "Whose windows; spectrogram without it, or the only sensor."),
      .value("labels", "SCHEME", "The classes to compare with; five-stages without it."),
      .value("clusters", "N", "Of k-means; as many as classes without it."),
      .value("restarts", "N", "Beginnings of k-means, of which the best is kept; 10 without it."),
      .value(
        "neighbours", "N", "Of OPTICS: windows that make a neighbourhood dense, and a cluster at least; 50 without it."),
      .value("xi", "X", "Of OPTICS: how steep the edge of a valley is, as a share; 0.05 without it."),
      .value("sample", "N", "At most so many windows, drawn at random; 10000 without it."),
      .value("seed", "N", "Of the sample and of k-means; 1 without it."),
    ],
    examples: [
      Example("Do groups of wrist spectrograms look like stages?", "ssrm cluster corpora/sleep-accel --out clusters"),
      Example(
        "And the vectors of a pretrained encoder?",
        "ssrm cluster corpora/sleep-accel --sensor heart-rate --encoder runs/sleep-accel-3/2026-01-31-120000-1 --out clusters"
      ),
    ]
  ) { arguments in
    var options = ClusteringRun.Options()
    options.sensor = try arguments.value("sensor").map(Sensor.init(named:))
    if let labels = arguments.value("labels") {
      guard LabelScheme.named(labels) != nil else {
        throw UsageError.unknownName(kind: "label scheme", labels, known: LabelScheme.all.map(\.name))
      }
      options.labels = labels
    }
    options.clusters = try arguments.integer("clusters", in: 1...10_000)
    options.restarts = try arguments.integer("restarts", in: 1...10_000) ?? options.restarts
    options.neighbours = try arguments.integer("neighbours", in: 2...100_000) ?? options.neighbours
    options.xi = try arguments.number("xi") ?? options.xi
    options.sample = try arguments.integer("sample", in: 2...1_000_000) ?? options.sample
    options.seed = try arguments.integer("seed", in: 0...Int.max).map(UInt64.init) ?? options.seed
    Interruption.install()
    let report = try ClusteringRun.run(
      Arguments.corpus(arguments.operand("corpus")), encoder: arguments.url("encoder"), options: options,
      out: arguments.folder("out"))
    try StandardOutput.write(report.text)
    try StandardOutput.print("wrote \(arguments.required("out"))")
  }
}
