public import Foundation

/// The program gnuplot, as installed.
public struct Gnuplot: Sendable {
  public let executable: URL

  /// - Parameter searchPath: Folders, separated by colons; the environment's `PATH` when `nil`. Those that are not absolute are passed
  ///   over: what is found in them would depend on the folder that the program is called in.
  /// - Throws: ``FigureError/gnuplotMissing(searched:)``.
  public init(searchPath: String? = nil) throws(FigureError) {
    let searched = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = searched.split(separator: ":").filter { $0.hasPrefix("/") }
    let candidates = folders.map { URL(fileURLWithPath: $0 + "/gnuplot") }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else { throw .gnuplotMissing(searched: searchPath ?? "PATH") }
    executable = found
  }

  /// What `gnuplot --version` says: `gnuplot 5.4 patchlevel 4`.
  ///
  /// - Throws: ``FigureError``.
  public func version() throws -> String {
    let (output, _, _) = try run(["--version"], input: FileHandle.nullDevice)
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What a script writes to standard output.
  ///
  /// - Parameter path: The picture that errors name.
  /// - Throws: ``FigureError``.
  func picture(_ script: String, _ format: GnuplotScript.Format, path: String) throws -> Data {
    let source = try UnnamedFile()
    try source.write(Data(script.utf8))
    // `-d`: no start-up file, in which a user may have set what suits other figures.
    let (picture, said, status) = try run(["-d"], input: source.handle)
    guard status == 0 else {
      let message = String(decoding: said, as: UTF8.self)
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.joined(separator: "; ")
      throw FigureError.gnuplotFailed(path: path, status: status, message: message)
    }
    guard format.isWhole(picture) else { throw FigureError.notWhole(path: path, bytes: picture.count) }
    return picture
  }

  private func run(_ words: [String], input: FileHandle) throws -> (output: Data, errors: Data, status: Int32) {
    let process = Process()
    process.executableURL = executable
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.filter { !Self.steers($0.key) }
    process.standardInput = input
    let output = Pipe()
    process.standardOutput = output
    // A file, not a second pipe: one that is full while the other is read would hold up both programs.
    let errors = try UnnamedFile()
    process.standardError = errors.handle
    do { try process.run() } catch {
      throw FigureError.unstartable(path: executable.path, reason: error.localizedDescription)
    }
    let written = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (written, try errors.contents(), process.terminationStatus)
  }

  /// Whether a variable of the environment would change a figure: `GNUTERM`, `GNUPLOT_LIB`, `GDFONTPATH` and so on.
  private static func steers(_ variable: String) -> Bool {
    variable == "GNUTERM" || variable == "GDFONTPATH" || variable.hasPrefix("GNUPLOT")
  }
}

extension GnuplotScript.Format {
  /// Whether a picture has its end, which one that was cut lacks.
  func isWhole(_ picture: Data) -> Bool {
    switch self {
    case .png:
      // The chunk IEND with its checksum.
      picture.suffix(12).elementsEqual([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
    case .svg:
      String(decoding: picture.suffix(32), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        .hasSuffix("</svg>")
    }
  }
}
