public import Foundation

/// Why an operation on tensors failed.
public enum TensorError: Error, Equatable {
  /// LibTorch refused an operation; the shapes are those of its tensors.
  case operation(name: String, shapes: [[Int]], message: String)
  /// A tensor's shape is not what a function takes.
  case shapeMismatch(found: [Int], expected: String)
  /// Values do not fill a shape.
  case countMismatch(values: Int, shape: [Int])
  /// There is no such device, on a machine with so many graphics cards.
  case device(name: String, cards: Int)
  /// Two values of a thing that must be unique, or a missing one, in words.
  case invalid(String)
}

extension TensorError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .operation(let name, let shapes, let message):
      "\(name) of \(shapes.map(\.description).joined(separator: ", ")): \(message)"
    case .shapeMismatch(let found, let expected):
      "a tensor of shape \(found), expected \(expected)"
    case .countMismatch(let values, let shape):
      "\(values) values for the shape \(shape), expected \(shape.reduce(1, *))"
    case .device(let name, let cards):
      "no device '\(name)' here: LibTorch finds \(cards == 0 ? "no graphics card" : cards == 1 ? "1 graphics card" : "\(cards) graphics cards"). "
        + "Devices: \((["cpu"] + (0..<cards).map { "cuda:\($0)" }).joined(separator: ", "))."
    case .invalid(let words): words
    }
  }
}
