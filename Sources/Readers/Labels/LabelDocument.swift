import Foundation

/// Files that people keep stages in and no text can be read of: spreadsheets, documents and MATLAB's own files.
enum LabelDocument: String, CaseIterable {
  case xlsx, xlsm, xls, ods, docx, doc, odt, rtf, pdf, mat

  init?(_ fileExtension: String) { self.init(rawValue: fileExtension.lowercased()) }

  var isSpreadsheet: Bool { [.xlsx, .xlsm, .xls, .ods].contains(self) }

  var found: String {
    switch self {
    case .xlsx, .xlsm, .xls, .ods: "a spreadsheet"
    case .docx, .doc, .odt, .rtf: "a document of a word processor"
    case .pdf: "a PDF"
    case .mat: "a MATLAB file that is not of version 7.3"
    }
  }

  /// How to make a file of it that can be read.
  var advice: String {
    switch self {
    case .xlsx, .xlsm, .xls, .ods: "save the sheet as CSV UTF-8"
    case .docx, .doc, .odt, .rtf: "save it as plain text in UTF-8, one stage a line"
    case .pdf: "export the stages from the scoring program as text or CSV"
    case .mat: "in MATLAB, writematrix(stages, 'name.csv'), or save('name.mat', 'stages', '-v7.3')"
    }
  }

  /// What a file begins with, whatever its name.
  private static let beginnings: [([UInt8], LabelDocument)] = [
    ([0x50, 0x4b, 0x03, 0x04], .xlsx), ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], .xls),
    (Array("%PDF-".utf8), .pdf), (Array("{\\rtf".utf8), .rtf), (Array("MATLAB 5.0 MAT-file".utf8), .mat),
  ]

  /// - Throws: ``ReadError`` with how to save it, for a file that is one by its name or its first bytes.
  static func refuse(_ url: URL) throws {
    // NumPy's archives are zip files, as Excel's are.
    guard url.pathExtension.lowercased() != "npz" else { return }
    let byName = LabelDocument(url.pathExtension)
    // A file that is missing or empty is told of by what would read it.
    let file = try? RawFile(url, expected: "labels")
    let start = try file.map { try $0.bytes(0..<min($0.size, 32)) } ?? []
    let byBytes = beginnings.first { start.starts(with: $0.0) }?.1
    // Version 7.3 is HDF5, with MATLAB's line above it or without.
    let isHDF5 = [Array("MATLAB 7.3 MAT-file".utf8), [0x89, 0x48, 0x44, 0x46]].contains { start.starts(with: $0) }
    if byName == .mat, isHDF5 { return }
    guard let document = byName ?? byBytes else { return }
    throw ReadError(url, found: document.found, expected: "a text file: \(document.advice)")
  }
  /// Whether a file is one; a MATLAB file of version 7.3 is none.
  static func isRefused(_ url: URL) -> Bool {
    do { try refuse(url) } catch { return true }
    return false
  }
}
