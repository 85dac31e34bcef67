import Encoders
import Corpora
import Foundation
import Layers
import SleepCore
package import Tensors

/// What is looked at during pretraining beside the losses, to see that an encoder learns and does not collapse.
///
/// Of each sensor's vectors the effective rank, the alignment of two changed copies of a window, and the uniformity of all (Wang
/// and Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity on the Hypersphere", ICML
/// 2020); and, where there are labels, a ``Probe``. No gradient comes of any of it.
public struct Health {
  private let probe: Probe?

  /// - Parameter probe: What asks the vectors for labels; without it no label is read.
  public init(probe: Probe? = nil) { self.probe = probe }

  /// - Parameters:
  ///   - windows: A batch of each sensor.
  ///   - epoch: The one that has ended, from 0; a probe looks at about ten of them, and at the last.
  func callAsFunction(
    _ network: PretextNetwork, _ windows: [PretextWindows], epoch: Int, of epochs: Int
  ) throws -> [String: Double] {
    var numbers: [String: Double] = [:]
    for batch in windows {
      let sensor = batch.contract.sensor
      var random = RandomSource(seed: 1, for: "health")
      // As many windows as a picture of the whole needs.
      let few = Array(0..<min(batch.count, 512))
      let part = PretextWindows(
        contract: batch.contract, count: few.count, values: batch.values(at: few), device: batch.device)
      try LibTorch.withoutGradients {
        let raw = try network.encoder(part.tensor(part.values), of: sensor, .inference).squeezed(1)
        numbers["effective rank/\(sensor.rawValue)"] = try effectiveRank(raw)
        guard few.count > 1 else { return }
        let pairs = try Pairs(part, PairOptions(), &random)
        let vectors = try unit(network.encoder(pairs.views, of: sensor, .inference).squeezed(1))
        numbers["alignment/\(sensor.rawValue)"] = try alignment(vectors)
        numbers["uniformity/\(sensor.rawValue)"] = try uniformity(unit(raw))
      }
    }
    if let probe, (epoch + 1).isMultiple(of: max(1, epochs / 10)) || epoch + 1 == epochs {
      numbers.merge(try probe(network)) { $1 }
    }
    return numbers
  }
}

/// The mean squared distance between the members of pairs: 0 where they fall together.
///
/// - Parameter vectors: `[2 * pairs, width]` of length 1: the first members, then the second ones.
package func alignment(_ vectors: Tensor) throws -> Double {
  let parts = try vectors.split(vectors.shape[0] / 2, axis: 0)
  return try (parts[0] - parts[1]).power(2).sum([1]).mean().item()
}

/// The logarithm of the mean Gaussian potential of all pairs: 0 where all vectors fall together, about -4 where they are spread
/// evenly over a sphere of many dimensions.
///
/// - Parameter vectors: `[windows, width]` of length 1, at least two.
package func uniformity(_ vectors: Tensor) throws -> Double {
  let count = vectors.shape[0]
  let products = try vectors.matmul(vectors.transposed(0, 1))
  // |x - y|^2 is 2 - 2 x.y; a vector's pair with itself, e^0, is taken out.
  let potentials = try ((products - 1) * 4).exp().sum().item()
  return log(max(1e-12, (potentials - Double(count)) / Double(count * (count - 1))))
}
