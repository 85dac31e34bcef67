import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// The fixtures' samples, as their generator has them.
func wave(_ channel: Int, _ count: Int, times factor: Float = 1) -> [Float] {
  (0..<count).map { Float((3 + channel) * $0 % 251 - 125) / 4 * factor }
}

@Suite("Files of arrays")
struct ArrayFileTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/arrays")

  /// A channel's name, unit, rate and samples.
  private struct Expected {
    let (name, unit, rate): (String, String, Double)
    let samples: [Float]
    init(_ name: String, _ unit: String, _ rate: Double, _ samples: [Float]) {
      (self.name, self.unit, self.rate, self.samples) = (name, unit, rate, samples)
    }
  }

  private func contents(_ name: String, _ rules: SignalRules = SignalRules()) throws -> SignalFileContents {
    let url = Self.folder.appendingPathComponent(name)
    return try #require(SignalFormat.named(by: url)).contents(of: url, rules: rules)
  }

  private func expect(_ contents: SignalFileContents, _ expected: [Expected]) {
    #expect(contents.channels.map(\.channel.name) == expected.map(\.name))
    for (found, wanted) in zip(contents.channels, expected) {
      #expect(found.channel.unit == wanted.unit, "\(wanted.name)")
      #expect(found.sampleRateHz == wanted.rate, "\(wanted.name)")
      #expect(found.stretches.count == 1 && found.stretches[0].samples == wanted.samples, "\(wanted.name)")
      #expect(found.stretches[0].timing == .regular(startSeconds: 0, sampleRateHz: wanted.rate), "\(wanted.name)")
    }
  }

  @Test("An archive's arrays are channels of any type and order; rate, unit and start stand beside them")
  func several() throws {
    let night = try contents("several.npz")
    let rate = 100.5
    expect(
      night,
      (0..<2).map { Expected("eeg \($0 + 1)", "uV", rate, wave($0, 600)) }
        + (0..<3).map { Expected("wide \($0 + 1)", "uV", rate, wave($0, 600)) }
        + [Expected("ecg", "uV", rate, wave(5, 1200, times: 4))]
        + (0..<2).map { Expected("half \($0 + 1)", "uV", rate, wave($0, 600)) }
        + [Expected("row", "uV", rate, wave(7, 600))])
    #expect(night.start == LocalTime("2026-01-31 22:30:00"))
    #expect(night.seconds == 1200 / rate)
    #expect(
      night.warnings == [
        "several.npz: axes are told by their lengths: 'eeg' of [2, 600] as [channels, samples], 'wide' of [600, 3] as [samples, channels], 'half' of [2, 600] as [channels, samples]; 'axes' in the card says otherwise",
        "several.npz: passed over: 'notes' (Python objects), 'words' (texts), 'empty' (no elements), 'phase' (type '<c8'), 'volume' (of shape [2, 2, 2, 2], which axes in the card may explain), 'many' (of shape [300, 400], which axes in the card may explain)",
      ])
  }

  @Test(
    "Windows of the archives that sleep stagers are trained on are joined to one signal, which is called as they say")
  func windows() throws {
    let deep = try contents("deep.npz")
    let wanted = [Expected("EEG Fpz-Cz", "", 10, wave(0, 1200)), Expected("y", "", 10, [0, 1, 4, 2])]
    expect(deep, wanted)
    #expect(
      deep.warnings == [
        "deep.npz: axes are told by their lengths: 'x' of [4, 300, 1] as [windows, samples, channels]; 'axes' in the card says otherwise",
        "deep.npz: passed over: 'header_raw' (Python objects), 'header_annotation' (Python objects)",
      ])
    let rules = SignalRules(unit: "uV", axes: [.windows, .samples])
    let tiny = try contents("tiny.npz", rules)
    expect(tiny, wanted.map { Expected($0.name, "uV", $0.rate, $0.samples) })
    #expect(tiny.warnings == ["tiny.npz: passed over: 'start_datetime' (Python objects)"])
    #expect(try contents("tiny.npz").channels.count == 5)
  }

  @Test("Names of channels are those that stand beside the array")
  func names() throws {
    let night = try contents("montage.npz")
    expect(night, ["C3", "C4", "EOG1"].enumerated().map { Expected($1, "", 50, wave($0, 400)) })
  }

  @Test("A rate that nobody says is the card's; a file's own counts, and both are told")
  func cardRate() throws {
    let rules = SignalRules(sampleRateHz: 20)
    expect(
      try contents("silent.npz", rules), [Expected("a", "", 20, wave(0, 300)), Expected("b", "", 20, wave(1, 300))])
    let own = try contents("montage.npz", rules)
    #expect(own.channels.map(\.sampleRateHz) == [50, 50, 50])
    #expect(own.warnings.contains("montage.npz: its own sampling rates count, not the 20 of the card: 'data' (50)"))
  }

  @Test("A night of the Dreem Open Datasets has the rates and units of its description")
  func dreem() throws {
    let night = try contents("dreem.h5")
    expect(
      night,
      ["eeg/C3_M2", "eeg/F3_F4", "emg/ECG", "eog/EOG1"].enumerated().map { index, path in
        Expected("signals/\(path)", "uV", index < 3 ? 250 : 125, wave(index, 1500))
      })
    #expect(night.start == LocalTime("2026-01-31 22:30:00") && night.seconds == 12)
    #expect(
      night.warnings == [
        "dreem.h5: no sampling rate is told for 'hypnogram', which is left out",
        "dreem.h5: its start is told as a count since 1970 and read as 2026-01-31 22:30:00, the clock's reading in UTC",
      ])
  }

  @Test("Rates and units are those of the nearest attribute; chunks, filters, widths and byte orders play no part")
  func rates() throws {
    let night = try contents("rates.h5")
    expect(
      night,
      [
        Expected("channels/C3-M2", "", 128, wave(0, 1280)),
        Expected("channels/big", "", 128, wave(2, 1280, times: 4)), Expected("channels/half", "", 128, wave(1, 1280)),
        Expected("compact", "", 128, wave(6, 128)),
        Expected("slow/pulse", "bpm", 1, wave(4, 10, times: 4).map { $0 < 0 ? $0 + 256 : $0 }),
      ] + (0..<3).map { Expected(["x", "y", "z"][$0], "g", 4, wave($0, 40)) })
    #expect(night.start == LocalTime("2026-01-31 22:30:00") && night.seconds == 10)
    let newest = try contents("newest.h5")
    expect(
      newest,
      ([0, 1, 10, 11] + (2...9)).map { Expected("night/channel\($0)", "", 50, wave($0, 100)) }
        + [Expected("night/grown", "", 50, wave(12, 100, times: 4))])
  }

  @Test("Variables of MATLAB are channels, those of structures too, in the order of axes that MATLAB shows")
  func matlab() throws {
    let night = try contents("seven.mat")
    expect(
      night,
      (0..<2).map { Expected("data \($0 + 1)", "uV", 100, wave($0, 300)) }
        + [
          Expected("ecg", "uV", 100, wave(4, 600)), Expected("labels", "uV", 100, [0, 2, 5]),
          Expected("nested/trace", "mV", 25, wave(5, 50)),
        ])
    #expect(
      night.warnings.contains(
        "seven.mat: axes are told by their lengths: 'data' of [2, 300] as [channels, samples]; 'axes' in the card says otherwise"
      ))
    let said = try contents("seven.mat", SignalRules(axes: [.channels, .samples]))
    #expect(said.channels.prefix(2).map(\.stretches[0].samples) == [wave(0, 300), wave(1, 300)])
  }

  @Test(
    "MATLAB files of version 5 hold the same, compressed or not, in either order of bytes",
    arguments: ["five.mat", "five-plain.mat", "five-big.mat"])
  func older(name: String) throws {
    let night = try contents(name)
    expect(
      night,
      (0..<2).map { Expected("data \($0 + 1)", "uV", 100, wave($0, 300)) } + [
        Expected("ecg", "uV", 100, wave(4, 600)),
        Expected("small", "uV", 100, (0..<300).map { Float($0 % 200) }),
        Expected("large", "uV", 100, wave(2, 300, times: 4)), Expected("short", "uV", 100, wave(3, 300, times: 4)),
        Expected("unsigned", "uV", 100, (0..<300).map { Float($0 * 200) }),
        Expected("labels", "uV", 100, [0, 2, 5]), Expected("nested/trace", "mV", 25, wave(5, 50)),
        Expected("nested/inner/deep", "mV", 25, wave(6, 50)),
      ])
    #expect(night.start == LocalTime("2026-01-31 22:30:00"))
    #expect(
      night.warnings == [
        "\(name): axes are told by their lengths: 'data' of [2, 300] as [channels, samples]; 'axes' in the card says otherwise",
        "\(name): passed over: 'name' (texts), 'phase' (complex numbers), 'sparse' (a sparse matrix), 'nothing' (no elements), "
          + "'mixed' (cells that are no texts), 'people' (a list of structures) and 3 more",
      ])
    let said = try contents(name, SignalRules(axes: [.channels, .samples]))
    #expect(said.channels.prefix(2).map(\.stretches[0].samples) == [wave(0, 300), wave(1, 300)])
  }

  @Test("What is no signal of an HDF5 file's own is passed over, and told; neither cycles nor other files are entered")
  func odd() throws {
    let night = try contents("odd.h5")
    expect(night, [Expected("again", "", 100, wave(0, 500))])
    #expect(
      night.warnings == [
        "odd.h5: passed over: 'claimed' (more values than the file can hold), 'complex' (elements that are no numbers), 'd/d/d/d/d/d/d/d/d/d/d/d/…' (groups in groups in groups), 'elsewhere' (a link, which is not followed), 'fast' (compressed by filter 32000, lzf, which is not read; gzip is), 'flags' (elements that are no numbers) and 7 more"
      ])
  }
}
