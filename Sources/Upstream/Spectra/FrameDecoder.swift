package import Layers
package import Tensors

/// Tells something of each frame of a window from the window's tokens: they are stretched to the frames, and two linear layers read
/// each frame with its place.
package struct FrameDecoder {
  private static let hiddenWidth = 64
  private let frames: Int
  private let input: Linear
  private let places: Tensor
  private let output: Linear

  package init(_ scope: Scope, inputs: Int, frames: Int, outputs: Int) throws {
    self.frames = frames
    input = try Linear(scope("input"), inputs: inputs, outputs: Self.hiddenWidth)
    places = try scope.parameter("places", [frames, Self.hiddenWidth], .normal(deviation: 0.02))
    output = try Linear(scope("output"), inputs: Self.hiddenWidth, outputs: outputs)
  }

  /// - Parameter tokens: `[windows, tokens, inputs]`, in order of time.
  /// - Returns: `[windows, frames, outputs]`.
  package func callAsFunction(_ tokens: Tensor) throws -> Tensor {
    let weights = try Tensor(Self.stretching(tokens.shape[1], frames: frames), shape: [frames, tokens.shape[1]]).to(
      tokens.device)
    return try output((weights.matmul(input(tokens)) + places).gelu())
  }

  /// Weights of linear interpolation, `[frames, tokens]`: frames and tokens both cover the window evenly.
  package static func stretching(_ tokens: Int, frames: Int) -> [Float] {
    var weights = [Float](repeating: 0, count: frames * tokens)
    for frame in 0..<frames {
      let middle = (Double(frame) + 0.5) * Double(tokens) / Double(frames) - 0.5
      let place = min(max(middle, 0), Double(tokens - 1))
      let first = min(Int(place), max(0, tokens - 2))
      weights[frame * tokens + first] += Float(1 - (place - Double(first)))
      if first + 1 < tokens { weights[frame * tokens + first + 1] += Float(place - Double(first)) }
    }
    return weights
  }
}
