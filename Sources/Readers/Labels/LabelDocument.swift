import Foundation

/// Files that people keep stages in and no text can be read of: spreadsheets, documents, and MATLAB's files under other names.
enum LabelDocument: String, CaseIterable {
  case xlsx, xlsm, xls, ods, docx, doc, odt, rtf, pdf, mat

  init?(_ fileExtension: String) { self.init(rawValue: fileExtension.lowercased()) }

  var isSpreadsheet: Bool { [.xlsx, .xlsm, .xls, .ods].contains(self) }

  var found: String {
    switch self {
    case .xlsx, .xlsm, .xls, .ods: "a spreadsheet"
    case .docx, .doc, .odt, .rtf: "a document of a word processor"
    case .pdf: "a PDF"
    case .mat: "a MATLAB file by another name"
    }
  }

  /// How to make a file of it that can be read.
  var advice: String {
    switch self {
    case .xlsx, .xlsm, .xls, .ods: "save the sheet as CSV UTF-8"
    case .docx, .doc, .odt, .rtf: "save it as plain text in UTF-8, one stage a line"
    case .pdf: "export the stages from the scoring program as text or CSV"
    case .mat: "a file whose name ends in '.mat', or 'labels: {format: mat}' in the card"
    }
  }

  /// What a file begins with, whatever its name.
  private static let beginnings: [([UInt8], LabelDocument)] = [
    ([0x50, 0x4b, 0x03, 0x04], .xlsx), ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], .xls),
    (Array("%PDF-".utf8), .pdf), (Array("{\\rtf".utf8), .rtf), (Array("MATLAB 5.0 MAT-file".utf8), .mat),
  ]

  /// - Throws: ``ReadError`` with how to save it, for a file that is one by its name or its first bytes.
  static func refuse(_ url: URL) throws {
    // NumPy's archives are zip files, as Excel's are; MATLAB's files have a reader.
    guard !["npz", "mat"].contains(url.pathExtension.lowercased()) else { return }
    let byName = LabelDocument(url.pathExtension)
    // A file that is missing or empty is told of by what would read it.
    let file = try? RawFile(url, expected: "labels")
    let start = try file.map { try $0.bytes(0..<min($0.size, 32)) } ?? []
    let byBytes = beginnings.first { start.starts(with: $0.0) }?.1
    guard let document = byName ?? byBytes else { return }
    throw ReadError(
      url, found: document.found, expected: document == .mat ? document.advice : "a text file: \(document.advice)")
  }

  /// Whether a file is one.
  static func isRefused(_ url: URL) -> Bool {
    do { try refuse(url) } catch { return true }
    return false
  }
}
