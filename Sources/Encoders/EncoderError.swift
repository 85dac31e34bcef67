public import Foundation
public import SleepCore

/// Windows that an encoder was not made for, or a recipe that makes none.
public enum EncoderError: Error, Equatable {
  case sensor(Sensor, known: [Sensor])
  case shape(found: [Int], contract: WindowContract)
  /// Windows of which a kind of encoder takes none, with what it takes, in words.
  case unfit(kind: String, expected: String, found: [WindowContract])
  /// A recipe's option that does not fit the windows, in words.
  case recipe(String)
}

extension EncoderError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .sensor(let sensor, let known):
      "the encoder has no stem for \(sensor.rawValue); it was made for "
        + known.map(\.rawValue).joined(separator: ", ")
    case .shape(let found, let contract):
      "windows of shape \(found), expected [batch, length, \(contract.shape.map(String.init).joined(separator: ", "))]: "
        + "the encoder was made for \(contract.summary)"
    case .unfit(let kind, let expected, let found):
      "encoder.kind is \(kind), which takes \(expected), not \(found.map(\.summary).joined(separator: " and "))"
    case .recipe(let words): words
    }
  }
}
