import SleepCore
import Downstream
import Encoders
import Foundation
import Metrics
import Streams

extension Command {
  static let models = Command(
    "models", .setup, "List the published systems, with their sizes, or the layers of one",
    discussion: """
      A recipe takes one by 'model: NAME'. Parameters are those that are trained; multiply-adds are of one window, counted from the \
      shapes of a forward pass in the published form. With a name, every layer of that system, with the shape that it gives.
      """,
    operands: [Operand("name", "A system, to see its layers.", isRequired: false)],
    options: [.flag("json", "Prints everything as JSON.")],
    examples: [
      Example("What is there?", "ssrm models"), Example("What is it made of?", "ssrm models spectrogram-cnn"),
    ]
  ) { arguments in
    if let name = arguments.operands("name").first {
      let names = RecognitionModels.all.map(\.name)
      guard names.contains(name) else { throw UsageError.unknownName(kind: "model", name, known: names) }
      let model = try RecognitionModels.named(name)
      let entry = try Entry(model, layers: model.layers())
      if arguments.has("json") { try JSONOutput.print(entry) } else { try StandardOutput.write(entry.text) }
      return
    }
    let entries = try RecognitionModels.all.map { try Entry($0, layers: nil) }
    if arguments.has("json") {
      try JSONOutput.print(entries)
    } else {
      var table = TextTable(["model", "parameters", "multiply-adds", "windows", "inputs"])
      for entry in entries {
        table.append([
          entry.name, "\(entry.trainableParameters)", "\(entry.multiplyAdds)", "\(entry.sequence)",
          entry.inputs.joined(separator: "; "),
        ])
      }
      try StandardOutput.write(table.text)
    }
  }

  private struct Entry: Encodable {
    let name: String
    let summary: String
    let paper: String
    let trainableParameters: Int
    let multiplyAdds: Int
    let inputs: [String]
    let sequence: Int
    let classes: Int
    /// Of one model alone.
    let layers: [LayerRow]?

    init(_ model: PublishedModel, layers: [LayerRow]?) throws {
      let size = try model.size()
      name = model.name
      summary = model.summary
      paper = model.paper
      trainableParameters = size.trainableParameters
      multiplyAdds = size.multiplyAdds
      inputs = model.inputs.map(\.summary)
      sequence = model.sequence
      classes = model.classes
      self.layers = layers
    }

    /// The layer table.
    var text: String {
      var table = TextTable(["layer", "operator", "output", "parameters"])
      for row in layers ?? [] {
        let output = row.output.isEmpty ? "-" : row.output.map(String.init).joined(separator: " x ")
        table.append([
          row.name.isEmpty ? "-" : row.name, row.kind.isEmpty ? "-" : row.kind, output, "\(row.parameters)",
        ])
      }
      table.append(["total", "", "", "\((layers ?? []).reduce(0) { $0 + $1.parameters })"])
      let input = "\(sequence) \(sequence == 1 ? "window" : "windows") of \(inputs.joined(separator: " and "))"
      return "\(name): \(summary)\ninput: \(input)\n\n" + table.text
        + "\nmultiply-adds of one window: \(multiplyAdds)\n"
    }
  }
}
