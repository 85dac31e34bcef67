import Tensors

/// The numbers that one or several tensors are cut from: a member of the archive.
struct TorchStorage: Equatable {
  /// The member's name below `data/`.
  let key: String
  /// `nil` where only bytes are known.
  let type: DType?
  /// How many elements there are, of bytes where the type is not known.
  let count: Int

  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type?.size ?? 1)
    return overflow ? nil : bytes
  }
}

/// A tensor's place in a storage. Tensors may share one, overlap, and lie in any order of axes.
struct TorchTensor: Equatable {
  let storage: TorchStorage
  let type: DType
  /// Elements before its first one.
  let offset: Int
  let shape: [Int]
  /// Elements from one place to the next, of each axis.
  let strides: [Int]

  /// How many elements it has.
  let count: Int

  /// - Returns: `nil` where it reaches beyond the storage, or is no place at all.
  init?(_ storage: TorchStorage, _ type: DType, offset: Int, shape: [Int], strides: [Int]) {
    guard let bytes = storage.byteCount, offset >= 0, shape.count == strides.count,
      shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    var (count, last) = (1, offset)
    for (side, stride) in zip(shape, strides) {
      let (product, isTooMany) = count.multipliedReportingOverflow(by: side)
      let (reach, isTooFar) = max(0, side - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = last.addingReportingOverflow(reach)
      guard !isTooMany, !isTooFar, !overflow else { return nil }
      (count, last) = (product, sum)
    }
    guard count == 0 ? offset <= bytes / type.size : last < bytes / type.size else { return nil }
    (self.storage, self.type, self.offset) = (storage, type, offset)
    (self.shape, self.strides, self.count) = (shape, strides, count)
  }

  /// Its elements' bytes, row-major.
  ///
  /// - Parameter bytes: All of the storage.
  func bytes(of bytes: [UInt8]) -> [UInt8] {
    let size = type.size
    guard count > 0 else { return [] }
    if isContiguous { return Array(bytes[offset * size..<(offset + count) * size]) }
    var result: [UInt8] = []
    result.reserveCapacity(count * size)
    var place = [Int](repeating: 0, count: shape.count)
    var at = offset
    for _ in 0..<count {
      result += bytes[at * size..<(at + 1) * size]
      for axis in shape.indices.reversed() {
        place[axis] += 1
        at += strides[axis]
        if place[axis] < shape[axis] { break }
        at -= place[axis] * strides[axis]
        place[axis] = 0
      }
    }
    return result
  }

  private var isContiguous: Bool {
    var wanted = 1
    for (side, stride) in zip(shape, strides).reversed() where side > 1 {
      guard stride == wanted else { return false }
      wanted *= side
    }
    return true
  }
}
