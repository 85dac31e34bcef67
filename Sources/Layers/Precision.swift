public import Tensors

/// What a network's layers compute in while it is trained.
///
/// Micikevicius and others, "Mixed Precision Training" (ICLR 2018), with the numbers of Kalamkar and others, "A Study of BFLOAT16 for Deep
/// Learning Training" (2019), which need no scaling of the loss: they reach as far as float32's, with 8 bits in place of 24.
///
/// Parameters, their gradients and the optimiser's moments are float32 always, and so is what leaves a network: losses, chains, spectra and
/// statistics over a batch are computed of it. A forward pass is in a smaller type only where it asks for it, by ``forward(on:_:)``, and
/// only inside a step of a training, ``inStep(_:)``; prediction, validation and probes are in float32.
public enum Precision: String, Codable, CaseIterable, Sendable {
  case float32
  case bfloat16

  /// What the step that this thread is in allows.
  @TaskLocal private static var ofStep = Precision.float32

  /// Whether forward passes are in a smaller type than float32 now.
  static var isReduced: Bool { ofStep != .float32 }

  /// Computes a step's losses: forward passes in `body` are of this precision.
  public func inStep<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$ofStep.withValue(self, operation: body)
  }

  /// A network's forward pass: what an encoder, a context or a head makes of its inputs.
  ///
  /// The one place where numbers of another type come about, and where they end.
  ///
  /// - Parameter body: From inputs in float32 to what leaves the network.
  /// - Returns: What `body` gives, in float32.
  public static func forward(on device: Device, _ body: () throws -> [Tensor]) throws -> [Tensor] {
    guard ofStep == .bfloat16 else { return try body() }
    return try LibTorch.autocasting(to: .bfloat16, on: device, body).map {
      $0.dtype == .bfloat16 ? try $0.to(.float32) : $0
    }
  }

  /// As ``forward(on:_:)-([Tensor])``, of one tensor.
  public static func forward(on device: Device, _ body: () throws -> Tensor) throws -> Tensor {
    try forward(on: device) { [try body()] }[0]
  }
}
