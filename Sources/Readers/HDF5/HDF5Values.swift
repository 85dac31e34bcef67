import CHDF5

/// Values out of an attribute or dataset, which are read in the same way.
struct HDF5Values {
  let type: hid_t
  let space: hid_t
  /// Elements.
  let count: Int
  /// Fills a buffer with all elements in a type of memory; negative where that fails.
  let read: (_ type: hid_t, _ buffer: UnsafeMutableRawPointer) -> herr_t

  /// The most bytes of texts of fixed length.
  private static let mostTextBytes = 64 << 20

  var kind: hdf5_kind { hdf5_kind(UInt32(hdf5_kind(type))) }

  /// - Returns: `nil` where they cannot be read.
  func floats() -> [Float]? { numbers(hdf5_float()) }
  /// - Returns: `nil` where they cannot be read.
  func doubles() -> [Double]? { numbers(hdf5_double()) }

  private func numbers<Number>(_ memory: hid_t) -> [Number]? {
    var isRead = false
    let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress, read(memory, base) >= 0 else { return }
      isRead = true
      initialized = count
    }
    return isRead ? numbers : nil
  }

  /// Texts of fixed or any length.
  ///
  /// - Returns: `nil` where they cannot be read.
  func texts() -> [String]? {
    let memory = hdf5_text_type(type)
    guard memory >= 0 else { return nil }
    defer { H5Tclose(memory) }
    return H5Tis_variable_str(type) > 0 ? variableTexts(memory) : fixedTexts(memory)
  }

  private func variableTexts(_ memory: hid_t) -> [String]? {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    return pointers.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, read(memory, base) >= 0 else { return nil }
      defer { H5Dvlen_reclaim(memory, space, 0, base) }
      return bytes.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map { $0.map { String(cString: $0) } ?? "" }
    }
  }

  private func fixedTexts(_ memory: hid_t) -> [String]? {
    let size = H5Tget_size(memory)
    guard size > 0, size <= Self.mostTextBytes / max(count, 1) else { return nil }
    var bytes = [UInt8](repeating: 0, count: size * count)
    guard bytes.withUnsafeMutableBytes({ $0.baseAddress.map { read(memory, $0) } ?? -1 }) >= 0 else { return nil }
    return (0..<count).map { index in
      String(decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
