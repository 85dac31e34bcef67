import Layers
public import SleepCore
import Tensors

/// Strided convolutions over samples.
public struct SignalStem: Stem {
  public struct Options: Settings {
    /// Output channels of each convolution; each but the first halves the samples, where there are any left.
    public var channels: [Int] = [32, 64, 64]
    public var kernel: Int = 7
    /// How many samples the first convolution steps by.
    public var stride: Int = 1
    /// Tokens that a window's samples are averaged to; fewer where there are fewer samples.
    public var tokens: Int = 4

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .channels: .whole(1...65_536).list(1...64),
        .kernel: .whole(1...9999),
        .stride: .whole(1...9999),
        .tokens: .whole(1...9999),
      ])

    public init() {}
  }

  private let convolutions: [Convolution1D]
  private let norms: [BatchNorm]
  private let output: Linear
  private let tokens: Int

  init(_ scope: Scope, _ options: Options, width: Int, input: WindowContract) throws {
    var (convolutions, norms): ([Convolution1D], [BatchNorm]) = ([], [])
    var (inputs, samples) = (input.shape[0], input.shape[1])
    for (index, outputs) in options.channels.enumerated() {
      let kernel = min(options.kernel, samples % 2 == 0 ? samples + 1 : samples)
      let stride = min(index == 0 ? options.stride : 2, samples)
      convolutions.append(
        try Convolution1D(
          scope("convolutions")(index), inputs: inputs, outputs: outputs, kernel: kernel, stride: stride,
          padding: kernel / 2, bias: false))
      norms.append(try BatchNorm(scope("norms")(index), channels: outputs))
      samples = (samples + 2 * (kernel / 2) - kernel) / stride + 1
      inputs = outputs
    }
    self.convolutions = convolutions
    self.norms = norms
    tokens = min(options.tokens, samples)
    output = try Linear(scope("output"), inputs: inputs, outputs: width)
  }

  func callAsFunction(_ windows: Tensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?) throws -> Tensor {
    var x = try windows.asRows()
    for (convolution, norm) in zip(convolutions, norms) {
      x = try norm.rectified(rows: convolution.overRows(x), mode)
      try see?(x.mean([1]))
    }
    return try output(x.transposed(1, 2).adaptiveAveragePool1d(tokens).transposed(1, 2))
  }
}
