import Encoders
import Layers
import SleepCore
import Tensors

/// Windows seen in several ways, twice each and changed anew each time: a copy has to find, in one softmax, which window it is of *and* in which
/// way it is seen.
///
/// An encoder that only told the ways could not find the window, and one that ignored them could not tell the copies of a window apart.
struct ViewSearch {
  private let projector: Projector
  private let temperature: Double
  private let negatives: ContrastTask.Negatives
  private let pairs: PairOptions

  init(
    _ scope: Scope, width: Int, projection: Int, temperature: Double, negatives: ContrastTask.Negatives,
    pairs: PairOptions
  ) throws {
    projector = try Projector(scope, inputs: width, hidden: width, outputs: projection, isNormalised: false)
    (self.temperature, self.negatives, self.pairs) = (temperature, negatives, pairs)
  }

  var grouping: BatchGrouping? { pairs.grouping(within: negatives.unit) }

  func callAsFunction(
    _ windows: PretextWindows, seen views: SearchedViews, _ encoder: any Encoder, _ random: inout RandomSource,
    _ mode: Mode
  ) throws -> PretextResult {
    let (count, ways) = (windows.count, views.count)
    let twice = Array(0..<count) + Array(0..<count)
    let mirrored = pairs.map.mirrored(windows, &random)
    // What is unlike the windows that will be read is normalised by itself, and leaves no trace in the running statistics.
    let natural = (0..<ways).filter(views.isNatural)
    let seen = try natural.map { try views(windows, at: twice, in: $0, pairs, mirrored: mirrored, &random) }
    var copies = [[Tensor]](repeating: [], count: ways)
    for (way, vectors) in zip(
      natural,
      try encoder(.concatenate(seen, axis: 0), of: windows.contract.sensor, mode).squeezed(1).split(2 * count, axis: 0))
    { copies[way] = try vectors.split(count, axis: 0) }
    for way in 0..<ways where !views.isNatural(way) {
      let seen = try views(windows, at: twice, in: way, pairs, mirrored: mirrored, &random)
      copies[way] = try encoder(seen, of: windows.contract.sensor, mode.aside).squeezed(1).split(count, axis: 0)
    }
    let vectors = try Tensor.concatenate(copies.map { $0[0] } + copies.map { $0[1] }, axis: 0)
    let order = (0..<(2 * ways)).flatMap { _ in Array(0..<count) }
    // A window drawn twice is no negative of itself seen in the same way.
    let places = windows.placeNumbers(order).enumerated().map { position, place in
      place * ways + position / count % ways
    }
    return try pairContrast(
      projector(vectors.relu(), mode), temperature: temperature, groups: negatives.groups(windows, order),
      places: places)
  }
}
