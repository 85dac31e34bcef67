import SleepCore

/// One channel as it is drawn and counted; of no sensor where a file's channel is none that is known.
struct Trace {
  let name: String
  let sensor: Sensor?
  let unit: String
  let timing: Timing
  let samples: [Float]

  /// The channels of signals, one after another.
  static func all(of signals: [Signal]) -> [Trace] {
    signals.flatMap { signal in
      zip(signal.channels, signal.samples).map {
        Trace(name: $0.name, sensor: signal.sensor, unit: $0.unit, timing: signal.timing, samples: $1)
      }
    }
  }

  /// When a sample was taken.
  func seconds(_ index: Int) -> Double {
    switch timing {
    case .regular(let start, let rate): start + Double(index) / rate
    case .irregular(let seconds): seconds[index]
    }
  }

  /// The samples with their times, and a NaN in every gap of irregular ones that is longer than ten usual intervals.
  var line: (seconds: [Double], values: [Double]) {
    guard case .irregular(let times) = timing, let usual = usualIntervalSeconds else {
      return (samples.indices.map(seconds), samples.map(Double.init))
    }
    var line: (seconds: [Double], values: [Double]) = ([], [])
    for (index, time) in times.enumerated() {
      if index > 0, time - times[index - 1] > 10 * usual {
        line.seconds.append(time)
        line.values.append(.nan)
      }
      line.seconds.append(time)
      line.values.append(Double(samples[index]))
    }
    return line
  }

  /// The median time from one sample to the next.
  var usualIntervalSeconds: Double? {
    switch timing {
    case .regular(_, let rate): return rate > 0 ? 1 / rate : nil
    case .irregular(let seconds):
      let steps = zip(seconds, seconds.dropFirst()).map { $1 - $0 }.sorted()
      return steps.isEmpty ? nil : steps[steps.count / 2]
    }
  }

  /// From the first sample to the end of the last.
  var span: ClosedRange<Double>? {
    guard !samples.isEmpty else { return nil }
    if case .regular(let start, let rate) = timing { return start...start + Double(samples.count) / rate }
    return seconds(0)...seconds(samples.count - 1)
  }

  /// The highest frequency worth looking at.
  var highestHz: Double { sensor?.traits.highestHz ?? .infinity }
}
