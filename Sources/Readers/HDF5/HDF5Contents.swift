import CHDF5
import Foundation

/// What an HDF5 file holds: all of its groups are gone through, links to elsewhere not followed.
struct HDF5Contents {
  private(set) var arrays: [StoredArray] = []
  /// Numeric arrays of one element.
  private(set) var singles: [StoredArray] = []
  private(set) var facts = StoredFacts()
  private(set) var passedOver: [(path: String, reason: String)] = []
  /// Paths of arrays of texts.
  private(set) var texts: [String] = []
  /// Whether MATLAB wrote it.
  private(set) var isMATLAB = false

  /// What MATLAB says that each variable is.
  private var matlabClasses: [String: String] = [:]
  private static let matlabName = "MATLAB_class"

  /// - Returns: `nil` where libhdf5 does not open the file.
  /// - Throws: ``ReadError`` where the file ends what reads it.
  init?(_ url: URL, fileSize: Int) throws {
    guard let reading = HDF5Reading(url, fileSize: fileSize) else {
      throw ReadError(url, found: "no room for a process that reads it", expected: "fewer processes on this machine")
    }
    while true {
      guard let record = reading.record() else { throw HDF5Store.damaged(url) }
      if record == hdf5_end { break }
      if record == hdf5_unopened { return nil }
      guard let path = reading.text(), add(record, path, reading) else { throw HDF5Store.damaged(url) }
    }
    facts.addDescriptions()
  }

  /// - Returns: Whether what follows the record's path was told whole.
  private mutating func add(_ record: hdf5_record, _ path: String, _ reading: HDF5Reading) -> Bool {
    switch record {
    case hdf5_attribute:
      guard let name = reading.text(), let values = reading.values(atMost: hdf5_most_small) else {
        return false
      }
      addAttribute(name, values, of: path)
    case hdf5_array:
      guard let kind = reading.number(), let shape = reading.shape(),
        let values = reading.values(atMost: hdf5_most_small)
      else { return false }
      addArray(path, hdf5_kind(UInt32(clamping: kind)), shape, values)
    case hdf5_unread_array:
      guard let problem = reading.number(), let filter = reading.number(), let name = reading.text() else {
        return false
      }
      passedOver.append((path, Self.words(hdf5_problem(UInt32(clamping: problem)), filter, name)))
    case hdf5_link: passedOver.append((path, "a link, which is not followed"))
    case hdf5_deep: passedOver.append((path, "groups in groups in groups"))
    case hdf5_damaged: passedOver.append((path, "damaged"))
    default: return false
    }
    return true
  }

  private mutating func addAttribute(_ name: String, _ values: HDF5Reading.Values, of path: String) {
    if name == Self.matlabName {
      isMATLAB = true
      if case .texts(let texts) = values { matlabClasses[path] = texts.first }
    } else if StoredFacts.isKnown(name), let fact = Self.fact(values, isCharacters: false) {
      facts.add(fact, named: name, to: path)
    }
  }

  private mutating func addArray(_ path: String, _ kind: hdf5_kind, _ shape: [Int], _ values: HDF5Reading.Values) {
    let parts = path.split(separator: "/")
    let (folder, name) = (parts.dropLast().joined(separator: "/"), String(parts.last ?? ""))
    let isCharacters = matlabClasses[path] == "char"
    let isFact = StoredFacts.isKnown(name)
    if kind == hdf5_text { texts.append(path) }
    if isFact, let fact = Self.fact(values, isCharacters: isCharacters) {
      facts.add(fact, named: name, to: folder)
    }
    if kind == hdf5_text || isCharacters {
      if !isFact { passedOver.append((path, "texts")) }
    } else {
      let array = StoredArray(path: path, shape: shape)
      if array.count > 1 { arrays.append(array) } else { singles.append(array) }
    }
  }

  private static func fact(_ values: HDF5Reading.Values, isCharacters: Bool) -> StoredFacts.Fact? {
    switch values {
    case .none, .floats: nil
    case .texts(let texts): .texts(texts)
    // MATLAB's texts are in units of UTF-16.
    case .doubles(let numbers) where isCharacters:
      .texts([String(decoding: numbers.map { UInt16(exactly: $0) ?? 0xfffd }, as: UTF16.self)])
    case .doubles(let numbers): numbers.count == 1 ? .number(numbers[0]) : nil
    }
  }

  private static func words(_ problem: hdf5_problem, _ filter: Int, _ name: String) -> String {
    switch problem {
    case hdf5_elsewhere: "values of another file"
    case hdf5_empty: "no elements"
    case hdf5_no_numbers: "elements that are no numbers"
    case hdf5_unwritten: "no values in the file"
    case hdf5_too_many: "more values than the file can hold"
    case hdf5_large_chunks: "chunks that are larger than it"
    case hdf5_filtered:
      "compressed by filter \(filter)\(name.isEmpty ? "" : ", \(printable(name.utf8))"), which is not read; gzip is"
    default: "damaged"
    }
  }
}
