import Foundation
public import Corpora
import SleepCore

/// Batches of grouped windows: some subjects or recordings, of each some stays, of each stay one or two windows.
///
/// A batch is of one sensor; all sensors give equally many, as ``Corpora/WindowSampler``'s. Which windows they are depends
/// on the seed and the epoch alone. Labels are not read: stays are found from the windows.
public struct StaySampler: Sendable {
  private struct Pool: Sendable {
    let sensors: [Sensor]
    /// Stays of maps, or whole stretches of signals, which are cut anew in each epoch; by group.
    let groups: [[Stay]]
    let isMap: Bool
  }

  private let pools: [Pool]
  private let grouping: BatchGrouping
  private let seed: UInt64

  /// - Parameter sources: One a corpus and sensor.
  /// - Throws: What reading the maps throws.
  public init(_ sources: [WindowSource], grouping: BatchGrouping, seed: UInt64) throws {
    precondition(grouping.count > 0 && grouping.stay.length > 0, "windows in a batch and in a stay")
    self.grouping = grouping
    self.seed = seed
    var order: [[WindowContract]] = []
    for source in sources where !order.contains(source.contracts) { order.append(source.contracts) }
    pools = try order.map { contracts in
      let isMap = contracts[0].sensor.isMap
      var names: [String] = []
      var groups: [String: [Stay]] = [:]
      for (number, source) in sources.enumerated() where source.contracts == contracts {
        for recording in source.recordings {
          let name = source.groupName(recording: recording, grouping.unit)
          let stretches = Stay.valid(source, corpus: number, recording: recording)
          let stays =
            isMap
            ? try stretches.flatMap { try $0.cut(source, correlation: grouping.stay.correlation) }
              .filter { $0.windows.count >= max(grouping.windows, grouping.stay.minimum) }
            : stretches.filter { $0.windows.count >= grouping.windows }
          if groups[name] == nil { names.append(name) }
          groups[name, default: []] += stays
        }
      }
      let kept = names.compactMap { groups[$0] }.filter { found in
        let stays = isMap ? found : found.flatMap { $0.cut(length: grouping.stay.length, first: 0) }
        return stays.count { $0.windows.count >= grouping.windows } >= max(1, grouping.fewestStays)
      }
      return Pool(sensors: contracts.map(\.sensor), groups: kept, isMap: isMap)
    }
  }

  /// Windows in the stays of each kind, in the order of the sources.
  public var counts: [Int] { pools.map { $0.groups.joined().reduce(0) { $0 + $1.windows.count } } }

  /// Stays of maps, or stretches of signals, in each group of each kind.
  package var stays: [[[Range<Int>]]] { pools.map { $0.groups.map { $0.map(\.windows) } } }

  /// The batches of one epoch: about as many windows as the stays of one kind hold.
  public func epoch(_ number: Int) -> [BatchPlan] {
    let filled = pools.indices.filter { !pools[$0].groups.isEmpty }
    guard !filled.isEmpty else { return [] }
    let total = filled.reduce(0) { $0 + counts[$1] }
    let perBatch = filled.count * grouping.count
    let batches = (total + perBatch - 1) / perBatch
    var random = RandomSource(seed: seed, for: "stays of epoch \(number)")
    let groups = filled.map { self.groups(of: pools[$0], &random) }
    return (0..<batches).flatMap { _ in
      filled.indices.shuffled(using: &random).map { kind in
        BatchPlan(sensors: pools[filled[kind]].sensors, length: 1, windows: draw(groups[kind], &random))
      }
    }
  }

  /// The stays of each group in an epoch, all sensors.
  func staysByGroup(epoch number: Int) -> [[Stay]] {
    var random = RandomSource(seed: seed, for: "stays of epoch \(number)")
    return pools.flatMap { groups(of: $0, &random) }
  }

  private func groups(of pool: Pool, _ random: inout RandomSource) -> [[Stay]] {
    if pool.isMap { return pool.groups }
    let first = Int.random(in: 0..<grouping.stay.length, using: &random)
    return pool.groups.map { stretches in
      func pieces(_ first: Int) -> [Stay] {
        stretches.flatMap { $0.cut(length: grouping.stay.length, first: first) }
          .filter { $0.windows.count >= grouping.windows }
      }
      let drawn = pieces(first)
      return drawn.count >= max(1, grouping.fewestStays) ? drawn : pieces(0)
    }
  }

  private func draw(_ groups: [[Stay]], _ random: inout RandomSource) -> [WindowReference] {
    groups.indices.shuffled(using: &random).prefix(grouping.groups).flatMap { group in
      groups[group].indices.shuffled(using: &random).prefix(grouping.stays).flatMap { index in
        let stay = groups[group][index]
        return distinct(grouping.windows, in: stay.windows, &random).map {
          WindowReference(corpus: stay.corpus, recording: stay.recording, window: $0)
        }
      }
    }
  }

  /// So many different numbers, in random order.
  private func distinct(_ count: Int, in range: Range<Int>, _ random: inout RandomSource) -> [Int] {
    var chosen: [Int] = []
    while chosen.count < count {
      let next = Int.random(in: range, using: &random)
      if !chosen.contains(next) { chosen.append(next) }
    }
    return chosen
  }
}

extension WindowSource {
  /// Who, or which recording, in words that are the same wherever it is the same.
  func groupName(recording: Int, _ unit: BatchGrouping.Unit) -> String {
    let found = store.recordings[recording]
    return switch unit {
    case .subject: "\(store.population)/\(found.subject.id)"
    case .recording: "\(store.path)/\(found.id)"
    }
  }
}
