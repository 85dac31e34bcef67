import Downstream
import Experiments
import Foundation
import Preparation
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Means of runs' weights")
struct AveragedWeightsTests {
  private func tensors(_ url: URL) throws -> [String: [Float]] {
    let file = try SafetensorsFile(url)
    return try Dictionary(
      uniqueKeysWithValues: file.entries.keys.map { ($0, try file.tensor($0).to(.float32).values(Float.self)) })
  }

  @Test("Each number is the mean of the runs', running statistics too; the file predicts, and is begun with")
  func mean() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      let corpus = try Preparation(card: ToyStudy.card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      var runs: [RunFolder] = []
      for seed in 1...3 as ClosedRange<UInt64> {
        let recipe = try ToyStudy.recipe { ($0.seed, $0.finetuning.epochs) = (seed, 1) }
        runs.append(
          try FineTuningRun.run(
            recipe, corpus: corpus, initial: nil, out: folder.appendingPathComponent("\(seed)"), silent: true
          ).run)
      }
      let out = folder.appendingPathComponent("mean.safetensors")
      let count = try AveragedWeights.run(runs.map(\.url), to: out)
      let (mean, parts) = try (tensors(out), runs.map { try tensors($0.model) })
      #expect(mean.count == count && mean.keys == parts[0].keys && mean.keys.contains { $0.hasSuffix("running_mean") })
      for (name, values) in mean {
        let own = try parts.map { try #require($0[name]) }
        let expected = values.indices.map { index in
          name.hasSuffix("num_batches_tracked") ? own[0][index] : own.map { $0[index] }.reduce(0, +) / 3
        }
        expectClose(values, expected)
      }
      // Of one run twice it is that run.
      let same = folder.appendingPathComponent("same.safetensors")
      try AveragedWeights.run([runs[1].model, runs[1].url], to: same)
      #expect(try tensors(same) == parts[1])
      let predicted = try PredictionRun.run(
        out, files: [raw], out: folder.appendingPathComponent("predictions"), options: ToyStudy.silent)
      #expect(predicted.map(\.recording) == ToyStudy.people)
      try FineTuningRun.run(
        ToyStudy.recipe(), corpus: corpus, initial: out, out: folder.appendingPathComponent("tuned"), silent: true)
    }
  }

  @Test("Runs of other models are refused with what differs, and so is a mean of one run or of a head that is computed")
  func refused() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      func tune(_ name: String, _ change: (inout Recipe) -> Void) throws -> URL {
        let recipe = try ToyStudy.recipe {
          $0.finetuning.epochs = 1
          change(&$0)
        }
        return try FineTuningRun.run(
          recipe, corpus: corpus, initial: nil, out: folder.appendingPathComponent(name), silent: true
        ).run.url
      }
      let plain = try tune("plain") { _ in }
      let wide = try tune("wide") {
        $0.labels = "wake-sleep"
        $0.finetuning.scaling = .minMax
      }
      let fitted = try tune("fitted") { $0.head = .init(.init(PrototypesHead.self)) }
      let encoder = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("encoder"), silent: true
      ).url
      let out = folder.appendingPathComponent("out.safetensors")
      func refusal(_ runs: [URL], to url: URL? = nil) -> String {
        let error = #expect(throws: RecipeError.self) { try AveragedWeights.run(runs, to: url ?? out) }
        return (error.map(words) ?? "").replacing(folder.path, with: "")
      }
      #expect(
        refusal([plain, wide])
          == "/wide/model.safetensors: another model than /plain/model.safetensors (finetuning.scaling: min-max, there none; labels: "
          + "wake-sleep, there w-nrem-rem), expected runs of one architecture, on windows prepared alike")
      #expect(
        refusal([encoder, plain])
          == "/plain/model.safetensors: another model than /encoder/encoder.safetensors (model, there encoder), expected runs of one command"
      )
      #expect(
        refusal([fitted, fitted])
          == "/fitted/model.safetensors: a head of 'prototypes', which is computed from labelled windows and has no mean, expected a head "
          + "that is trained")
      #expect(refusal([plain]) == "/plain: one run to average, expected two or more, with spaces between")
      #expect(
        refusal([plain, plain], to: plain.appendingPathComponent("model.safetensors"))
          == "/plain/model.safetensors: a file is there, expected a new one")
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }
}
