import Foundation
public import Layers
public import SleepCore
public import Tensors

/// A stem for each sensor and one trunk for all, so that what one sensor teaches serves the others.
public struct SharedEncoder: EncoderKind {
  public struct Options: Settings {
    /// The size of a window's vector, and of the trunk's tokens.
    public var width: Int = 64
    /// What the stems of one-dimensional signals are like.
    public var signal: SignalStem.Options = .init()
    /// What the stems of maps are like.
    public var map: MapStem.Options = .init()
    public var trunk: Trunk.Options = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .width: .whole(1...65_536)
      ])

    public var conflict: Misfit? {
      guard trunk.kind == .transformer, width % trunk.heads != 0 else { return nil }
      return Misfit(
        "trunk.heads", with: ["width"], is: "\(trunk.heads)", expected: "a divisor of the width, \(width)")
    }

    public init() {}
  }

  public static let name = "shared"
  public static let summary = "a stem a sensor, and one trunk for all"

  public let inputs: [WindowContract]
  public let width: Int
  private let stems: [Sensor: any Stem]
  private let trunk: Trunk

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws {
    self.inputs = inputs
    width = options.width
    trunk = try Trunk(scope("trunk"), options.trunk, width: options.width)
    var stems: [Sensor: any Stem] = [:]
    for input in inputs.sorted(by: { $0.sensor.rawValue < $1.sensor.rawValue }) {
      let place = scope("stems")(input.sensor.rawValue)
      stems[input.sensor] =
        input.sensor.isMap
        ? try MapStem(place, options.map, width: options.width, input: input)
        : try SignalStem(place, options.signal, width: options.width, input: input)
    }
    self.stems = stems
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try tokens(windows, of: sensor, mode).mean([2])
  }

  public func tokens(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try tokens(windows, of: sensor, mode, nil)
  }

  /// Those of the stem's convolutions, of its tokens, and of the trunk's blocks.
  public func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    var layers: [Tensor] = []
    _ = try tokens(windows, of: sensor, mode) { layers.append($0) }
    return try layers.map { try $0.reshaped([windows.shape[0], windows.shape[1], -1]) }
  }

  /// - Parameter see: Where it is there, is given each layer, pooled: `[windows, features]`.
  private func tokens(
    _ windows: Tensor, of sensor: Sensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?
  ) throws -> Tensor {
    let contract = try contract(of: sensor, for: windows)
    guard let stem = stems[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    let (batch, length) = (windows.shape[0], windows.shape[1])
    let tokens = try trunk(stem(windows.reshaped([batch * length] + contract.shape), mode, see), mode, see)
    return try tokens.reshaped([batch, length, tokens.shape[1], width])
  }
}

/// Turns one sensor's windows into tokens of the trunk's width.
protocol Stem {
  /// - Parameters:
  ///   - windows: `[windows, channels, samples]`, or rows and columns.
  ///   - see: Where it is there, is given what each convolution gives, pooled: `[windows, features]`.
  /// - Returns: `[windows, tokens, width]`.
  func callAsFunction(_ windows: Tensor, _ mode: Mode, _ see: ((Tensor) throws -> Void)?) throws -> Tensor
}
