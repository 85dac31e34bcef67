import Files
public import Foundation
public import Tensors

/// Named arrays that some program wrote, in PyTorch's layout: kernels are `[outputs, inputs, …]`.
///
/// A new format is one file with such a type, and one line of ``WeightsFormat``.
public protocol WeightsFile {
  var path: String { get }
  /// In words: `a state dictionary of PyTorch`.
  var format: String { get }
  /// Each array's shape, by its name.
  var shapes: [String: [Int]] { get }

  /// One array, in the file's own type.
  ///
  /// - Precondition: The file has it.
  /// - Throws: ``WeightsError`` where its values are damaged.
  func tensor(_ name: String) throws -> Tensor
}

/// The formats that are read, told apart by their first bytes, whatever a file is called.
public enum WeightsFormat {
  /// - Throws: ``WeightsError``, ``Tensors/SafetensorsError`` or ``Readers/ReadError`` where it is none of them, or damaged.
  public static func open(_ url: URL) throws -> any WeightsFile {
    let file = try reading { () throws(InputError) in try InputFile(url) }
    let beginning = try reading { () throws(InputError) in try file.bytes(0..<min(file.size, 16)) }
    if beginning.starts(with: [0x50, 0x4b, 0x03, 0x04]) { return try TorchFile(url) }
    if beginning.starts(with: [0x89, 0x48, 0x44, 0x46]) { return try KerasFile(url) }
    if beginning.count > 8, beginning[8] == UInt8(ascii: "{") { return try SafetensorsWeights(url) }
    if beginning.starts(with: [0x80, 0x02, 0x8a, 0x0a]) {
      throw WeightsError(
        url.path, found: "PyTorch's format of before version 1.6",
        expected: "that of today: load it in PyTorch, and torch.save what was loaded")
    }
    if beginning.first == 0x80 {
      throw WeightsError(
        url.path, found: "a pickle by itself",
        expected: "a state dictionary: torch.save(model.state_dict(), 'weights.pth')")
    }
    throw WeightsError(
      url.path, found: "a file that begins as none that is read",
      expected: "safetensors, a state dictionary that torch.save wrote (.pth, .pt), or Keras's HDF5 (.h5)")
  }
}

/// Weights as safetensors.
struct SafetensorsWeights: WeightsFile {
  let path: String
  let format = "safetensors"
  let shapes: [String: [Int]]
  private let file: SafetensorsFile

  /// - Throws: ``Tensors/SafetensorsError``.
  init(_ url: URL) throws {
    file = try SafetensorsFile(url)
    path = file.path
    shapes = file.entries.mapValues(\.shape)
  }

  func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }
}
