package import SleepCore

/// The pairs of channels in whose planes a window turns.
package struct TurningPlane {
  private let pairs: [(Int, Int)]
  private let channels: Int
  private let samples: Int

  /// `nil` where the sensor has no such planes, or not the channels for them.
  package init?(_ contract: WindowContract) {
    channels = contract.shape[0]
    samples = contract.shape[1]
    switch contract.sensor.traits.turn {
    case .inPhase where channels % 2 == 0: pairs = (0..<(channels / 2)).map { (2 * $0, 2 * $0 + 1) }
    case .aboutThirdAxis where channels == 3: pairs = [(0, 1)]
    default: return nil
    }
  }

  /// Each window turned by so many quarters, counter-clockwise.
  package func turned(_ windows: [Float], by quarters: [Int]) -> [Float] {
    var result = windows
    for (window, turn) in quarters.enumerated() where turn % 4 != 0 {
      let start = window * channels * samples
      for (real, imaginary) in pairs {
        for sample in 0..<samples {
          let (i, q) = (start + real * samples + sample, start + imaginary * samples + sample)
          (result[i], result[q]) =
            switch turn % 4 {
            case 1: (-windows[q], windows[i])
            case 2: (-windows[i], -windows[q])
            default: (windows[q], -windows[i])
            }
        }
      }
    }
    return result
  }
}
