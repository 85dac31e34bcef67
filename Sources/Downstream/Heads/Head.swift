public import Layers
public import SleepCore
public import Tensors
public import Training
import Encoders

/// Scores of classes from the vectors of windows.
///
/// A new head is one file with such a type, and one line of ``Heads``. Every context is a head, too.
public protocol Head: Choosable {
  /// Makes the head's parameters.
  ///
  /// - Parameter inputs: The size of a window's vector, of all sensors together.
  init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws

  /// - Parameters:
  ///   - features: `[batch, length, inputs]`, zeros where a window was not measured.
  ///   - batch: The windows that they are of: which were measured, and how far each sequence goes.
  /// - Returns: `[batch, length, classes]`; what stands where a window was not measured has no meaning.
  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor
}

/// A head that is computed from the vectors of labelled windows, and not trained: it has buffers and no parameters.
///
/// Where the encoder under it learns, the head scores each batch by the batch's own labelled windows, a window never by itself, and is
/// computed anew after each epoch.
public protocol FittedHead: Head {
  /// Computes the head.
  ///
  /// - Parameters:
  ///   - vectors: `[windows, inputs]`, at least one.
  ///   - labels: The class of each.
  ///   - seed: Draws where not all vectors are kept.
  func fit(_ vectors: Tensor, labels: [Int], seed: UInt64) throws
}

/// The heads that a recipe may choose.
public enum Heads: Registry {
  public static let key = "kind"
  public static var all: [any Choosable.Type] { kinds }
  static let kinds: [any Head.Type] = [
    LinearHead.self, PerceptronHead.self, CosineHead.self, ContextHead<BiLSTM>.self, ContextHead<BiGRU>.self,
    ContextHead<DilatedConvolutions>.self, ContextHead<Transformer>.self, PrototypesHead.self, NeighboursHead.self,
  ]
}

extension Head {
  static func made(_ scope: Scope, _ options: any Settings, inputs: Int, classes: Int) throws -> Self {
    try Self(scope, options as? Options ?? Options(), inputs: inputs, classes: classes)
  }
}
