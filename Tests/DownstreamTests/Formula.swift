import Foundation
import Layers
import Tensors

/// Weights, inputs and labels by formula, bit for bit those of `Fixtures/models/formula.py`: splitmix64 of a name's FNV-1a hash
/// and a place.
enum Formula {
  static func bits(_ name: String, _ count: Int) -> [UInt64] {
    let seed = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return (0..<UInt64(count)).map { place in
      var z = seed &+ (place + 1) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return (z ^ (z >> 31)) >> 40
    }
  }

  /// In -1..<1.
  static func uniform(_ name: String, _ shape: [Int]) throws -> Tensor {
    try Tensor(values(name, shape), shape: shape)
  }

  static func classes(_ name: String, _ shape: [Int], _ count: Int) -> [Int8] {
    bits(name, shape.reduce(1, *)).map { Int8($0 % UInt64(count)) }
  }

  /// Matrices and kernels: uniform, of variance 1 over their inputs. Vectors: near 1 for scales and variances, near 0 else.
  ///
  /// - Parameter plain: What the store's names begin with and the reference's do not.
  static func fill(_ store: ParameterStore, without plain: String = "") throws {
    try LibTorch.withoutGradients {
      for entry in store.entries where entry.tensor.dtype == .float32 {
        let shape = entry.tensor.shape
        // References have no encoder of their own.
        let name =
          plain.isEmpty || !entry.name.hasPrefix(plain) ? entry.name : String(entry.name.dropFirst(plain.count))
        var values = values(name, shape)
        if shape.count > 1 {
          let scale = Float((3 / Double(shape.dropFirst().reduce(1, *))).squareRoot())
          for index in values.indices { values[index] *= scale }
        } else {
          let centre: Float = entry.name.hasSuffix("weight") || entry.name.hasSuffix("running_var") ? 1 : 0
          for index in values.indices { values[index] = values[index] * 0.1 + centre }
        }
        try entry.tensor.assign(Tensor(values, shape: shape))
      }
    }
  }

  private static func values(_ name: String, _ shape: [Int]) -> [Float] {
    bits(name, shape.reduce(1, *)).map { Float($0) / Float(1 << 23) - 1 }
  }
}
