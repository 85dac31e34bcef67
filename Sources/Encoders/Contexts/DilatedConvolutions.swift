public import Layers
public import SleepCore
public import Tensors

/// Residual convolutions over the windows of a sequence, each looking twice as far as the one before it.
///
/// After Bai, Kolter and Koltun, "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence
/// Modeling" (2018); they look both ways here, as a night is there as a whole.
public struct DilatedConvolutions: Context {
  public struct Options: Settings {
    /// Channels of the convolutions, the size of the vectors that come out.
    public var width: Int = 64
    public var layers: Int = 4
    /// Windows that one convolution looks at, an odd number.
    public var kernel: Int = 5
    public var dropout: Double = 0.1

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .width: .whole(1...65_536),
        .layers: .whole(1...20),
        .kernel: .whole(1...999),
        .dropout: .number(0..<1),
      ])

    public var conflict: Misfit? {
      kernel % 2 == 1 ? nil : Misfit("kernel", is: "\(kernel)", expected: "an odd number, which has a middle")
    }

    public init() {}
  }

  public static let name = "tcn"
  public static let summary = "dilated residual convolutions over a sequence"

  public let width: Int
  private let projection: Linear
  private let convolutions: [Convolution1D]
  private let norms: [LayerNorm]
  private let dropout: Double

  public init(_ scope: Scope, _ options: Options, inputs: Int) throws {
    projection = try Linear(scope("projection"), inputs: inputs, outputs: options.width)
    convolutions = try (0..<options.layers).map { layer in
      try Convolution1D(
        scope("convolutions")(layer), inputs: options.width, outputs: options.width, kernel: options.kernel,
        padding: (options.kernel / 2) << layer, dilation: 1 << layer)
    }
    norms = try (0..<options.layers).map { try LayerNorm(scope("norms")($0), width: options.width) }
    width = options.width
    dropout = options.dropout
  }

  public func callAsFunction(_ vectors: Tensor, _ extent: Extent, _ mode: Mode) throws -> Tensor {
    let inside = try extent.inside(length: vectors.shape[1], device: vectors.device)
    var x = try projection(vectors)
    for (convolution, norm) in zip(convolutions, norms) {
      var change = try norm(x).relu().transposed(1, 2)
      // What stands behind a sequence's end is nothing, as what stands behind the longest one is.
      if let inside { change = try change * inside }
      x = try x + convolution(change).transposed(1, 2).dropout(dropout, mode)
    }
    return x
  }
}
