import Foundation
import Readers
import SleepCore
import Tensors

/// The weights of a model that Keras wrote as HDF5, `model.save('model.h5')`: `model_weights/<layer>/<layer>/kernel:0`.
///
/// Names are those of a layer and of its weight, `conv1d_1/kernel`; the whole path where two would be the same. Kernels are turned from Keras's
/// `[places, inputs, outputs]` to `[outputs, inputs, places]`.
struct KerasFile: WeightsFile {
  let path: String
  let format = "HDF5 of Keras"
  let shapes: [String: [Int]]
  private let file: HDF5Arrays
  private let entries: [String: Entry]

  /// One array: where in the file it is, and how its axes become PyTorch's.
  private struct Entry {
    let path: String
    let axes: [Int]
  }

  /// - Throws: ``Readers/ReadError``, ``WeightsError``.
  init(_ url: URL) throws {
    file = try HDF5Arrays(url)
    path = url.path
    let paths = file.shapes.keys.filter { !$0.hasPrefix("optimizer_weights/") && !$0.hasPrefix("optimizer/") }.sorted()
    guard !paths.contains(where: { $0.contains("/vars/") }) else {
      throw WeightsError(
        path, found: "weights of Keras 3 by numbers alone, as 'vars/0'",
        expected: "those of a whole model, by names: model.save('model.h5')")
    }
    guard !paths.isEmpty else {
      throw WeightsError(
        path, found: "no arrays", expected: "those of a model that Keras wrote: model.save('model.h5')")
    }
    let names = paths.map(Self.name)
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    var entries: [String: Entry] = [:]
    var shapes: [String: [Int]] = [:]
    for (path, name) in zip(paths, names) {
      let name = counts[name] == 1 ? name : path
      let shape = file.shapes[path] ?? []
      let axes = Self.axes(of: name, rank: shape.count)
      entries[name] = Entry(path: path, axes: axes)
      shapes[name] = axes.map { shape[$0] }
    }
    (self.entries, self.shapes) = (entries, shapes)
  }

  /// `conv1d_1/kernel` of `model_weights/part/conv1d_1/kernel:0`.
  private static func name(_ path: String) -> String {
    let parts = path.split(separator: "/").suffix(2).joined(separator: "/")
    return parts.hasSuffix(":0") ? String(parts.dropLast(2)) : parts
  }

  /// The axes in PyTorch's order: of a kernel its outputs, its inputs, then its places.
  private static func axes(of name: String, rank: Int) -> [Int] {
    let places = Array(0..<max(0, rank - 2))
    guard rank >= 2 else { return Array(0..<rank) }
    switch name.split(separator: "/").last {
    case "depthwise_kernel": return [rank - 2, rank - 1] + places
    case "kernel", "pointwise_kernel": return [rank - 1, rank - 2] + places
    default: return Array(0..<rank)
    }
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let entry = entries[name], let shape = file.shapes[entry.path] else {
      throw WeightsError(path, found: "no array '\(name.visibleLine)'", expected: "one")
    }
    let tensor = try Tensor(file.floats(of: entry.path), shape: shape)
    return entry.axes == Array(shape.indices) ? tensor : try tensor.permuted(entry.axes).contiguous()
  }
}
