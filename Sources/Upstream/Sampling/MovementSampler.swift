package import Corpora
import SleepCore

/// Batches of windows drawn with repetition, each as often as much moves in it.
///
/// Yuan and others, "Self-supervised learning for human activity recognition using 700,000 person-days of wearable data" (npj
/// Digital Medicine 2024): a window's weight is its standard deviation, here the mean of its channels' or of a map's cells
/// against the window before it, where that was measured. Windows in which nothing moves keep a tenth of the mean weight, so that rest is seen too.
package struct MovementSampler {
  private struct Pool {
    let sensors: [Sensor]
    let windows: [WindowReference]
    /// Sums of the weights up to each window.
    let sums: [Double]
  }

  private let pools: [Pool]
  private let batchSize: Int
  private let seed: UInt64

  /// - Parameter sources: One a corpus and sensor.
  package init(_ sources: [WindowSource], batchSize: Int, seed: UInt64) throws {
    self.batchSize = batchSize
    self.seed = seed
    var order: [[WindowContract]] = []
    for source in sources where !order.contains(source.contracts) { order.append(source.contracts) }
    pools = try order.map { contracts in
      var (windows, weights): ([WindowReference], [Double]) = ([], [])
      for (corpus, source) in sources.enumerated() where source.contracts == contracts {
        for recording in source.recordings {
          let moved = try Self.movement(source, recording: recording)
          for (window, valid) in source.valid(recording: recording).enumerated() where valid != 0 {
            windows.append(WindowReference(corpus: corpus, recording: recording, window: window))
            weights.append(moved[window])
          }
        }
      }
      let least = 0.1 * weights.reduce(0, +) / Double(max(1, weights.count))
      var sum = 0.0
      let sums = weights.map { weight in
        sum += max(weight, least, .leastNormalMagnitude)
        return sum
      }
      return Pool(sensors: contracts.map(\.sensor), windows: windows, sums: sums)
    }
  }

  /// How much moves in each window of a recording.
  private static func movement(_ source: WindowSource, recording: Int) throws -> [Double] {
    let (sensor, contract) = (source.sensors[0], source.contracts[0])
    let valid = source.valid(recording: recording)
    let count = source.store.recordings[recording].windows
    let (rows, samples) = contract.sensor.isMap ? (1, contract.mapSize) : contract.mapShape
    var moved: [Double] = []
    // A bounded number of windows is in memory at a time.
    for start in stride(from: 0, to: count, by: 512) {
      let first = max(0, start - 1)
      let range = first..<min(start + 512, count)
      let values = try source.store.windows(recording: recording, sensor: sensor, range: range)
      for window in start..<range.upperBound {
        let place = (window - first) * contract.size
        if contract.sensor.isMap {
          // Zeros stand where nothing was measured: coming back from there is no movement.
          let before = window > 0 && valid[window - 1] != 0 ? place - contract.size : place
          let change = (0..<samples).reduce(0.0) { $0 + Double(abs(values[place + $1] - values[before + $1])) }
          moved.append(change / Double(samples))
        } else {
          let deviations = (0..<rows).map { row -> Double in
            let channel = values[(place + row * samples)..<(place + (row + 1) * samples)].map(Double.init)
            let mean = channel.reduce(0, +) / Double(samples)
            return (channel.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples)).squareRoot()
          }
          moved.append(deviations.reduce(0, +) / Double(rows))
        }
      }
    }
    return moved.map { $0.isFinite ? $0 : 0 }
  }

  /// The batches of one epoch: about as many windows as there are; all sensors give equally many batches.
  package func epoch(_ number: Int) -> [BatchPlan] {
    let filled = pools.filter { !$0.windows.isEmpty }
    guard !filled.isEmpty else { return [] }
    var random = RandomSource(seed: seed, for: "moving windows of epoch \(number)")
    let perPool = (filled.reduce(0) { $0 + $1.windows.count } / filled.count + batchSize - 1) / batchSize
    return (0..<perPool).flatMap { _ in
      filled.indices.shuffled(using: &random).map { index in
        let pool = filled[index]
        return BatchPlan(
          sensors: pool.sensors, length: 1,
          windows: (0..<min(batchSize, pool.windows.count)).map { _ in draw(pool, &random) })
      }
    }
  }

  private func draw(_ pool: Pool, _ random: inout RandomSource) -> WindowReference {
    let wanted = Double.random(in: 0..<(pool.sums.last ?? 1), using: &random)
    return pool.windows[pool.sums.partitioningIndex { $0 > wanted }]
  }
}
