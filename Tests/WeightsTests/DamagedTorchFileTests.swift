import Files
import Foundation
import SleepCore
import TestSupport
import Testing
import Weights

@Suite("Damaged and hostile pickles")
struct DamagedTorchFileTests {
  private let fixture = Fixture("weights")

  /// Opens an archive with a pickle, and reads all that it says it has.
  private func read(_ pickle: [UInt8], storages: [String: [UInt8]] = [:], in folder: URL) throws {
    let url = folder.appendingPathComponent("weights.pth")
    try TestArchive(pickle: pickle, storages: storages).write(to: url)
    let file = try WeightsFormat.open(url)
    for name in file.shapes.keys { _ = try file.tensor(name) }
  }

  private func problem(_ pickle: [UInt8], storages: [String: [UInt8]] = ["0": [UInt8](repeating: 0, count: 40)]) throws
    -> String?
  {
    try withTemporaryFolder { folder in
      let error = #expect(throws: WeightsError.self) { try read(pickle, storages: storages, in: folder) }
      return error.map { words(of: $0).replacingOccurrences(of: folder.path + "/", with: "") }
    }
  }

  /// The pickle and the storages of a file that PyTorch wrote.
  private func members() throws -> (pickle: [UInt8], storages: [String: [UInt8]]) {
    let archive = try ZipArchive(fixture.url("kinds.pth"))
    var (pickle, storages): ([UInt8], [String: [UInt8]]) = ([], [:])
    for member in archive.members {
      let name = member.name.split(separator: "/").map(String.init)
      if name.last == "data.pkl" { pickle = try archive.bytes(of: member) }
      if name.count == 3, name[1] == "data" { storages[name[2]] = try archive.bytes(of: member) }
    }
    return (pickle, storages)
  }

  @Test("A pickle that is whole is read from an archive of our own, so that what follows is of pickles")
  func whole() throws {
    let (pickle, storages) = try members()
    try withTemporaryFolder { try read(pickle, storages: storages, in: $0) }
    try withTemporaryFolder { folder in
      try read(
        Pickle.state(Pickle.tensor(storage: 10, offset: 1, [3, 3], strides: [3, 1])),
        storages: ["0": [UInt8](repeating: 0, count: 40)], in: folder)
    }
  }

