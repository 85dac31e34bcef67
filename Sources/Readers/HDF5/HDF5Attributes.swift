import CHDF5

/// What the attributes of a group or dataset say, of those whose names are known.
struct HDF5Attributes {
  private(set) var facts: [(name: String, fact: StoredFacts.Fact)] = []
  /// What MATLAB says that a variable is: `double`, `char`; `nil` in files of other programs.
  private(set) var matlabClass: String?

  /// Objects with more attributes are looked at no further.
  private static let most = 256
  /// The most texts of one attribute: names of channels.
  private static let mostTexts = 64
  private static let matlabName = "MATLAB_class"

  init(of object: hid_t) {
    for index in 0..<Self.most {
      let attribute = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_NATIVE, hsize_t(index), 0, 0)
      guard attribute >= 0 else { return }
      defer { H5Aclose(attribute) }
      var name = [CChar](repeating: 0, count: 64)
      let length = H5Aget_name(attribute, name.count, &name)
      guard length > 0, length < name.count else { continue }
      let text = String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text == Self.matlabName || StoredFacts.isKnown(text), let fact = Self.fact(attribute) else { continue }
      if text != Self.matlabName {
        facts.append((text, fact))
      } else if case .texts(let texts) = fact {
        matlabClass = texts.first
      }
    }
  }

  private static func fact(_ attribute: hid_t) -> StoredFacts.Fact? {
    let (type, space) = (H5Aget_type(attribute), H5Aget_space(attribute))
    defer {
      if type >= 0 { H5Tclose(type) }
      if space >= 0 { H5Sclose(space) }
    }
    guard type >= 0, space >= 0, H5Sget_simple_extent_type(space) != H5S_NULL else { return nil }
    let count = Int(H5Sget_simple_extent_npoints(space))
    guard (1...mostTexts).contains(count) else { return nil }
    let values = HDF5Values(type: type, space: space, count: count) { H5Aread(attribute, $0, $1) }
    switch values.kind {
    case hdf5_number where count == 1: return values.doubles()?.first.map { .number($0) }
    case hdf5_text: return values.texts().map { .texts($0) }
    default: return nil
    }
  }
}
