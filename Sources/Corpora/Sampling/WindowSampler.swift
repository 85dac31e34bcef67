import SleepCore

/// How often windows are drawn.
public enum Balance: String, Codable, CaseIterable, Hashable, Sendable {
  /// Every window once an epoch.
  case none
  /// Each class as often as every other, drawn with replacement.
  case classes
}

/// Independent windows in random order; each epoch has an order of its own that depends on the seed alone.
///
/// A batch holds windows of one kind: of the same sensors and shapes, from one corpus or several. All kinds give equally many
/// batches, so that joint training is balanced by sensor.
public struct WindowSampler: Sendable {
  private let pools: [Pool]
  private let batchSize: Int
  private let balance: Balance
  private let quota: Quota?
  private let seed: UInt64

  /// How many windows of each class an epoch holds.
  ///
  /// A class with more windows is undersampled: so many of them, none twice. One with fewer is oversampled: all of them as
  /// often as they fit, and some once more.
  public struct Quota: Hashable, Sendable {
    public let windowsPerClass: Int
    /// Whether each epoch draws for itself; otherwise all epochs have the same windows in another order, as where a data set is
    /// balanced before a training.
    public let isDrawnAnew: Bool

    public init(windowsPerClass: Int, isDrawnAnew: Bool = true) {
      precondition(windowsPerClass > 0, "windows a class")
      self.windowsPerClass = windowsPerClass
      self.isDrawnAnew = isDrawnAnew
    }
  }

  private struct Pool: Sendable {
    let sensors: [Sensor]
    let windows: [WindowReference]
    /// Positions in `windows`, by class; for balanced sampling.
    let byClass: [[Int]]
  }

  /// - Parameters:
  ///   - sources: One a corpus and set of sensors.
  ///   - onlyLabelled: Leaves out windows whose label may not be seen.
  ///   - balance: ``Balance/classes`` needs labels, and leaves out windows without.
  ///   - quota: As `balance`, and with exact numbers instead of chance; wins over it.
  public init(
    _ sources: [WindowSource], batchSize: Int, onlyLabelled: Bool = false, balance: Balance = .none,
    quota: Quota? = nil, seed: UInt64
  ) {
    precondition(batchSize > 0, "windows in a batch")
    self.batchSize = batchSize
    self.balance = balance
    self.quota = quota
    self.seed = seed
    var order: [[WindowContract]] = []
    var groups: [[WindowContract]: [Int]] = [:]
    for (number, source) in sources.enumerated() {
      if groups[source.contracts] == nil { order.append(source.contracts) }
      groups[source.contracts, default: []].append(number)
    }
    pools = order.map { contracts in
      var windows: [WindowReference] = []
      var byClass: [[Int]] = []
      let members = (groups[contracts] ?? []).flatMap { number in
        sources[number].recordings.map { (number, sources[number], $0) }
      }
      for (number, source, recording) in members {
        let classes = source.classes(recording: recording)
        for (window, valid) in source.valid(recording: recording).enumerated() where valid != 0 {
          let label = Int(classes[window])
          if label < 0, onlyLabelled || balance == .classes || quota != nil { continue }
          if label >= 0 {
            while byClass.count <= label { byClass.append([]) }
            byClass[label].append(windows.count)
          }
          windows.append(WindowReference(corpus: number, recording: recording, window: window))
        }
      }
      return Pool(
        sensors: contracts.map(\.sensor), windows: windows, byClass: byClass.filter { !$0.isEmpty })
    }
  }

  /// Windows of each kind, in the order of the sources.
  public var counts: [Int] { pools.map(\.windows.count) }

  /// The batches of one epoch, as many of each kind: the mean over kinds. A small kind is gone through more than once, a
  /// large one in part, another part in each epoch. With one kind the epoch is all of it; its last batch may be smaller.
  public func epoch(_ number: Int) -> [BatchPlan] {
    let filled = pools.indices.filter { !pools[$0].windows.isEmpty }
    guard !filled.isEmpty else { return [] }
    let total = filled.reduce(0) { $0 + count(of: pools[$1]) }
    let size = filled.count == 1 ? total : (total / filled.count + batchSize - 1) / batchSize * batchSize
    let queues = filled.map { kind in
      let order = order(of: kind, count: size, epoch: number)
      return stride(from: 0, to: size, by: batchSize).map { start in
        BatchPlan(
          sensors: pools[kind].sensors, length: 1,
          windows: order[start..<min(start + batchSize, size)].map { pools[kind].windows[$0] })
      }
    }
    var random = RandomSource(seed: seed, for: "order of kinds in epoch \(number)")
    return (queues.first ?? []).indices.flatMap { batch in
      queues.indices.shuffled(using: &random).map { queues[$0][batch] }
    }
  }

  /// Windows of a kind in an epoch that has no other.
  private func count(of pool: Pool) -> Int {
    quota.map { $0.windowsPerClass * pool.byClass.count } ?? pool.windows.count
  }

  private func order(of kind: Int, count: Int, epoch: Int) -> [Int] {
    let pool = pools[kind]
    var random = RandomSource(seed: seed, for: "windows of kind \(kind) in epoch \(epoch)")
    var order: [Int] = []
    order.reserveCapacity(count)
    if let quota {
      var draw = RandomSource(seed: seed, for: "quota of kind \(kind) in epoch \(quota.isDrawnAnew ? epoch : 0)")
      while order.count < count { order += Self.draw(pool.byClass, quota.windowsPerClass, using: &draw) }
      return Array(order.shuffled(using: &random).prefix(count))
    }
    switch balance {
    case .none:
      while order.count < count {
        order += pool.windows.indices.shuffled(using: &random).prefix(count - order.count)
      }
    case .classes:
      for _ in 0..<count {
        let positions = pool.byClass[Int.random(in: 0..<pool.byClass.count, using: &random)]
        order.append(positions[Int.random(in: 0..<positions.count, using: &random)])
      }
    }
    return order
  }

  /// So many positions of each class.
  private static func draw(_ byClass: [[Int]], _ count: Int, using random: inout RandomSource) -> [Int] {
    byClass.flatMap { positions in
      var drawn: [Int] = []
      while drawn.count < count { drawn += positions.shuffled(using: &random).prefix(count - drawn.count) }
      return drawn
    }
  }
}
