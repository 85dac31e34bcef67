import Layers
import Tensors

/// Reads the first windows' vectors of runs, and foretells those of the windows behind them: the autoregressive part of
/// CPC.
///
/// Van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding" (2018): a gated recurrent
/// unit, and one matrix for each step ahead.
struct FuturePredictor {
  private let recurrent: Recurrent
  private let ahead: Linear
  private let width: Int
  private let steps: Int

  /// - Parameters:
  ///   - width: Of a window's vector.
  ///   - hidden: Of the state behind the windows that are read.
  ///   - steps: Windows that are foretold.
  init(_ scope: Scope, width: Int, hidden: Int, steps: Int) throws {
    recurrent = try Recurrent(scope("recurrent"), .gru, inputs: width, hiddenSize: hidden, bidirectional: false)
    ahead = try Linear(scope("ahead"), inputs: hidden, outputs: steps * width, bias: false)
    (self.width, self.steps) = (width, steps)
  }

  /// The state behind the last of the windows that are read.
  ///
  /// - Parameter vectors: `[runs, windows, width]`.
  /// - Returns: `[runs, hidden]`.
  func state(_ vectors: Tensor) throws -> Tensor {
    try recurrent(vectors).select(1, vectors.shape[1] - 1)
  }

  /// What comes behind a state.
  ///
  /// - Parameter state: `[runs, hidden]`.
  /// - Returns: `[steps, runs, width]`.
  func predictions(_ state: Tensor) throws -> Tensor {
    try ahead(state).reshaped([-1, steps, width]).transposed(0, 1)
  }
}
