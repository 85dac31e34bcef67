import Corpora
import Encoders
import Experiments
import Foundation
import NumPy
import Preparation
import SleepCore
import Synthesis
import Tensors
import TestSupport
import Testing
import Training
import Upstream

/// Pretrainings that several processes share.
@Suite("Pretraining together", .enabled(if: ProcessGroup.isAvailable, "this build has no c10d"))
struct TogetherTests {
  private func corpus(_ folder: URL) throws -> Corpus {
    let raw = folder.appendingPathComponent("raw")
    try Synthesizer.write(dataset: "mesa", Synthesizer.Options(subjects: 4, hours: 0.6), to: raw)
    return try Preparation(card: Card(named: "mesa")).run(raw: raw, out: folder.appendingPathComponent("corpus"))
  }

  /// Gradient descent without momentum or clipping: rounding stays what it is, where Adam would make steps of it.
  private func recipe(_ task: String, epochs: Int = 1, steps: Int = 3) throws -> Recipe {
    let text = """
      name: one
      sensors: [ecg, respiration]
      missing: {drop: 0.3}
      device: cpu
      encoder: {width: 8, signal: {channels: [4, 8], kernel: 3, tokens: 2}, trunk: {kind: mlp, layers: 1}}
      context: {kind: \(PretextTasks.ofContexts.contains(task) ? "bilstm, hidden: 4" : "none")}
      pretraining:
        tasks: [{task: \(task)}]
        batch: 8
        nights: {length: 12, stride: 12, batch: 4}
        epochs: \(epochs)
        steps: \(steps)
        optimization: {rule: sgd, learning_rate: 0.02, weight_decay: 0, clip: 0, averaging: 0.5}
      """
    return try Recipe.parse(text, path: "\(task).yaml")
  }

  /// The greatest difference between two encoders' weights, as a share of each tensor's greatest.
  private func distance(_ one: URL, _ other: URL) throws -> Double {
    let (first, second) = (try SafetensorsFile(one), try SafetensorsFile(other))
    #expect(Set(first.entries.keys) == Set(second.entries.keys))
    return try first.entries.keys.map { name in
      let (own, wanted) = (try second.tensor(name), try first.tensor(name))
      guard wanted.dtype == .float32 else { return 0 }
      let (a, b) = (try own.values(Float.self), try wanted.values(Float.self))
      let size = b.map(abs).max() ?? 0
      return Double(zip(a, b).map { abs($0 - $1) }.max() ?? 0) / Double(max(size, 1e-3))
    }.max() ?? 0
  }

  private func pretrain(_ recipe: Recipe, _ corpus: Corpus, _ out: URL, in group: ProcessGroup) throws {
    if group.isFirst {
      try PretrainingRun.run(recipe, corpora: [corpus], out: out, silent: true, in: group)
    } else {
      try PretrainingRun.takePart(recipe, corpora: [corpus], in: group)
    }
  }

  @Test(
    "Every pretext task: two processes, and three, give the weights of one within rounding",
    arguments: PretextTasks.kinds.map { $0.name })
  func tasks(task: String) throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      let (corpus, recipe) = (try corpus(folder), try recipe(task))
      let alone = try PretrainingRun.run(
        recipe, corpora: [corpus], out: folder.appendingPathComponent("alone"), silent: true)
      for count in [2, 3] {
        let out = folder.appendingPathComponent("\(count)")
        _ = try together(count) { try pretrain(recipe, corpus, out, in: $0) }
        let far = try distance(alone.encoder, RunFolder(existing: out).encoder)
        // A projector's norm over eight rows that hardly differ makes so much of rounding that a value changes sides at the
        // rectifier behind it; with GELU in its place both stay below 1e-4. Biases begin at zero, so that a wrong share of a
        // gradient is far above either bound.
        #expect(far < (["byol", "vicreg"].contains(task) ? 0.04 : 1e-3), "\(task) in \(count)")
      }
    }
  }

  @Test("A run goes on with another number of processes, also as one alone")
  func goesOn() throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      let corpus = try corpus(folder)
      let recipe = try recipe("contrast", epochs: 2, steps: 4)
      let alone = try PretrainingRun.run(
        recipe, corpora: [corpus], out: folder.appendingPathComponent("alone"), silent: true)
      let out = folder.appendingPathComponent("shared")
      func pretrain(_ count: Int, stoppedAfter steps: Int) throws {
        _ = try together(count) { group in
          try Interruption.$rehearsal.withValue(.init(after: steps)) {
            try self.pretrain(recipe, corpus, out, in: group)
          }
        }
      }
      #expect(throws: Interrupted.self) { try pretrain(2, stoppedAfter: 2) }
      #expect(throws: Interrupted.self) { try pretrain(3, stoppedAfter: 3) }
      let run = try PretrainingRun.run(recipe, corpora: [corpus], out: out, silent: true)
      #expect(try distance(alone.encoder, run.encoder) < 1e-3)
    }
  }

  @Test("A process with another recipe is told by which keys, and the rest ends")
  func other() throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      let corpus = try corpus(folder)
      let said = try together(2) { group -> String in
        do {
          if group.isFirst {
            _ = try PretrainingRun.run(
              recipe("contrast"), corpora: [corpus], out: folder.appendingPathComponent("run"), silent: true, in: group)
          } else {
            try PretrainingRun.takePart(recipe("contrast", steps: 4), corpora: [corpus], in: group)
          }
        } catch { return error.localizedDescription }
        return ""
      }
      #expect(
        said[1]
          == "found another training than the first process's (pretraining.steps: 3, here 4), expected the same command, recipe "
          + "and data on all processes")
      #expect(said[0].hasPrefix("process 0 of 2 (counted from 0) lost another one: "), "\(said[0])")
    }
  }
}
