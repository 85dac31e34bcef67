import Foundation
import NumPy
import Readers
import SleepCore
import Synthesis

extension FuzzedFormat {
  /// NumPy's files as recordings, label files and images.
  static func arrays() throws -> [FuzzedFormat] {
    let words = [
      "'descr': ", "'fortran_order': True", "'shape': (", "<f4", ">f8", "|O", "<U3", "|S5", "|V8", "<c16", "|b1",
      "<M8[ns]", "(0, 9e18)",
      "(9223372036854775807, 2)", "(0, 4611686018427387904, 4)", "(1000000, 1, 1)", "(1, 1000000, 1)", "\u{93}NUMPY",
      "{", "(", "L,",
    ]
    func array(_ type: String, _ shape: [Int], _ bytes: Int, isColumnMajor: Bool = false) -> [UInt8] {
      Array(NpyHeader(descriptor: type, shape: shape, isColumnMajor: isColumnMajor).encoded())
        // Small numbers, which labels may be too.
        + (0..<bytes).map { UInt8($0 * 7 % 4) }
    }
    let stages = array("<U3", [6], 0) + "W  N1 N2 N3 REM?  ".unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] }
    return [
      FuzzedFormat(
        "npy",
        [
          "S1_1/ecg.npy": array("<f4", [6, 2, 30], 6 * 2 * 30 * 4), "S1_1/labels.npy": stages,
          "S1_1/heart-rate.npy": array(">i2", [6, 30], 6 * 30 * 2),
          "S1_1/spectrogram.npy": array("|u1", [6, 4, 5], 120),
          "S2_1/ecg.npy": array("<f8", [6, 2, 30], 6 * 2 * 30 * 8, isColumnMajor: true),
          "S2_1/labels.npy": array("|i1", [6], 6),
        ], words: words
      ) { try readAll(NpyReader.stages, in: $0) },
      FuzzedFormat(
        "npy-postures",
        ["S1/pressure-map.npy": array("<f2", [6, 8, 4], 6 * 8 * 4 * 2), "S1/labels.npy": array("<i8", [6], 48)],
        words: words
      ) { try readAll(NpyReader.postures, in: $0) },
      FuzzedFormat(
        "spectrograms",
        [
          "samples.npy": array("<f4", [6, 4, 5, 1], 6 * 20 * 4), "labels.npy": array("|u1", [6], 6),
          "subjects.npy": array("|S2", [6], 12),
        ], words: words
      ) { try readAll(SpectrogramReader(), in: $0) },
      FuzzedFormat(
        "labels-npy", ["n1.edf": Array(night(.edf).encode(samples(6))), "n1.npy": stages], damaged: ["n1.npy"],
        words: words
      ) { try readAll(FolderReader.edf, in: $0, labels: LabelRules(files: "{name}.npy")) },
    ]
  }
}
