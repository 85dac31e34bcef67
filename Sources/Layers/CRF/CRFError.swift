public import Foundation

/// Why a batch of sequences was refused.
public enum CRFError: Error, Equatable {
  /// The values of an array do not fill its shape.
  case count(array: String, found: Int, shape: [Int])
  /// A batch of another number of classes than the chain has.
  case classes(found: Int, expected: Int)
  case tag(Int, sequence: Int, window: Int, classes: Int)
  case length(Int, sequence: Int, maximum: Int)
  /// A valid window after an invalid one.
  case mask(sequence: Int, window: Int)
}

extension CRFError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .count(let array, let found, let shape):
      "CRF \(array): found \(found) values, expected \(shape.reduce(1, *)) for shape \(shape)"
    case .classes(let found, let expected):
      "CRF emissions: found \(found) classes, expected the \(expected) of the transition scores"
    case .tag(let tag, let sequence, let window, let classes):
      "CRF tags: found \(tag) at sequence \(sequence), window \(window), expected 0...\(classes - 1), "
        + "or -1 where the window is unscored"
    case .length(let length, let sequence, let maximum):
      "CRF lengths: found \(length) for sequence \(sequence), expected 0...\(maximum)"
    case .mask(let sequence, let window):
      "CRF mask: found a valid window \(window) after an invalid one in sequence \(sequence), "
        + "expected valid windows first: give gaps the tag -1 instead"
    }
  }
}
