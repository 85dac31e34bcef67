import Foundation
public import Corpora
import SleepCore

/// Batches of grouped windows: some subjects or recordings, of each some stays, of each stay some windows.
///
/// A batch is of one sensor; all sensors give equally many, as ``Corpora/WindowSampler``'s. Which windows they are depends
/// on the seed and the epoch alone. Labels are not read: stays are found from the windows.
public struct StaySampler: Sendable {
  private struct Pool: Sendable {
    let sensors: [Sensor]
    /// Stays of maps, or whole stretches that are cut anew in each epoch; by group.
    let groups: [[Stay]]
    let isCut: Bool
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
      let isCut = grouping.cut == .likeness && contracts[0].sensor.isMap
      var names: [String] = []
      var groups: [String: [Stay]] = [:]
      for (number, source) in sources.enumerated() where source.contracts == contracts {
        for recording in source.recordings {
          let name = source.groupName(recording: recording, grouping.unit)
          let stretches = Stay.valid(source, corpus: number, recording: recording)
          let stays =
            isCut
            ? try stretches.flatMap {
              try $0.cut(source, correlation: grouping.stay.correlation, anchor: grouping.stay.anchor)
            }
            .filter { $0.windows.count >= max(grouping.windows, grouping.stay.minimum) }
            : stretches.filter { $0.windows.count >= grouping.windows }
          if groups[name] == nil { names.append(name) }
          groups[name, default: []] += stays
        }
      }
      let kept = names.compactMap { groups[$0] }.filter { found in
        grouping.isEnough(isCut ? found : grouping.pieces(of: found, first: 0))
      }
      return Pool(sensors: contracts.map(\.sensor), groups: kept, isCut: isCut)
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
    if pool.isCut { return pool.groups }
    let first = Int.random(in: 0..<grouping.stay.length, using: &random)
    return pool.groups.map { stretches in
      let drawn = grouping.pieces(of: stretches, first: first)
      return grouping.isEnough(drawn) ? drawn : grouping.pieces(of: stretches, first: 0)
    }
  }

  private func draw(_ groups: [[Stay]], _ random: inout RandomSource) -> [WindowReference] {
    groups.indices.shuffled(using: &random).prefix(grouping.groups).flatMap { group in
      let shuffled = groups[group].indices.shuffled(using: &random).map { groups[group][$0] }
      return grouping.withTwoApart(shuffled).prefix(grouping.stays).flatMap { stay in
        windows(of: stay, &random).map {
          WindowReference(corpus: stay.corpus, recording: stay.recording, window: $0)
        }
      }
    }
  }

  private func windows(of stay: Stay, _ random: inout RandomSource) -> [Int] {
    guard grouping.inOrder else { return distinct(grouping.windows, in: stay.windows, &random) }
    let first = Int.random(in: stay.windows.lowerBound...(stay.windows.upperBound - grouping.windows), using: &random)
    return Array(first..<(first + grouping.windows))
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
