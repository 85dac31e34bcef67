public import Tensors

/// How parameters follow their gradients, in LibTorch's fused kernels.
public final class Optimizer {
  /// The rule, with PyTorch's defaults.
  public enum Rule: Sendable, Hashable {
    case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
    /// Kingma and Ba (2015); with `amsgrad`, Reddi, Kale and Kumar (2018). Decay is added to the gradient.
    case adam(
      beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false
    )
    /// Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019).
    case adamW(
      beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 1e-2,
      amsgrad: Bool = false)
  }

  /// Parameters that share a learning rate: the schedule's times `factor`.
  public struct Group {
    public let parameters: [Tensor]
    public let factor: Double

    public init(_ parameters: [Tensor], factor: Double = 1) {
      self.parameters = parameters
      self.factor = factor
    }
  }

  /// The state that one parameter gathers.
  private struct State {
    let parameter: Tensor
    let factor: Double
    var moments: [Tensor] = []
    var step: Tensor?
  }

  public let rule: Rule
  private var states: [State]

  public init(_ rule: Rule, _ groups: [Group]) {
    self.rule = rule
    states = groups.flatMap { group in group.parameters.map { State(parameter: $0, factor: group.factor) } }
  }

  /// Takes one step. Parameters without a gradient stay as they are.
  public func step(learningRate: Double) throws {
    try LibTorch.withoutGradients {
      for factor in Set(states.map(\.factor)).sorted() {
        try step(states.indices.filter { states[$0].factor == factor }, learningRate: learningRate * factor)
      }
    }
  }

  private func step(_ candidates: [Int], learningRate: Double) throws {
    var used: [Int] = []
    var gradients: [Tensor] = []
    for index in candidates {
      guard let gradient = try states[index].parameter.gradient() else { continue }
      try prepare(index)
      used.append(index)
      gradients.append(gradient)
    }
    guard !used.isEmpty else { return }
    let parameters = used.map { states[$0].parameter }
    func moment(_ place: Int) -> [Tensor] {
      used.compactMap { states[$0].moments.indices.contains(place) ? states[$0].moments[place] : nil }
    }
    switch rule {
    case .sgd(let momentum, let nesterov, let weightDecay):
      for (index, gradient) in zip(used, gradients) {
        let parameter = states[index].parameter
        var change = weightDecay == 0 ? gradient : try gradient + parameter * weightDecay
        if momentum != 0 {
          if let buffer = states[index].moments.first {
            try buffer.scale(by: momentum)
            try buffer.add(change)
          } else {
            states[index].moments = [try change.clone()]
          }
          let buffer = states[index].moments[0]
          change = nesterov ? try change + buffer * momentum : buffer
        }
        try parameter.add(change, scale: -learningRate)
      }
    case .adam(let beta1, let beta2, let epsilon, let weightDecay, let amsgrad),
      .adamW(let beta1, let beta2, let epsilon, let weightDecay, let amsgrad):
      _ = try (isDecoupled ? Self.adamW : Self.adam).results([
        .tensors(parameters), .tensors(gradients), .tensors(moment(0)), .tensors(moment(1)), .tensors(moment(2)),
        .tensors(used.compactMap { states[$0].step }), .double(learningRate), .double(beta1), .double(beta2),
        .double(weightDecay), .double(epsilon), .bool(amsgrad), false,
      ])
    }
  }

  private static let adam = Operator("_fused_adam_")
  private static let adamW = Operator("_fused_adamw_")

  private var isDecoupled: Bool {
    if case .adamW = rule { true } else { false }
  }

  /// Makes what Adam keeps of a parameter before its first step, and counts the step.
  private func prepare(_ index: Int) throws {
    let amsgrad: Bool
    switch rule {
    case .sgd: return
    case .adam(_, _, _, _, let value), .adamW(_, _, _, _, let value): amsgrad = value
    }
    let parameter = states[index].parameter
    if states[index].moments.isEmpty {
      states[index].moments = try (0..<(amsgrad ? 3 : 2)).map { _ in
        try .zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device)
      }
      states[index].step = try .zeros([], device: parameter.device)
    }
    try states[index].step?.add(.ones([], device: parameter.device))
  }
}

extension Optimizer {
  /// All that it has gathered, by name: of the parameter of a place `<place>/<moment>`, and `<place>/step`.
  public var moments: [String: Tensor] {
    var found: [String: Tensor] = [:]
    for (place, state) in states.enumerated() {
      for (number, moment) in state.moments.enumerated() { found["\(place)/\(number)"] = moment }
      if let step = state.step { found["\(place)/step"] = step }
    }
    return found
  }

  /// Goes on with what ``moments`` gave; what is not there has not been gathered.
  public func restore(_ moment: (_ name: String) -> Tensor?) throws {
    for place in states.indices {
      let device = states[place].parameter.device
      var moments: [Tensor] = []
      while let next = moment("\(place)/\(moments.count)") { moments.append(try next.to(device).clone()) }
      states[place].moments = moments
      states[place].step = try moment("\(place)/step").map { try $0.to(device).clone() }
    }
  }
}

/// Scales all gradients so that their norm together is at most `limit`, as PyTorch's `clip_grad_norm_`.
///
/// - Returns: The norm before.
@discardableResult
public func clipGradients(of parameters: [Tensor], to limit: Double) throws -> Double {
  let gradients = try parameters.compactMap { try $0.gradient() }
  guard !gradients.isEmpty else { return 0 }
  return try LibTorch.withoutGradients {
    let norms = try Tensor.stack(gradients.map { try $0.norm(Array(0..<$0.shape.count)) })
    let norm = try norms.norm([0]).item()
    let factor = limit / (norm + 1e-6)
    if factor < 1 { for gradient in gradients { try gradient.scale(by: factor) } }
    return norm
  }
}
