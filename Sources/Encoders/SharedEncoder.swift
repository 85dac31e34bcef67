import Foundation
public import Layers
public import SleepCore
public import Tensors

/// A stem for each sensor and one trunk for all, so that what one sensor teaches serves the others.
public struct SharedEncoder: Encoder {
  public let inputs: [WindowContract]
  public let width: Int
  private let stems: [Sensor: any Stem]
  private let trunk: Trunk

  public init(_ scope: Scope, _ recipe: EncoderRecipe, inputs: [WindowContract]) throws {
    self.inputs = inputs
    width = recipe.width
    trunk = try Trunk(scope("trunk"), recipe.trunk, width: recipe.width)
    var stems: [Sensor: any Stem] = [:]
    for input in inputs.sorted(by: { $0.sensor.rawValue < $1.sensor.rawValue }) {
      let place = scope("stems")(input.sensor.rawValue)
      stems[input.sensor] =
        input.sensor.isMap
        ? try MapStem(place, recipe.map, width: recipe.width, input: input)
        : try SignalStem(place, recipe.signal, width: recipe.width, input: input)
    }
    self.stems = stems
  }

  public func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    let contract = try contract(of: sensor, for: windows)
    guard let stem = stems[sensor] else { throw EncoderError.sensor(sensor, known: inputs.map(\.sensor)) }
    let (batch, length) = (windows.shape[0], windows.shape[1])
    let tokens = try stem(windows.reshaped([batch * length] + contract.shape), mode)
    return try trunk(tokens, mode).reshaped([batch, length, width])
  }
}

/// Turns one sensor's windows into tokens of the trunk's width.
protocol Stem {
  /// - Parameter windows: `[windows, channels, samples]`, or rows and columns.
  /// - Returns: `[windows, tokens, width]`.
  func callAsFunction(_ windows: Tensor, _ mode: Mode) throws -> Tensor
}
