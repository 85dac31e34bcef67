import Corpora
import Experiments
import Foundation
import SleepCore
import Tensors
import Training

extension FuzzedFormat {
  /// Weights as the commands read them that make a network of them: damaged as files, and what stands in their header part by part, so that
  /// the damage is not refused as that of a file.
  ///
  /// - Parameters:
  ///   - encoder: The files of a study with a pretrained run, `encoder/`.
  ///   - model: The files of a study with a fine-tuned run, `model/`.
  static func models(_ encoder: [String: [UInt8]], _ model: [String: [UInt8]]) throws -> [FuzzedFormat] {
    let (encoderFile, modelFile) = ("encoder/encoder.safetensors", "model/model.safetensors")
    return [
      FuzzedFormat("encoder", encoder, damaged: [encoderFile], words: words, read: useEncoder),
      FuzzedFormat(
        "model", model, damaged: [modelFile, "model/recipe.yaml", "model/folds.txt"], words: words, read: useModel),
      try inParts("encoder-parts", encoder, of: encoderFile, read: useEncoder),
      try inParts("model-parts", model, of: modelFile, read: useModel),
    ]
  }

  private static let words =
    yamlWords + [
      "width: 4096", "width: 9e18", "channels: [2, 4, 8, 16]", "kernel: 0", "tokens: 1e9", "model: sleepvst",
      "kind: prototypes", "ensemble: 200", "labels: postures-4", "sensors: [heart-rate, ecg]", "missing: {}",
      "\"shape\":[1,0]", "\"shape\":[30]", "\"shape\":[]", "\"heart-rate\"", "\"ecg\"", "\"sampleRateHz\":1e-300",
      "\"windowSeconds\":1e9", "\"reader\":\"x\"", "\"subjects\":{}", "null", "F64", "I64", "[0]",
      "[9223372036854775807,2]",
    ]

  /// The parts of a file's header as files of their own, which are put together again before they are read.
  private static func inParts(
    _ name: String, _ files: [String: [UInt8]], of path: String, read: @escaping @Sendable (URL) throws -> Void
  ) throws -> FuzzedFormat {
    var all = files
    var parts: [String] = []
    _ = try self.files { folder in
      let url = folder.appendingPathComponent("whole.safetensors")
      try Data(files[path] ?? []).write(to: url)
      parts = try SafetensorsFile(url).metadata.keys.sorted()
      for part in parts { all["parts/\(part)"] = Array((try SafetensorsFile(url).metadata[part] ?? "").utf8) }
    }
    let names = parts
    // Those are for other programs.
    let used = names.filter { !["classes", "format", "label_scheme"].contains($0) }
    return FuzzedFormat(name, all, damaged: used.map { "parts/\($0)" }, words: words) { folder in
      let url = folder.appendingPathComponent(path)
      let whole = try SafetensorsFile(url)
      let items = try whole.entries.sorted { $0.key < $1.key }.map { name, entry in
        SafetensorsItem(name: name, type: entry.type, shape: entry.shape, bytes: try whole.bytes(of: name))
      }
      let metadata = try Dictionary(
        uniqueKeysWithValues: names.map { name in
          let bytes = try Data(contentsOf: folder.appendingPathComponent("parts/\(name)"))
          return (name, String(decoding: bytes, as: UTF8.self))
        })
      try SafetensorsWriter.write(items, metadata: metadata, to: url)
      try read(folder)
    }
  }

  /// `ssrm export`, `embed` and `finetune --init` of a pretrained run.
  private static func useEncoder(_ folder: URL) throws {
    let study = SmallStudy(folder: folder)
    try WeightsExport.run(study.encoder, to: folder.appendingPathComponent("out.safetensors"))
    _ = try EmbeddingRun.run(
      study.encoder, corpus: study.corpus(), out: folder.appendingPathComponent("vectors"), silent: true)
    _ = try FineTuningRun.run(
      study.recipe(), corpus: study.corpus(), initial: study.encoder, out: folder.appendingPathComponent("finetuned"),
      silent: true)
  }

  /// `ssrm export`, `predict` and `evaluate` of a fine-tuned run.
  private static func useModel(_ folder: URL) throws {
    let study = SmallStudy(folder: folder)
    try WeightsExport.run(study.model, to: folder.appendingPathComponent("out.safetensors"))
    var options = PredictionRun.Options()
    options.silent = true
    try PredictionRun.run(
      study.model, files: [study.raw], out: folder.appendingPathComponent("predicted"), options: options)
    _ = try EvaluationRun.run(
      RunFolder(existing: study.model), corpus: study.corpus(), out: folder.appendingPathComponent("evaluated"))
  }
}
