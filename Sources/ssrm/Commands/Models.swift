import Downstream
import Encoders
import Foundation
import Metrics

extension Command {
  static let models = Command(
    "models", .setup, "List the published systems, with their sizes",
    discussion: """
      A recipe takes one by 'model: NAME'. Parameters are those that are trained; multiply-adds are of one window, counted from the \
      shapes of a forward pass in the published form.
      """,
    options: [.flag("json", "Prints everything as JSON.")],
    examples: [Example("What is there?", "ssrm models")]
  ) { arguments in
    let entries = try RecognitionModels.all.map { model in
      let size = try model.size()
      return Entry(
        name: model.name, summary: model.summary, paper: model.paper, trainableParameters: size.trainableParameters,
        multiplyAdds: size.multiplyAdds, inputs: model.inputs.map(\.summary), sequence: model.sequence,
        classes: model.classes)
    }
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
      print(table.text, terminator: "")
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
  }
}
