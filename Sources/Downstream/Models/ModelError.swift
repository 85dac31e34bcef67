public import Foundation
public import SleepCore

/// A published model that cannot be made.
public enum ModelError: Error, Equatable {
  case unknown(name: String, known: [String])
  case inputs(model: String, found: [WindowContract], expected: String)
  /// An option out of its range, in words.
  case option(model: String, name: String, found: String, expected: String)
  /// A batch without windows of one of the model's sensors.
  case absent(Sensor)
  /// Vectors of people are to be centred of a model that has none of its own.
  case centring
}

extension Ranged {
  /// - Throws: ``ModelError/option(model:name:found:expected:)`` where a model's options do not fit.
  func check(model: String) throws {
    guard let misfit else { return }
    throw ModelError.option(model: model, name: misfit.key, found: misfit.found, expected: misfit.expected)
  }
}

extension ModelError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .unknown(let name, let known):
      "unknown model '\(name)'" + (nearest(name, among: known).map { ", did you mean '\($0)'?" } ?? "")
        + " Models: \(known.joined(separator: ", "))."
    case .inputs(let model, let found, let expected):
      "\(model) cannot take \(found.isEmpty ? "nothing" : found.map(\.summary).joined(separator: " and ")), "
        + "expected \(expected)"
    case .option(let model, let name, let found, let expected):
      "model_options.\(model).\(name) is \(found), expected \(expected)"
    case .absent(let sensor):
      "the batch has no windows of \(sensor.rawValue)"
    case .centring:
      "'finetuning.adaptation.centring' of a model whose vectors are not known, expected none, or a recogniser of encoder and head"
    }
  }
}