  @Test("One that is cut short anywhere is an error")
  func truncated() throws {
    let (pickle, storages) = try members()
    try withTemporaryFolder { folder in
      for count in 0..<pickle.count {
        #expect(throws: WeightsError.self, "cut at \(count)") {
          try read(Array(pickle[..<count]), storages: storages, in: folder)
        }
      }
    }
  }

  @Test("Every byte changed in two ways is an error or is read, and nothing ends the program")
  func flipped() throws {
    let (pickle, storages) = try members()
    var random = RandomSource(seed: 1, for: "bytes")
    try withTemporaryFolder { folder in
      var errors = 0
      for place in pickle.indices {
        for change: UInt8 in [1 << UInt8.random(in: 0..<8, using: &random), UInt8.random(in: 1...255, using: &random)] {
          var bytes = pickle
          bytes[place] ^= change
          do { try read(bytes, storages: storages, in: folder) } catch is WeightsError { errors += 1 }
        }
      }
      #expect(errors > pickle.count)
    }
  }

  @Test("An archive of which a byte was changed or that was cut is an error or is read")
  func archive() throws {
    let whole = try Array(Data(contentsOf: fixture.url("kinds.pth")))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("weights.pth")
      for place in stride(from: 0, to: whole.count, by: 9) {
        var bytes = whole
        bytes[place] ^= 0x81
        for bytes in [bytes, Array(whole[..<place])] {
          try Data(bytes).write(to: url)
          do {
            let file = try WeightsFormat.open(url)
            for name in file.shapes.keys { _ = try file.tensor(name) }
          } catch is WeightsError {
          } catch {
            // A first byte that is another leads to another reader.
            #expect(place < 16, "\(error)")
          }
        }
      }
    }
  }

  @Test("A name that a state dictionary does not need is refused by it, and what it would have done is not done")
  func hostile() throws {
    try withTemporaryFolder { folder in
      let mark = folder.appendingPathComponent("mark")
      let command = Pickle.text("touch \(mark.path)")
      let calls: [(String, [UInt8])] = [
        ("os.system", Pickle.name("os", "system") + command + [0x85] + Pickle.reduce),
        ("posix.system", Pickle.name("posix", "system") + command + [0x85] + Pickle.reduce),
        ("builtins.eval", Pickle.text("builtins") + Pickle.text("eval") + [0x93] + command + [0x85] + Pickle.reduce),
        ("builtins.getattr", Pickle.name("builtins", "getattr")),
        ("torch.load", Pickle.name("torch", "load")),
        ("os.system", Pickle.mark + command + Array("ios\nsystem\n".utf8)),
        ("torch._utils._rebuild_tensor_v2.__globals__", Pickle.name("torch._utils", "_rebuild_tensor_v2.__globals__")),
      ]
      for (name, bytes) in calls {
        let text = try problem(Pickle.begin + bytes + Pickle.stop)
        #expect(
          text
            == "weights.pth: found '\(name)' in its pickle, which is not run, expected tensors, texts and numbers alone: save the weights by themselves with torch.save(model.state_dict(), 'weights.pth')"
        )
      }
      #expect(!FileManager.default.fileExists(atPath: mark.path))
    }
  }

  @Test(
    "Tensors that do not lie in their storage are refused with where they would",
    arguments: [
      ([3, 4], [4, 1], 0, 10), ([11], [1], 0, 10), ([1 << 40], [1], 0, 10), ([1 << 40, 1 << 40], [0, 0], 0, 10),
      ([2, 2], [Int.max, 1], 0, 10), ([1], [1], 10, 10), ([1], [1], -1, 10), ([-1], [1], 0, 10), ([2], [-1], 3, 10),
      ([2], [1, 1], 0, 10), ([2], [1], 0, Int.max),
    ] as [([Int], [Int], Int, Int)])
  func outside(shape: [Int], strides: [Int], offset: Int, count: Int) throws {
    let text = try problem(Pickle.state(Pickle.tensor(storage: count, offset: offset, shape, strides: strides)))
    if count == .max, let text {
      #expect(
        text.hasPrefix("weights.pth: found a tensor of [2] in steps of [1] from place 0 of a storage of"), "\(text)")
      return
    }
    let start =
      "weights.pth: found a tensor of \(shape) in steps of \(strides) from place \(offset) of a storage of \(count) at byte "
    #expect(
      text?.hasPrefix(start) == true && text?.hasSuffix("of its pickle, expected one that lies in its storage") == true,
      "\(text ?? "")")
  }

  @Test("A tensor of more numbers than memory holds is refused before anything is read, however small its storage")
  func huge() throws {
    let text = try problem(Pickle.state(Pickle.tensor(storage: 10, [1 << 40, 4], strides: [0, 1])))
    #expect(
      text
        == "weights.pth: found 'weight' of \(1 << 42) numbers, which the memory of this machine does not hold, expected a tensor that it holds"
    )
  }

  @Test("A storage that is not there, or of another length, is refused by its member")
  func storages() throws {
    let pickle = Pickle.state(Pickle.tensor(storage: 10, [10], strides: [1]))
    #expect(
      try problem(pickle, storages: [:])
        == "weights.pth: found no member 'weights/data/0', expected what torch.save wrote: copy it or save it again")
    #expect(
      try problem(pickle, storages: ["0": [1, 2, 3]])
        == "weights.pth: found 3 bytes in the member 'weights/data/0', expected 10 elements of 4 bytes")
    let elsewhere = Pickle.state(Pickle.tensor(storage: 10, [10], strides: [1], key: "../../../etc/passwd"))
    #expect(
      try problem(elsewhere)
        == "weights.pth: found no member 'weights/data/../../../etc/passwd', expected what torch.save wrote: copy it or save it again"
    )
  }

  @Test("What is nested a million deep, holds itself, or asks for what was never kept ends in an error")
  func nested() throws {
    let deep = [UInt8](repeating: 0x29, count: 1) + [UInt8](repeating: 0x85, count: 1_000_000)
    #expect(
      try problem(Pickle.begin + deep + Pickle.stop)
        == "weights.pth: found a tuple, expected a dictionary of tensors, or one under 'model_state_dict', 'state_dict', 'model', 'net', 'network', 'weights': torch.save(model.state_dict(), 'weights.pth')"
    )
    // A list that is its own only item, and a dictionary likewise.
    let loop: [UInt8] = [0x5d, 0x71, 0, 0x68, 0, 0x61]
    #expect(try problem(Pickle.begin + loop + Pickle.stop)?.contains("found a list, expected") == true)
    let ring = Pickle.emptyDictionary + [0x71, 0] + Pickle.text("model") + [0x68, 0] + Pickle.setItem
    #expect(
      try problem(Pickle.begin + ring + Pickle.stop)?.contains("found a dictionary of 'model', and no tensors") == true)
    #expect(
      try problem(Pickle.begin + [0x68, 9] + Pickle.stop)
        == "weights.pth: found value 9, which was never kept at byte 4 of its pickle, expected one that was")
    // Lists of lists of lists, each ten times in the next: as many values as instructions, not ten to the power of them.
    var bomb: [UInt8] = [0x5d, 0x71, 0]
    for level: UInt8 in 1...60 {
      bomb += [0x5d, 0x71, level] + Pickle.mark
      for _ in 0..<10 { bomb += [0x68, level - 1] }
      bomb.append(0x65)
    }
    #expect(try problem(Pickle.begin + bomb + Pickle.stop)?.contains("61 values at its end") == true)
  }

  @Test("Instructions that torch.save does not write are refused by their number")
  func instructions() throws {
    #expect(
      try problem(Pickle.begin + Array("S'text'\n".utf8) + Pickle.stop)
        == "weights.pth: found instruction 0x53 at byte 2 of its pickle, expected those that torch.save writes: save it again with torch.save(model.state_dict(), 'weights.pth')"
    )
    #expect(try problem([0x80, 9]) == "weights.pth: found protocol 9 at byte 2 of its pickle, expected 2 to 5")
    #expect(
      try problem(Pickle.begin + Pickle.text("x") + Pickle.emptyTuple + Pickle.reduce + Pickle.stop)
        == "weights.pth: found a call of a text at byte 10 of its pickle, expected that of a class or function")
  }
}
