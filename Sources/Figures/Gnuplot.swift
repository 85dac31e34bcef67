public import Foundation

/// The program gnuplot, as installed.
public struct Gnuplot: Sendable {
  public let executable: URL

  /// - Parameter searchPath: Folders, separated by colons; the environment's `PATH` when `nil`.
  /// - Throws: ``FigureError/gnuplotMissing(searched:)``.
  public init(searchPath: String? = nil) throws(FigureError) {
    let searched = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = searched.split(separator: ":").map { URL(fileURLWithPath: $0 + "/gnuplot") }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else { throw .gnuplotMissing(searched: searchPath ?? "PATH") }
    executable = found
  }

  /// What `gnuplot --version` says: `gnuplot 5.4 patchlevel 4`.
  public func version() throws -> String {
    let process = Process()
    process.executableURL = executable
    process.arguments = ["--version"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a script that writes `output`, which then takes the place of `url`.
  ///
  /// The script is read from a file, not a pipe: a gnuplot that stops early would break the pipe and end this program.
  func run(_ script: (_ output: URL) -> String, to url: URL) throws {
    let output = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString)")
    let source = FileManager.default.temporaryDirectory
      .appendingPathComponent("figure-\(UUID().uuidString).gp")
    defer {
      try? FileManager.default.removeItem(at: output)
      try? FileManager.default.removeItem(at: source)
    }
    do { try Data(script(output).utf8).write(to: source) } catch {
      throw FigureError.unwritable(path: source.path, reason: error.localizedDescription)
    }
    let process = Process()
    process.executableURL = executable
    process.standardInput = try FileHandle(forReadingFrom: source)
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let message = String(decoding: said, as: UTF8.self)
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.joined(separator: "; ")
      throw FigureError.gnuplotFailed(
        path: url.path, status: process.terminationStatus, message: message)
    }
    guard rename(output.path, url.path) == 0 else {
      throw FigureError.unwritable(path: url.path, reason: String(cString: strerror(errno)))
    }
  }
}

extension Figure {
  /// Draws the figure into a file; its extension, `.png` or `.svg`, chooses the format.
  ///
  /// - Throws: ``FigureError``: no gnuplot, another extension, a folder that cannot be written to.
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
    try (gnuplot ?? Gnuplot()).run({ GnuplotScript(self, format: format, output: $0.path).text }, to: url)
  }

  /// The gnuplot commands that draw the figure, data and all.
  package func script(_ format: String = "svg", output: String = "figure.svg") -> String {
    GnuplotScript(self, format: GnuplotScript.Format(rawValue: format) ?? .svg, output: output).text
  }
}
