import Encoders
import Layers
import SleepCore
import Tensors

/// Pairs of windows seen in several ways, each changed anew each time: a member has to find, in one softmax, which pair it is of *and* in which
/// way it is seen. A pair is a window twice, or two windows of one stay.
///
/// An encoder that only told the ways could not find the window, and one that ignored them could not tell a window's ways apart.
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
    let (order, ways) = (Pairs.order(windows.count, pairs.of), views.count)
    let count = order.count / 2
    let mirrored = pairs.map.mirrored(windows, &random)
    // What is unlike the windows that will be read is normalised by itself, and leaves no trace in the running statistics.
    let natural = (0..<ways).filter(views.isNatural)
    let seen = try natural.map { try views(windows, at: order, in: $0, pairs, mirrored: mirrored, &random) }
    let read = try encoder(.concatenate(seen, axis: 0), of: windows.contract.sensor, mode).squeezed(1)
    var members = [[Tensor]](repeating: [], count: ways)
    for (way, vectors) in zip(natural, try read.split(2 * count, axis: 0)) {
      members[way] = try vectors.split(count, axis: 0)
    }
    for way in 0..<ways where !views.isNatural(way) {
      let seen = try views(windows, at: order, in: way, pairs, mirrored: mirrored, &random)
      members[way] = try encoder(seen, of: windows.contract.sensor, mode.aside).squeezed(1).split(count, axis: 0)
    }
    let vectors = try Tensor.concatenate(members.map { $0[0] } + members.map { $0[1] }, axis: 0)
    // The first members in every way, then the second ones.
    let positions = [order.prefix(count), order.suffix(count)].flatMap { half in (0..<ways).flatMap { _ in half } }
    // A window drawn twice is no negative of itself seen in the same way.
    let places = windows.placeNumbers(positions).enumerated().map { position, place in
      place * ways + position / count % ways
    }
    return try pairContrast(
      projector(vectors.relu(), mode), temperature: temperature, groups: negatives.groups(windows, positions),
      places: places)
  }
}
