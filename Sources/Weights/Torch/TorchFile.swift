import Files
import Foundation
import SleepCore
import Tensors

/// The weights of a file that `torch.save` wrote: a zip archive with a pickle, `data.pkl`, and a member a storage, `data/0`.
///
/// Follows ["torch.serialization"](https://docs.pytorch.org/docs/stable/notes/serialization.html). The pickle is read, and nothing in it is run.
struct TorchFile: WeightsFile {
  let path: String
  let format: String
  let shapes: [String: [Int]]
  private let archive: ZipArchive
  private let members: [String: ZipArchive.Member]
  private let tensors: [String: TorchTensor]
  /// What stands before the members' names.
  private let folder: String
  private let latest = Latest()

  /// The storage that was read last: tensors that share one come one after the other.
  private final class Latest {
    var key: String?
    var bytes: [UInt8] = []
  }

  private static let whole = "what torch.save wrote: copy it or save it again"

  /// - Throws: ``WeightsError``.
  init(_ url: URL) throws(WeightsError) {
    let path = url.path
    let archive = try reading { () throws(InputError) in try ZipArchive(url) }
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members where members.updateValue(member, forKey: member.name) != nil {
      throw WeightsError(path, found: "two members '\(member.name.visibleLine)'", expected: Self.whole)
    }
    let pickles = archive.members.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1 else { throw Self.stranger(path, archive) }
    folder = String(pickles[0].name.dropLast("data.pkl".count))
    if members[folder + "constants.pkl"] != nil {
      throw WeightsError(
        path, found: "a program of TorchScript",
        expected: "its weights: torch.save(torch.jit.load('model.pt').state_dict(), 'weights.pth')")
    }
    if let order = members[folder + "byteorder"] {
      let text = try reading { () throws(InputError) in try archive.bytes(of: order, atMost: 16) }
      guard text == Array("little".utf8) else {
        throw WeightsError(
          path, found: "numbers of another byte order than little endian", expected: "little: save it on such a machine"
        )
      }
    }
    let bytes = try reading { () throws(InputError) in
      try archive.bytes(of: pickles[0], atMost: PickleReader.mostBytes)
    }
    let state = try StateDictionary(PickleReader(bytes, path: path), path: path)
    tensors = Dictionary(state.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    shapes = tensors.mapValues(\.shape)
    format = "a state dictionary of PyTorch" + (state.key.map { ", under '\($0)'" } ?? "")
    (self.path, self.archive, self.members) = (path, archive, members)
  }

  /// A zip file that is none of PyTorch's.
  private static func stranger(_ path: String, _ archive: ZipArchive) -> WeightsError {
    let names = archive.members.map(\.name)
    if names.contains("model.weights.h5") {
      return WeightsError(
        path, found: "Keras's format of version 3", expected: "HDF5: keras.models.load_model(...).save('model.h5')")
    }
    return WeightsError(
      path, found: names.isEmpty ? "an empty zip file" : "a zip file of \(listed(names))",
      expected: "one data.pkl, as torch.save writes it: torch.save(model.state_dict(), 'weights.pth')")
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let tensor = tensors[name] else { throw WeightsError(path, found: "no tensor '\(name)'", expected: "one") }
    guard tensor.count <= InputFile.memory / tensor.type.size else {
      throw WeightsError(
        path, found: "'\(name.visibleLine)' of \(tensor.count) numbers, which the memory of this machine does not hold",
        expected: "a tensor that it holds")
    }
    return try tensor.bytes(of: storage(tensor.storage)).withUnsafeBytes {
      try Tensor(bytes: $0, shape: tensor.shape, dtype: tensor.type)
    }
  }

  private func storage(_ storage: TorchStorage) throws(WeightsError) -> [UInt8] {
    if latest.key == storage.key, latest.bytes.count == storage.byteCount { return latest.bytes }
    let name = "\(folder)data/\(storage.key)"
    guard let member = members[name] else {
      throw WeightsError(path, found: "no member '\(name.visibleLine)'", expected: Self.whole)
    }
    guard let wanted = storage.byteCount, member.size == wanted else {
      throw WeightsError(
        path, found: "\(member.size) bytes in the member '\(name.visibleLine)'",
        expected: "\(storage.count) elements of \(storage.type?.size ?? 1) bytes")
    }
    let bytes = try reading { () throws(InputError) in try archive.bytes(of: member, atMost: wanted) }
    (latest.key, latest.bytes) = (storage.key, bytes)
    return bytes
  }
}
