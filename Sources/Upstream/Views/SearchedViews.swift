package import SleepCore
package import Tensors
import Training

/// The ways in which windows of a sensor are seen where they are to be found again.
package struct SearchedViews {
  private enum Way {
    /// A map of a body, turned by so many degrees.
    case degrees(Double)
    /// So many quarter turns in the planes of pairs of channels.
    case quarters(TurningPlane, Int)
    /// A view of a map, or of a folded signal.
    case view(ViewMaker, View)
  }

  private let ways: [Way]
  package var count: Int { ways.count }

  /// SSRM's five views; of a map of a body, small turns stand for quarter turns where there are any.
  ///
  /// - Parameter degrees: Of maps that show a body.
  package static func views(_ contract: WindowContract, degrees: [Double]) throws -> SearchedViews {
    let maker = try ViewMaker(contract, isStandardised: false)
    guard contract.sensor.traits.showsBody, !degrees.isEmpty else {
      return SearchedViews(ways: View.allCases.map { .view(maker, $0) })
    }
    return SearchedViews(ways: degrees.map { .degrees($0) } + [.view(maker, .frequency)])
  }

  /// Turns: of maps of a body by some angles, of radar and acceleration by quarters in their planes, of all others by quarters as squares.
  ///
  /// - Parameter degrees: Of maps that show a body.
  package static func turns(_ contract: WindowContract, degrees: [Double]) throws -> SearchedViews {
    if contract.sensor.traits.showsBody { return SearchedViews(ways: degrees.map { .degrees($0) }) }
    if let plane = TurningPlane(contract) {
      return SearchedViews(ways: View.rotations.map { .quarters(plane, $0.rawValue) })
    }
    let maker = try ViewMaker(contract, isStandardised: false)
    return SearchedViews(ways: View.rotations.map { .view(maker, $0) })
  }

  /// Whether windows seen in a way look as those do that an encoder will read.
  package func isNatural(_ way: Int) -> Bool {
    if case .view(_, let view) = ways[way] { view == .raw } else { true }
  }

  /// Windows in a way, each changed anew before it is seen so.
  ///
  /// - Parameters:
  ///   - order: Positions in the batch.
  ///   - mirrored: Which maps of the batch lie the other way round.
  /// - Returns: `[windows, 1]` and the windows' shape.
  package func callAsFunction(
    _ windows: PretextWindows, at order: [Int], in way: Int, _ options: PairOptions, mirrored: [Bool]?,
    _ random: inout RandomSource
  ) throws -> Tensor {
    var turned = [Double](repeating: 0, count: order.count)
    if case .degrees(let degrees) = ways[way] { turned = turned.map { _ in degrees } }
    let changed = try options.changed(windows, order, turned: turned, mirrored: mirrored, &random).views
    switch ways[way] {
    case .degrees, .view(_, .raw): return changed
    case .view(let maker, let view):
      return try windows.tensor(maker(changed.values(), [view], &random, of: windows.share(of: order.count)))
    case .quarters(let plane, let turn):
      return try windows.tensor(plane.turned(changed.values(), by: order.map { _ in turn }))
    }
  }
}
