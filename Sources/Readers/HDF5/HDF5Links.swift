import CHDF5

/// The links of one group, in order of their names.
struct HDF5Links {
  /// Names, and whether each leads to an object of the file itself.
  private(set) var list: [(name: String, isOwn: Bool)] = []
  /// Whether there are names that are none, or links that cannot be read.
  private(set) var isDamaged = false

  init(of group: hid_t, atMost limit: Int) {
    var collected = Collected(limit: limit)
    let result = withUnsafeMutablePointer(to: &collected) { collected in
      hdf5_links(
        group,
        { context, name, isOwn in
          guard let collected = context?.assumingMemoryBound(to: Collected.self), let name else { return -1 }
          return collected.pointee.add(name, isOwn: isOwn != 0) ? 0 : 1
        }, collected)
    }
    list = collected.list
    isDamaged = result < 0 || collected.isDamaged
  }

  private struct Collected {
    let limit: Int
    var list: [(name: String, isOwn: Bool)] = []
    var isDamaged = false

    /// - Returns: Whether there may be more.
    mutating func add(_ bytes: UnsafePointer<CChar>, isOwn: Bool) -> Bool {
      // A name that is a path would lead through other links.
      if let name = String(validatingCString: bytes), !name.isEmpty, name != ".", !name.contains("/") {
        list.append((name, isOwn))
      } else {
        isDamaged = true
      }
      return list.count < limit
    }
  }
}
