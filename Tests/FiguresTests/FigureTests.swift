import Figures
import Foundation
import TestSupport
import Testing

@Suite("Figures")
struct FigureTests {
  @Test(
    "Every kind of figure is drawn, as PNG and as SVG",
    .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func draws() throws {
    let kept = ProcessInfo.processInfo.environment["FIGURES_TO"].map { URL(fileURLWithPath: $0) }
    try withTemporaryFolder { folder in
      for (name, figure) in Gallery.all {
        for format in ["png", "svg"] {
          let url = (kept ?? folder).appendingPathComponent("\(name).\(format)")
          try figure.render(to: url)
          let data = try Data(contentsOf: url)
          #expect(data.starts(with: format == "png" ? [0x89, 0x50, 0x4e, 0x47] : Array("<?xml".utf8)))
          #expect(data.count > 3000)
        }
      }
    }
  }
}
