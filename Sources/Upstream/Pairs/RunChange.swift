import Corpora
public import SleepCore
package import Tensors
public import Training

/// How runs of windows are changed a little, or much.
public struct RunChange: Settings {
  public var map: MapAugmentation = .init()
  public var signal: SignalAugmentation = .init()
  /// Segments of which each window of signals is put together in another order; its own order where 1, or where there
  /// are not twice as many samples.
  public var segments: Int = 1

  public static let ranges = NumberRanges(CodingKeys.self, [.segments: .whole(1...64)])

  public init() {}

  /// Noise, and a change of gain.
  public static let weak: RunChange = {
    var change = RunChange()
    change.signal.gain = 0.2
    (change.map.shiftRows, change.map.shiftColumns) = (0.03, 0.05)
    (change.map.scale, change.map.rotateDegrees) = (0.03, 2)
    return change
  }()

  /// Segments in another order, and more noise.
  public static let strong: RunChange = {
    var change = RunChange()
    change.signal = .strong
    change.segments = 5
    return change
  }()

  /// The windows of whole runs, changed: gain and offset of a signal are the same throughout a run.
  ///
  /// - Parameters:
  ///   - length: Windows of a run.
  ///   - mirrored: Which maps to turn left side right.
  /// - Returns: `[windows, 1]` and the windows' shape.
  package func callAsFunction(
    _ windows: PretextWindows, length: Int, mirrored: [Bool]?, _ random: inout RandomSource
  ) throws -> Tensor {
    let contract = windows.contract
    var values = windows.values
    if contract.sensor.traits.form == .signal, segments > 1, contract.mapShape.columns >= 2 * segments {
      let shuffle = SegmentShuffle(contract, segments: segments, shortest: 0, gap: 0)
      values = shuffle(values, where: [Bool](repeating: true, count: windows.count), &random)
    }
    let input = try windows.tensor(values)
    let generator = try Generator(seed: random.next())
    if contract.sensor.traits.showsBody {
      return try map(input.squeezed(1), mirrored: mirrored, generator: generator).unsqueezed(1)
    }
    let runs = try input.reshaped([-1, length, contract.size / contract.mapShape.columns, contract.mapShape.columns])
    return try signal(runs, generator: generator).reshaped(input.shape)
  }
}
