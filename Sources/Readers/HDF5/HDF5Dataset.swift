import CHDF5

/// A dataset that is open: its shape, and why it cannot be read, where it cannot.
struct HDF5Dataset {
  let shape: [Int]
  let kind: hdf5_kind
  /// `nil` where it can be read.
  let problem: String?
  private let dataset: hid_t

  /// Deflate makes at most 1032 bytes of one; what claims more is nothing, however it is compressed.
  private static let mostExpansion = 1032
  /// Chunks are read whole: of no more bytes, and of no more than their dataset can hold.
  private static let (mostChunkBytes, anyChunkBytes) = (1 << 30, 1 << 20)
  private static let mostElements = 1 << 40

  /// Nothing of its values is read, and no other file opened.
  init(_ dataset: hid_t, fileSize: Int) {
    self.dataset = dataset
    let creation = H5Dget_create_plist(dataset)
    let type = H5Dget_type(dataset)
    defer {
      if creation >= 0 { H5Pclose(creation) }
      if type >= 0 { H5Tclose(type) }
    }
    guard creation >= 0, type >= 0 else {
      (shape, kind, problem) = ([], hdf5_unread, "damaged")
      return
    }
    // Before anything else is asked, since the shape of a virtual dataset is asked of other files.
    guard hdf5_is_own(creation) > 0 else {
      (shape, kind, problem) = ([], hdf5_unread, "values of another file")
      return
    }
    guard let shape = Self.shape(dataset) else {
      (self.shape, kind, problem) = ([], hdf5_unread, "no elements")
      return
    }
    self.shape = shape
    kind = hdf5_kind(UInt32(hdf5_kind(type)))
    problem = Self.problem(dataset, creation, type, kind, shape, fileSize)
  }

  /// `nil` where it has no elements, or more than there can be.
  private static func shape(_ dataset: hid_t) -> [Int]? {
    let space = H5Dget_space(dataset)
    guard space >= 0 else { return nil }
    defer { H5Sclose(space) }
    let rank = Int(H5Sget_simple_extent_ndims(space))
    guard H5Sget_simple_extent_type(space) != H5S_NULL, (0...Int(H5S_MAX_RANK)).contains(rank) else { return nil }
    var sides = [hsize_t](repeating: 0, count: max(rank, 1))
    guard rank == 0 || H5Sget_simple_extent_dims(space, &sides, nil) == rank else { return nil }
    let shape = sides.prefix(rank).map { Int(clamping: $0) }
    let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max : $0 * $1 }
    return (1...mostElements).contains(count) ? shape : nil
  }

  private static func problem(
    _ dataset: hid_t, _ creation: hid_t, _ type: hid_t, _ kind: hdf5_kind, _ shape: [Int], _ fileSize: Int
  ) -> String? {
    guard kind != hdf5_unread else { return "elements that are no numbers" }
    var name = [CChar](repeating: 0, count: 64)
    let filter = hdf5_missing_filter(creation, &name, name.count)
    guard filter == 0 else {
      let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return
        "compressed by filter \(filter)\(text.isEmpty ? "" : ", \(printable(text.utf8))"), which is not read; gzip is"
    }
    let size = Int(clamping: H5Tget_size(type))
    let stored = Int(clamping: H5Dget_storage_size(dataset))
    guard stored > 0, stored <= fileSize else { return stored == 0 ? "no values in the file" : "damaged" }
    let (bytes, overflow) = shape.reduce(1, *).multipliedReportingOverflow(by: size)
    guard size > 0, !overflow, bytes / mostExpansion <= stored else { return "more values than the file can hold" }
    let chunk = Int(clamping: hdf5_chunk(creation))
    let room = min(
      mostChunkBytes, max(anyChunkBytes, stored.multipliedReportingOverflow(by: mostExpansion).partialValue))
    guard chunk > 0, chunk <= room / size else { return "chunks that are larger than it" }
    return nil
  }

  var count: Int { shape.reduce(1, *) }

  /// Hands its values on, to be read.
  func reading<Result>(_ body: (HDF5Values) -> Result?) -> Result? {
    guard problem == nil else { return nil }
    let (type, space) = (H5Dget_type(dataset), H5Dget_space(dataset))
    defer {
      if type >= 0 { H5Tclose(type) }
      if space >= 0 { H5Sclose(space) }
    }
    guard type >= 0, space >= 0, Int(H5Sget_simple_extent_npoints(space)) == count else { return nil }
    // Texts of any length may all be one that stands in the file once.
    if H5Tis_variable_str(type) > 0 {
      var bytes: hsize_t = 0
      guard H5Dvlen_get_buf_size(dataset, type, space, &bytes) >= 0, bytes <= Self.mostChunkBytes else { return nil }
    }
    return body(HDF5Values(type: type, space: space, count: count) { H5Dread(dataset, $0, 0, 0, 0, $1) })
  }
}
