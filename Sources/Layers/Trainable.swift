import Tensors

/// Which parameters of a store learn, by their names; the others get no gradient, and no optimiser is given them.
///
/// It is applied by ``ParameterStore/train(_:)`` and in no other way.
public struct Trainable: Sendable {
  private let learns: @Sendable (_ name: String) -> Bool

  /// - Parameter learns: Whether the parameter of a name does.
  public init(where learns: @escaping @Sendable (_ name: String) -> Bool) { self.learns = learns }

  public static let all = Trainable { _ in true }
  public static let none = Trainable { _ in false }

  /// The same without parameters whose names begin with one of these.
  public func but(_ prefixes: [String]) -> Trainable {
    Trainable { [learns] name in learns(name) && !prefixes.contains(where: name.hasPrefix) }
  }

  public func callAsFunction(_ name: String) -> Bool { learns(name) }
}

extension ParameterStore {
  /// Gives gradients to the parameters that learn, and to no others.
  ///
  /// - Returns: Those that learn, in their order: what an optimiser is to be given.
  @discardableResult
  public func train(_ trainable: Trainable) throws -> [Entry] {
    for entry in entries where entry.kind == .parameter {
      try entry.tensor.setRequiresGradient(trainable(entry.name))
    }
    return entries.filter { $0.kind == .parameter && trainable($0.name) }
  }
}
