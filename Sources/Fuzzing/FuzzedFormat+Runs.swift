import Corpora
import Experiments
import Figures
import Files
import Foundation
import SleepCore
import Tensors
import Training

extension FuzzedFormat {
  /// What runs leave: their numbers, cells and predictions, and their weights as models.
  static func runs() throws -> [FuzzedFormat] {
    let made = try files { try SmallStudy(folder: $0).make() }
    func below(_ names: String...) -> [String: [UInt8]] {
      made.filter { path, _ in names.contains { path.hasPrefix("\($0)/") } && !path.hasSuffix(".png") }
    }
    func isRead(_ path: String) -> Bool {
      ["json", "csv", "jsonl"].contains((path as NSString).pathExtension)
        || path.hasSuffix("folds.txt") || path.hasSuffix("recipe.yaml")
    }
    let compared = below("corpus", "comparison")
    return try [
      FuzzedFormat(
        "run-pretrained", below("encoder"),
        damaged: ["metrics.jsonl", "environment.json", "report.txt"].map { "encoder/\($0)" }, words: numberWords
      ) {
        try readRun($0.appendingPathComponent("encoder"))
      },
      FuzzedFormat(
        "run-finetuned", below("model"),
        damaged: ["metrics.jsonl", "environment.json", "report.json", "folds.txt", "recipe.yaml"].map { "model/\($0)" },
        words: numberWords
      ) {
        try readRun($0.appendingPathComponent("model"))
      },
      FuzzedFormat(
        "comparison", compared, damaged: compared.keys.filter { $0.hasPrefix("comparison/") && isRead($0) }.sorted(),
        words: numberWords + [
          "\"scratch\"", "\"arm\":", "[[1,2],[3,4]]", "[[]]", "[]", "W", "REM", "nan", ",,,", "1e400",
        ]
      ) {
        try SmallStudy(folder: $0).compare()
      },
    ] + models(below("raw", "corpus", "encoder"), below("raw", "corpus", "model"))
  }

  private static let numberWords = [
    "\"probe/\":1", "\"probe/a/b/c\":1", "\"/\":0", "\"a/b/chance\":0.5", "\"\":1", "\"effective rank/x\":1e308",
    "null",
    "1e308", "-1e308", "1e-320", "\"\\u0000\"", "{}", "[]", "\"step\":", "\n", "fold: 0", "train:",
  ]

  /// What `ssrm inspect` and `ssrm report` say and draw of a run.
  private static func readRun(_ folder: URL) throws {
    let run = try RunFolder(existing: folder)
    let epochs = try MetricsHistory(of: run).epochs
    _ = PretrainingCurves(epochs).figure(title: "run").script()
    let names = Set(epochs.flatMap(\.keys)).sorted()
    let curves = names.map { name in
      Curve(name, x: epochs.indices.map(Double.init), y: epochs.map { $0[name] ?? .nan })
    }
    _ = Figure.learningCurves(title: "run", panels: [(label: "all", curves: curves)]).script()
    _ = try JSONFile(run.file("environment.json")).read(RunEnvironment.self, expected: "an environment")
    for name in ["report.txt", "report.json"] where FileManager.default.fileExists(atPath: run.file(name).path) {
      _ = try InputFile(run.file(name)).text()
    }
    _ = try Recipe.load(run.recipe).text()
    if FileManager.default.fileExists(atPath: run.folds.path) { _ = try Split(contentsOf: run.folds).text }
  }
}
