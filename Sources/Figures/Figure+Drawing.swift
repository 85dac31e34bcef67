import Files
public import Foundation
public import Streams
import Synchronization

extension Figure {
  /// Draws the figure into a file, which is there whole or not at all; its extension, `.png` or `.svg`, chooses the format.
  ///
  /// - Throws: ``FigureError`` where there is no gnuplot, another extension, or no folder that can be written to; ``Files/DiskError``.
  public func render(to url: URL, with gnuplot: Gnuplot? = nil) throws {
    guard let format = GnuplotScript.Format(rawValue: url.pathExtension.lowercased()) else {
      throw FigureError.extensionUnknown(path: url.path)
    }
    let folder = url.deletingLastPathComponent()
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      let exists = FileManager.default.fileExists(atPath: folder.path)
      throw FigureError.unwritable(
        path: url.path, reason: exists ? "no permission in its folder" : "its folder does not exist")
    }
    let script = GnuplotScript(self, format: format).text
    try (gnuplot ?? Gnuplot()).picture(script, format, path: url.path).writeWhole(to: url)
  }

  /// Draws a figure that stands beside a result, which is worth more than its figure: why it was not drawn is said in one line, and
  /// is no error. That there is no gnuplot is said once.
  ///
  /// - Parameter say: Is told; standard error where left out.
  /// - Throws: ``Files/DiskError``, as then the result is in danger too.
  public func accompany(_ url: URL, with gnuplot: Gnuplot? = nil, say: (String) -> Void = StandardError.say) throws {
    do { try render(to: url, with: gnuplot) } catch let error as FigureError {
      if case .gnuplotMissing = error, Self.missingIsSaid.exchange(true, ordering: .relaxed) { return }
      say("\(error.localizedDescription); the result is whole without it")
    }
  }

  private static let missingIsSaid = Atomic<Bool>(false)

  /// The gnuplot commands that draw the figure, data and all.
  package func script(_ format: String = "svg") -> String {
    GnuplotScript(self, format: GnuplotScript.Format(rawValue: format) ?? .svg).text
  }
}
