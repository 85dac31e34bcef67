public import Foundation

/// Why a figure was not drawn.
public enum FigureError: Error, Equatable {
  case gnuplotMissing(searched: String)
  case extensionUnknown(path: String)
  case unwritable(path: String, reason: String)
  /// gnuplot ended with an error; `message` is what it said.
  case gnuplotFailed(path: String, status: Int32, message: String)
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
    case .gnuplotFailed(let path, let status, let message):
      "\(path): gnuplot ended with status \(status): \(message)"
    }
  }
}
