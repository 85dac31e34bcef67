import Figures
import Foundation
import Streams

extension Command {
  static let inspect = Command(
    "inspect", .data, "Say what a raw file, a data set, a corpus or a run holds",
    discussion: """
      Sensors, channels, rates, units, durations, label counts, and what is odd in the headers. The picture shows the \
      signals or maps, a spectrogram and the hypnogram, or a run's learning curves.
      """,
    operands: [
      Operand(
        "path",
        "An EDF, BDF or WFDB file, a .npy array, a file or folder of one of the data sets, a corpus, or a run's folder."
      )
    ],
    options: [
      .value("out", "FILE", "Draw a picture too: a .png or .svg file."),
      .value("recording", "ID", "The recording to draw, of a data set or a corpus. The first without it."),
      .flag("json", "Print the facts as JSON."),
    ],
    examples: [
      Example("What is in this file?", "ssrm inspect SC4001E0-PSG.edf"),
      Example("Draw one night of a corpus:", "ssrm inspect corpora/sleep-accel --recording 46343 --out night.png"),
      Example("How did a training go?", "ssrm inspect runs/pmd-17/2026-01-31-120000-1 --out curves.png"),
    ]
  ) { arguments in
    if let out = arguments.value("out") {
      // Before hours of reading, not after.
      guard ["png", "svg"].contains(URL(fileURLWithPath: out).pathExtension.lowercased()) else {
        throw FigureError.extensionUnknown(path: out)
      }
    }
    let inspected = try Inspected(
      path: arguments.operand("path"), recording: arguments.value("recording"),
      draws: arguments.value("out") != nil)
    if arguments.has("json") {
      try JSONOutput.print(inspected.facts)
    } else {
      try StandardOutput.write(inspected.facts.text)
    }
    guard let out = arguments.value("out") else { return }
    try inspected.figure().render(to: URL(fileURLWithPath: out))
    if !arguments.has("json") { try StandardOutput.print("wrote \(out)") }
  }
}
