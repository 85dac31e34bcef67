import Foundation
import Tensors
import TestSupport
import Testing
import Weights

@Suite("Weights that Keras wrote as HDF5")
struct KerasFileTests {
  private let fixture = Fixture("weights")

  @Test("Arrays are named by layer and weight, kernels are turned, and an optimiser's state is left out")
  func arrays() throws {
    let file = try WeightsFormat.open(fixture.url("ulw.h5"))
    #expect(file.format == "HDF5 of Keras")
    #expect(file.shapes.count == 12 * 3 + 6 * 4 + 4)
    #expect(file.shapes["separable_conv1d_13/depthwise_kernel"] == [8, 1, 3])
    #expect(file.shapes["separable_conv1d_13/pointwise_kernel"] == [8, 8, 1])
    // One number: an array like the others.
    #expect(file.shapes["separable_conv1d_14/depthwise_kernel"] == [1, 1, 1])
    #expect(file.shapes["dense_12/kernel"] == [64, 128])
    #expect(file.shapes["batch_normalization_12/moving_variance"] == [8])
    let torch = try WeightsFormat.open(fixture.url("ulw.pt"))
    for (keras, own) in [
      ("dense_12/kernel", "hidden.weight"),
      ("separable_conv1d_13/depthwise_kernel", "encoder.blocks.0.convolutions.1.depthwise.weight"),
      ("separable_conv1d_20/pointwise_kernel", "encoder.blocks.2.convolutions.0.pointwise.weight"),
      ("separable_conv1d_14/depthwise_kernel", "encoder.blocks.0.shortcuts.0.depthwise.weight"),
    ] {
      #expect(try file.tensor(keras).values(Float.self) == torch.tensor(own).values(Float.self), "\(keras)")
    }
  }

  @Test("A damaged file is an error")
  func damaged() throws {
    let whole = try Data(contentsOf: fixture.url("ulw.h5"))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cut.h5")
      try whole.prefix(5000).write(to: url)
      #expect(throws: (any Error).self) { try WeightsFormat.open(url) }
    }
  }
}
