import Foundation
package import SleepCore

/// Windows of random sines, and which bins of frequencies these are from.
///
/// For each window a number of bins is drawn, then so many bins, and a phase for each. Each channel has a sine of a random frequency in
/// each of the bins, with a random amplitude; the channels are then scaled to mean 0 and deviation 1.
package struct MadeUpSpectra: Sendable {
  /// Edges of the bins, in cycles a window; bins of equal ratio, one more edge than bins.
  package let edges: [Double]
  private let channels: Int
  private let samples: Int
  private let spread: Double

  package var bins: Int { edges.count - 1 }

  /// - Parameters:
  ///   - bins: Fewer where the lowest one would be narrower than one cycle a window, which is as near as two frequencies are told
  ///     apart.
  ///   - lowestCycles: The lowest frequency, in cycles a window.
  ///   - highestShare: The highest, as a share of half the sample rate.
  ///   - spread: Greatest change of the logarithm of a sine's amplitude.
  /// - Returns: `nil` where the windows are too short for two bins.
  package init?(
    channels: Int, samples: Int, bins: Int, lowestCycles: Double, highestShare: Double, spread: Double
  ) {
    let highest = highestShare * Double(samples) / 2
    guard highest > lowestCycles else { return nil }
    let most = Int(log(highest / lowestCycles) / log(1 + 1 / lowestCycles))
    let bins = min(bins, most)
    guard bins >= 2 else { return nil }
    edges = (0...bins).map { lowestCycles * pow(highest / lowestCycles, Double($0) / Double(bins)) }
    self.channels = channels
    self.samples = samples
    self.spread = spread
  }

  /// - Returns: Windows `[count, channels, samples]`, and `[count, bins]`: 1 where a bin is present.
  package func callAsFunction(_ count: Int, _ random: inout RandomSource) -> (windows: [Float], present: [Float]) {
    var windows: [Float] = []
    windows.reserveCapacity(count * channels * samples)
    var present = [Float](repeating: 0, count: count * bins)
    for window in 0..<count {
      let number = Int.random(in: 1...bins, using: &random)
      let chosen = (0..<bins).shuffled(using: &random).prefix(number).map { bin in
        present[window * bins + bin] = 1
        return (bin: bin, phase: Double.random(in: 0..<(2 * .pi), using: &random))
      }
      for _ in 0..<channels {
        var signal = [Double](repeating: 0, count: samples)
        for (bin, phase) in chosen {
          let cycles = Double.random(in: edges[bin]..<edges[bin + 1], using: &random)
          let amplitude = spread > 0 ? exp(Double.random(in: -spread...spread, using: &random)) : 1
          add(cycles: cycles, phase: phase, amplitude: amplitude, to: &signal)
        }
        windows += standardised(signal)
      }
    }
    return (windows, present)
  }

  /// A sine by turning a vector, which costs a few products a sample.
  private func add(cycles: Double, phase: Double, amplitude: Double, to signal: inout [Double]) {
    let step = 2 * Double.pi * cycles / Double(samples)
    let (turnCosine, turnSine) = (cos(step), sin(step))
    var (sine, cosine) = (amplitude * sin(phase), amplitude * cos(phase))
    for sample in signal.indices {
      signal[sample] += sine
      (sine, cosine) = (sine * turnCosine + cosine * turnSine, cosine * turnCosine - sine * turnSine)
    }
  }

  private func standardised(_ signal: [Double]) -> [Float] {
    let mean = signal.reduce(0, +) / Double(samples)
    let deviation = (signal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples)).squareRoot()
    return signal.map { Float(($0 - mean) / max(1e-8, deviation)) }
  }
}
