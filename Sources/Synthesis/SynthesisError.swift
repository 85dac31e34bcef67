public import Foundation

/// Why nothing was synthesized.
public enum SynthesisError: Error, Equatable {
  case unknownDataset(String, known: [String])
  case outOfRange(String, value: Double, allowed: ClosedRange<Double>)
}

extension SynthesisError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .unknownDataset(let name, let known):
      "cannot synthesize '\(name)'. Data sets that can be synthesized: \(known.joined(separator: ", "))"
    case .outOfRange(let name, let value, let allowed):
      "\(name) is \(value), expected \(allowed.lowerBound) to \(allowed.upperBound)"
    }
  }
}
