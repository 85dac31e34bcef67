import Tensors
import TestSupport
import Testing

@Suite("Pooling of pairs")
struct PairPoolingTests {
  /// Whole numbers, so that some neighbours are equal.
  private static func samples(_ count: Int) throws -> Tensor {
    let values = (0..<(6 * count)).map { Float(($0 * 7919 % 31) / 4) }
    return try Tensor(values, shape: [2, 3, count])
  }

  @Test(
    "Values and gradients are those of LibTorch's pooling, ties and a last odd sample too",
    arguments: [(8, false), (9, false), (9, true), (1, true), (2, false)], [DType.float32, .bfloat16])
  func agreement(_ odd: (count: Int, ceiling: Bool), dtype: DType) throws {
    let (count, ceiling) = odd
    func run(_ pool: (Tensor) throws -> Tensor) throws -> (values: [Float], gradient: [Float], shape: [Int]) {
      let x = try Self.samples(count)
      try x.setRequiresGradient(true)
      // All values here have few enough bits for both types.
      let pooled = try pool(x.to(dtype))
      #expect(pooled.dtype == dtype)
      let y = try pooled.to(.float32)
      let weights = try Tensor((0..<y.count).map { Float($0) + 0.5 }, shape: y.shape)
      try (y * weights).sum().backward()
      let gradient = try #require(try x.gradient())
      return (try y.detach().values(), try gradient.values(), y.shape)
    }
    let ours = try run { try $0.maxPoolPairs(ceiling: ceiling) }
    let theirs = try run { try $0.maxPool1d(2, ceiling: ceiling) }
    #expect(ours.shape == theirs.shape)
    #expect(ours.values == theirs.values)
    #expect(ours.gradient == theirs.gradient)
  }
}
