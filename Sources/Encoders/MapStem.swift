import Layers
public import SleepCore
import Tensors

/// Strided convolutions over rows and columns, then one linear layer over all places: where pressure lies matters.
public struct MapStem: Stem {
  public struct Options: Settings {
    /// Output channels of each convolution; each but the first halves rows and columns.
    public var channels: [Int] = [16, 32, 64, 64]
    public var kernel: Int = 3

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .channels: .whole(1...65_536).list(1...64),
        .kernel: .whole(1...99),
      ])

    public var conflict: Misfit? {
      kernel % 2 == 1 ? nil : Misfit("kernel", is: "\(kernel)", expected: "an odd number, which has a middle")
    }

    public init() {}
  }

  private let input: WindowContract
  private let convolutions: [Convolution2D]
  private let norms: [BatchNorm]
  private let output: Linear

  init(_ scope: Scope, _ options: Options, width: Int, input: WindowContract) throws {
    var (convolutions, norms): ([Convolution2D], [BatchNorm]) = ([], [])
    self.input = input
    var inputs = input.planes
    var (rows, columns) = input.mapShape
    for (index, outputs) in options.channels.enumerated() {
      let stride = index == 0 ? 1 : 2
      convolutions.append(
        try Convolution2D(
          scope("convolutions")(index), inputs: inputs, outputs: outputs,
          kernel: [options.kernel, options.kernel], stride: [stride, stride],
          padding: [options.kernel / 2, options.kernel / 2], bias: false))
      norms.append(try BatchNorm(scope("norms")(index), channels: outputs))
      (rows, columns) = ((rows - 1) / stride + 1, (columns - 1) / stride + 1)
      inputs = outputs
    }
    self.convolutions = convolutions
    self.norms = norms
    output = try Linear(scope("output"), inputs: inputs * rows * columns, outputs: width)
  }

  func callAsFunction(_ windows: Tensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?) throws -> Tensor {
    let (rows, columns) = input.mapShape
    var x = try windows.reshaped([-1, input.planes, rows, columns]).asRows()
    for (convolution, norm) in zip(convolutions, norms) {
      x = try norm.rectified(rows: convolution.overRows(x), mode)
      try see?(x.moved(-1, to: 1).pooledMap())
    }
    return try output(x.moved(-1, to: 1).reshaped([x.shape[0], -1])).unsqueezed(1)
  }
}
