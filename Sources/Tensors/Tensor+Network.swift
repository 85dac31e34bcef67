private enum Ops {
  static let relu = Operator("relu")
  static let leakyRelu = Operator("leaky_relu")
  static let elu = Operator("elu")
  static let gelu = Operator("gelu")
  static let silu = Operator("silu")
  static let tanh = Operator("tanh")
  static let sigmoid = Operator("sigmoid")
  static let softplus = Operator("softplus")
  static let softmax = Operator("softmax", "int")
  static let logSoftmax = Operator("log_softmax", "int")
  static let linear = Operator("linear")
  static let conv1d = Operator("conv1d")
  static let conv2d = Operator("conv2d")
  static let batchNorm = Operator("batch_norm")
  static let layerNorm = Operator("layer_norm")
  static let groupNorm = Operator("group_norm")
  static let maxPool1d = Operator("max_pool1d")
  static let maxPool2d = Operator("max_pool2d")
  static let averagePool1d = Operator("avg_pool1d")
  static let averagePool2d = Operator("avg_pool2d")
  static let adaptivePool1d = Operator("adaptive_avg_pool1d")
  static let adaptivePool2d = Operator("adaptive_avg_pool2d")
  static let attention = Operator("scaled_dot_product_attention")
  static let lstm = Operator("lstm", "input")
  static let gru = Operator("gru", "input")
  static let embedding = Operator("embedding")
  static let crossEntropy = Operator("cross_entropy_loss")
  static let binaryCrossEntropy = Operator("binary_cross_entropy_with_logits")
  static let meanSquaredError = Operator("mse_loss")
  static let smoothL1 = Operator("smooth_l1_loss")
  static let gridSample = Operator("grid_sampler")
  static let affineGrid = Operator("affine_grid_generator")
  static let bilinear = Operator("upsample_bilinear2d", "vec")
}

/// What a loss does with the losses of its elements.
public enum Reduction: Int, Sendable {
  case none = 0
  case mean = 1
  case sum = 2
}

extension Tensor {
  public func relu() throws -> Tensor { try Ops.relu(.tensor(self)) }
  public func leakyRelu(slope: Double = 0.01) throws -> Tensor { try Ops.leakyRelu(.tensor(self), .double(slope)) }
  public func elu() throws -> Tensor { try Ops.elu(.tensor(self)) }
  /// The exact form, by the error function.
  public func gelu() throws -> Tensor { try Ops.gelu(.tensor(self)) }
  public func silu() throws -> Tensor { try Ops.silu(.tensor(self)) }
  public func tanh() throws -> Tensor { try Ops.tanh(.tensor(self)) }
  public func sigmoid() throws -> Tensor { try Ops.sigmoid(.tensor(self)) }
  public func softplus() throws -> Tensor { try Ops.softplus(.tensor(self)) }
  public func softmax(_ axis: Int) throws -> Tensor { try Ops.softmax(.tensor(self), .int(axis)) }
  public func logSoftmax(_ axis: Int) throws -> Tensor { try Ops.logSoftmax(.tensor(self), .int(axis)) }

