public import Foundation

/// Why a figure was not drawn.
public enum FigureError: Error, Equatable {
  case gnuplotMissing(searched: String)
  case extensionUnknown(path: String)
  case unwritable(path: String, reason: String)
  /// What is there under gnuplot's name is no program of this machine.
  case unstartable(path: String, reason: String)
  /// The place for what gnuplot is to read, and what it says.
  case noScratch(path: String, reason: String)
  /// gnuplot ended with an error; `message` is what it said.
  case gnuplotFailed(path: String, status: Int32, message: String)
  /// gnuplot ended without an error, but the picture has no end.
  case notWhole(path: String, bytes: Int)
}

extension FigureError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .gnuplotMissing(let searched):
      "gnuplot: not found in \(searched), needed to draw figures: sudo apt-get install gnuplot-nox"
    case .extensionUnknown(let path):
      "\(path): found no extension .png or .svg, expected one of them: it chooses the figure's format"
    case .unwritable(let path, let reason):
      "\(path): cannot write the figure: \(reason)"
    case .unstartable(let path, let reason):
      "\(path): found a program that does not start (\(reason)), expected gnuplot: sudo apt-get install gnuplot-nox"
    case .noScratch(let path, let reason):
      "\(path): found no way to write (\(reason)), expected a temporary folder for a figure: name another with TMPDIR"
    case .gnuplotFailed(let path, let status, let message):
      "\(path): gnuplot ended with status \(status): \(message)"
    case .notWhole(let path, let bytes):
      "\(path): found a picture of \(bytes) bytes without its end, expected a whole one: run 'gnuplot --version' to see whether it works"
    }
  }
}
