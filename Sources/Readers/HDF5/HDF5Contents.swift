import CHDF5

/// What an HDF5 file holds, found by going through its groups.
///
/// Only links to the file's own objects are followed, each object once, so that neither cycles nor other files are entered.
struct HDF5Contents {
  private(set) var arrays: [StoredArray] = []
  private(set) var facts = StoredFacts()
  private(set) var passedOver: [(path: String, reason: String)] = []
  /// Paths of arrays of texts.
  private(set) var texts: [String] = []
  /// Whether MATLAB wrote it.
  private(set) var isMATLAB = false

  private let fileSize: Int
  private var seen: Set<UInt64> = []
  private var objects = 0

  private static let (mostDepth, mostObjects) = (16, 1 << 16)
  /// Texts of more elements are no names of channels.
  private static let mostFacts = 4096

  init(of file: hid_t, fileSize: Int) {
    self.fileSize = fileSize
    let root = H5Oopen(file, "/", 0)
    guard root >= 0 else { return }
    defer { H5Oclose(root) }
    visit(root, "", depth: 0)
    facts.addDescriptions()
  }

  private mutating func visit(_ object: hid_t, _ path: String, depth: Int) {
    var address: UInt64 = 0
    let kind = hdf5_object(object, &address)
    guard kind >= 0, kind != Int32(hdf5_other.rawValue), seen.insert(address).inserted else { return }
    let attributes = HDF5Attributes(of: object)
    for (name, fact) in attributes.facts { facts.add(fact, named: name, to: path) }
    if attributes.matlabClass != nil { isMATLAB = true }
    if kind == Int32(hdf5_dataset.rawValue) {
      visitDataset(object, path, attributes)
    } else if depth < Self.mostDepth {
      visitGroup(object, path, depth: depth)
    } else {
      passedOver.append((path, "groups in groups in groups"))
    }
  }

  private mutating func visitGroup(_ group: hid_t, _ path: String, depth: Int) {
    let links = HDF5Links(of: group, atMost: Self.mostObjects - objects)
    objects += links.list.count
    if links.isDamaged { passedOver.append((path, "entries that are damaged")) }
    for (name, isOwn) in links.list {
      // MATLAB keeps there what cells refer to.
      guard !(path.isEmpty && name.hasPrefix("#")) else { continue }
      let below = path.isEmpty ? name : "\(path)/\(name)"
      guard isOwn else {
        passedOver.append((below, "a link, which is not followed"))
        continue
      }
      let object = H5Oopen(group, name, 0)
      guard object >= 0 else {
        passedOver.append((below, "damaged"))
        continue
      }
      visit(object, below, depth: depth + 1)
      H5Oclose(object)
    }
  }

  private mutating func visitDataset(_ object: hid_t, _ path: String, _ attributes: HDF5Attributes) {
    let dataset = HDF5Dataset(object, fileSize: fileSize)
    if let problem = dataset.problem {
      passedOver.append((path, problem))
      return
    }
    let parts = path.split(separator: "/")
    let (folder, name) = (parts.dropLast().joined(separator: "/"), String(parts.last ?? ""))
    let isFact = StoredFacts.isKnown(name) && dataset.count <= Self.mostFacts
    let isText = dataset.kind == hdf5_text || attributes.matlabClass == "char"
    if dataset.kind == hdf5_text { texts.append(path) }
    if isFact, let fact = Self.fact(dataset, isCharacters: attributes.matlabClass == "char") {
      facts.add(fact, named: name, to: folder)
    }
    guard !isText else {
      if !isFact { passedOver.append((path, "texts")) }
      return
    }
    if dataset.count > 1 { arrays.append(StoredArray(path: path, shape: dataset.shape)) }
  }

  private static func fact(_ dataset: HDF5Dataset, isCharacters: Bool) -> StoredFacts.Fact? {
    if dataset.kind == hdf5_text { return dataset.reading { $0.texts() }.map { .texts($0) } }
    if isCharacters { return dataset.reading { $0.doubles() }.map { .texts([characters($0)]) } }
    guard dataset.count == 1 else { return nil }
    return dataset.reading { $0.doubles() }?.first.map { .number($0) }
  }

  /// A text of MATLAB's, in units of UTF-16.
  private static func characters(_ codes: [Double]) -> String {
    String(decoding: codes.map { UInt16(exactly: $0) ?? 0xfffd }, as: UTF16.self)
  }
}