  /// - Parameters:
  ///   - weight: `[outputs, inputs]`.
  ///   - bias: `[outputs]`.
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
    try Ops.linear(.tensor(self), .tensor(weight), .optional(bias))
  }

  /// - Parameter weight: `[outputs, inputs / groups, kernel]`; self is `[batch, inputs, samples]`.
  public func conv1d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) throws -> Tensor {
    try Ops.conv1d(
      .tensor(self), .tensor(weight), .optional(bias), .ints([stride]), .ints([padding]), .ints([dilation]),
      .int(groups))
  }

  /// - Parameter weight: `[outputs, inputs / groups, rows, columns]`; self is `[batch, inputs, rows, columns]`.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0], groups: Int = 1
  ) throws -> Tensor {
    try Ops.conv2d(
      .tensor(self), .tensor(weight), .optional(bias), .ints(stride), .ints(padding), .ints([1, 1]), .int(groups))
  }

  /// Normalises each channel over the batch. In training the running statistics are updated in place.
  public func batchNorm(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
    momentum: Double, epsilon: Double
  ) throws -> Tensor {
    try Ops.batchNorm(
      .tensor(self), .optional(weight), .optional(bias), .optional(runningMean), .optional(runningVariance),
      .bool(training), .double(momentum), .double(epsilon), false)
  }

  /// Normalises over the last axes, of the given shape.
  public func layerNorm(_ shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double) throws -> Tensor {
    try Ops.layerNorm(
      .tensor(self), .ints(shape), .optional(weight), .optional(bias), .double(epsilon), false)
  }

  public func groupNorm(_ groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5) throws -> Tensor {
    try Ops.groupNorm(
      .tensor(self), .int(groups), .optional(weight), .optional(bias), .double(epsilon), false)
  }

  /// - Parameter ceiling: Whether a last, partial window counts.
  public func maxPool1d(_ kernel: Int, stride: Int? = nil, padding: Int = 0, ceiling: Bool = false) throws -> Tensor {
    try Ops.maxPool1d(
      .tensor(self), .ints([kernel]), .ints([stride ?? kernel]), .ints([padding]), .ints([1]), .bool(ceiling))
  }

  public func maxPool2d(
    _ kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0], ceiling: Bool = false
  ) throws -> Tensor {
    try Ops.maxPool2d(
      .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .ints([1, 1]), .bool(ceiling))
  }

  public func averagePool1d(_ kernel: Int, stride: Int? = nil) throws -> Tensor {
    try Ops.averagePool1d(.tensor(self), .ints([kernel]), .ints([stride ?? kernel]))
  }

  public func averagePool2d(_ kernel: [Int], stride: [Int]? = nil) throws -> Tensor {
    try Ops.averagePool2d(.tensor(self), .ints(kernel), .ints(stride ?? kernel))
  }

  /// Averages so that `size` samples are left.
  public func adaptiveAveragePool1d(_ size: Int) throws -> Tensor {
    try Ops.adaptivePool1d(.tensor(self), .ints([size]))
  }

  public func adaptiveAveragePool2d(_ size: [Int]) throws -> Tensor {
    try Ops.adaptivePool2d(.tensor(self), .ints(size))
  }

  /// Scaled dot-product attention of queries (self), all `[batch, heads, length, width]`.
  ///
  /// - Parameter mask: bool, true where a key may be looked at, or an addend; broadcast to `[batch, heads, length, length]`.
  public func attention(keys: Tensor, values: Tensor, mask: Tensor? = nil) throws -> Tensor {
    try Ops.attention(.tensor(self), .tensor(keys), .tensor(values), .optional(mask))
  }

  /// A recurrent network of several layers over `[batch, length, features]`.
  ///
  /// It is always called as in training: cuDNN keeps what its backward pass needs only then, and without dropout between
  /// layers no value depends on it.
  ///
  /// - Parameters:
  ///   - state: The hidden, then the cell state, each `[layers * directions, batch, hidden]`.
  ///   - weights: PyTorch's flat order: `w_ih, w_hh, b_ih, b_hh` a direction and layer.
  /// - Returns: `[batch, length, hidden * directions]`.
  public func lstm(state: [Tensor], weights: [Tensor], layers: Int, bidirectional: Bool) throws -> Tensor {
    try Ops.lstm(
      .tensor(self), .tensors(state), .tensors(weights), true, .int(layers), 0.0, true, .bool(bidirectional), true)
  }

  /// As ``lstm(state:weights:layers:bidirectional:)``, with one state.
  public func gru(state: Tensor, weights: [Tensor], layers: Int, bidirectional: Bool) throws -> Tensor {
    try Ops.gru(
      .tensor(self), .tensor(state), .tensors(weights), true, .int(layers), 0.0, true, .bool(bidirectional), true)
  }

  /// Rows of this table, `[entries, width]`, that int64 indices name.
  public func embedding(_ indices: Tensor) throws -> Tensor { try Ops.embedding(.tensor(self), .tensor(indices)) }

  /// - Parameters:
  ///   - targets: int64 class indices; those equal to `ignoring` do not count. Self is `[batch, classes]`.
  ///   - weights: One a class.
  public func crossEntropy(
    _ targets: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean, ignoring: Int = -100,
    labelSmoothing: Double = 0
  ) throws -> Tensor {
    try Ops.crossEntropy(
      .tensor(self), .tensor(targets), .optional(weights), .int(reduction.rawValue), .int(ignoring),
      .double(labelSmoothing))
  }

  public func binaryCrossEntropy(_ targets: Tensor, reduction: Reduction = .mean) throws -> Tensor {
    try Ops.binaryCrossEntropy(.tensor(self), .tensor(targets), .none, .none, .int(reduction.rawValue))
  }

  public func meanSquaredError(_ targets: Tensor, reduction: Reduction = .mean) throws -> Tensor {
    try Ops.meanSquaredError(.tensor(self), .tensor(targets), .int(reduction.rawValue))
  }

  public func smoothL1(_ targets: Tensor, beta: Double = 1, reduction: Reduction = .mean) throws -> Tensor {
    try Ops.smoothL1(.tensor(self), .tensor(targets), .int(reduction.rawValue), .double(beta))
  }

  /// Maps `[batch, channels, rows, columns]` seen through affine transforms, zeros outside, bilinear.
  ///
  /// - Parameter transforms: `[batch, 2, 3]`, from the result's coordinates in -1...1 to this map's.
  public func transformed(by transforms: Tensor) throws -> Tensor {
    let grid = try Ops.affineGrid(.tensor(transforms), .ints(shape), false)
    return try Ops.gridSample(.tensor(self), .tensor(grid), 0, 0, false)
  }

  /// Maps `[batch, channels, rows, columns]` resampled bilinearly, corners not aligned.
  public func resized(_ rows: Int, _ columns: Int) throws -> Tensor {
    try Ops.bilinear(.tensor(self), .ints([rows, columns]), false, .none)
  }

  /// Sets elements to 0 with the given probability and scales the others so that the mean stays.
  public func dropout(_ probability: Double, generator: Generator) throws -> Tensor {
    guard probability > 0 else { return self }
    guard probability < 1 else { return try self * 0 }
    let keep = try Tensor.chances(shape, generator: generator).to(device).isLess(than: 1 - probability)
    return try self * (keep.to(dtype) * (1 / (1 - probability)))
  }
}
