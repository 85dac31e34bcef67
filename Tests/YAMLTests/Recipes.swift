import SleepCore
import TestSupport
import YAML

enum Protocol: String, Codable, CaseIterable { case scratch, frozen, fineTuned = "fine-tuned" }

enum Task: Codable, Equatable {
  case views(weight: Double)
  case maskedFrames(maskRatio: Double)
}

struct Optimizer: Settings {
  var rate = 1e-3
  var useAMSGrad = false

  static let ranges = NumberRanges(CodingKeys.self, [:])
}

struct Recipe: Codable, Equatable {
  var name: String
  var epochs: Int
  var maskRatio: Double?
  var protocols: [Protocol]?
  var optimizer: Optimizer?
  var weights: [String: Double]?
  var small: UInt8?
  var rate: Float?
  var isQuick: Bool?
  var tasks: [Task]?
}

/// The words of the error that decoding `text` ends with; empty where it does not.
func refusal<Value: Decodable>(_ text: String, as type: Value.Type = Recipe.self, set: [String] = []) -> String {
  do {
    let node = try YAML.parse(text, path: "r.yaml").overriding(set)
    return "decoded \(try YAMLDecoder().decode(type, from: node))"
  } catch {
    return words(of: error)
  }
}

func decoded<Value: Decodable>(_ text: String, as type: Value.Type = Recipe.self, set: [String] = []) throws -> Value {
  try YAMLDecoder().decode(type, from: YAML.parse(text, path: "r.yaml").overriding(set))
}
