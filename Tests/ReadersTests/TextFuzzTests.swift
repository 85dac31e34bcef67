import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Damaged bytes")
struct TextFuzzTests {
  private static let rows = (0..<40).map { "\($0 * 5),\(60 + $0 % 7).\($0)\r\n" }.joined()
  private static let files: [(reader: any DatasetReader, files: [String: Data])] = [
    (
      SleepAccelReader(),
      [
        "labels/7_labeled_sleep.txt": Data((0..<40).map { "\($0 * 30) \($0 % 7 - 1)\n" }.joined().utf8),
        "heart_rate/7_heartrate.txt": Data(rows.utf8),
        "activity_counts/7_activity_counts.csv": Data([0xff, 0xfe] + rows.utf16.flatMap { [UInt8($0), 0] }),
      ]
    ),
    (SlpdbRRReader(), ["slp01a.csv": Data("epoch_start_s,stage,rr_s\n0,W,0.8 0.9\n30,2,1 1\n60,R,1.1\n".utf8)]),
    (
      PMDReader(),
      [
        "experiment-ii/S1/Air_Mat/Matrix_Air_B1.txt": Data(
          String(repeating: String(repeating: "44 ", count: 27) + "\r\n", count: 64).utf8)
      ]
    ),
    (
      NpyReader.stages,
      [
        "a/ecg.npy": NpyHeader(descriptor: "<f4", shape: [2, 4]).encoded() + Data(count: 32),
        "a/labels.npy": NpyHeader(descriptor: "<U3", shape: [2]).encoded() + Data(count: 24),
      ]
    ),
  ]

  @Test("Flipped, cut and repeated bytes are read or refused, and never end the program", arguments: 0..<4)
  func flipped(_ index: Int) throws {
    var random = RandomSource(seed: UInt64(index))
    let (reader, files) = Self.files[index]
    let names = files.keys.sorted()
    var refused = 0
    try withTemporaryFolder { folder in
      for (name, data) in files { try write(data, to: folder.appendingPathComponent(name)) }
      for _ in 0..<120 {
        let name = names[Int.random(in: 0..<names.count, using: &random)]
        var bytes = Array(files[name] ?? Data())
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 2: bytes.insert(bytes[place], at: place)
          default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
          }
        }
        let url = folder.appendingPathComponent(name)
        try write(Data(bytes), to: url)
        do {
          _ = try readAll(reader, in: folder)
        } catch {
          #expect(error is ReadError)
          refused += 1
        }
        try write(files[name] ?? Data(), to: url)
      }
    }
    #expect(refused > 0)
  }
}
