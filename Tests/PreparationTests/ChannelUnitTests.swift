import Corpora
import Foundation
import Preparation
import SleepCore
import TestSupport
import Testing

@Suite("Scaled, inverted and converted channels")
struct ChannelUnitTests {
  private func values(
    _ unit: String, _ samples: [Float], _ choice: ChannelChoice, to wanted: String?, sensor: Sensor = .accelerometer
  ) throws -> (values: [Float], channel: Channel?, leads: [String: String]) {
    let signal = Signal(
      sensor: sensor, channels: [Channel(name: "x", unit: unit)],
      timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: [samples])
    let made = try Preprocessing(
      windowSeconds: Double(samples.count), sensors: [sensor: SensorPreprocessing(channels: [choice], unit: wanted)]
    )
    .windows(of: Recording(id: "r", subject: Subject("s"), signals: [signal]), path: "f.csv")
    return (made.sensors[0].values, made.sensors[0].contract.channels.first, made.leads)
  }

  @Test("A unit of the same family is converted, also where something is to be added")
  func converted() throws {
    let gravity = try values("m/s2", [9.80665, -19.6133, 0], ChannelChoice("x"), to: "g")
    expectClose(gravity.values, [1, -2, 0])
    #expect(gravity.channel == Channel(name: "x", unit: "g"))
    let warm = try values("°F", [98.6, 32, 212], ChannelChoice("x"), to: "degC", sensor: .temperature)
    expectClose(warm.values, [37, 0, 100], absolute: 1e-4)
    #expect(warm.channel == Channel(name: "x", unit: "degC"))
  }

  @Test("A channel is turned over and scaled as the card says, before its unit is converted")
  func scaled() throws {
    let turned = try values("mg", [1000, -500, 0], ChannelChoice("x", scale: -1), to: "g")
    expectClose(turned.values, [-1, 0.5, 0])
    #expect(turned.leads.values.contains { $0.contains("'x' times -1") })
    // Counts of 1/64 g, as some wrists keep them.
    let counts = try values("", [64, -32, 1], ChannelChoice("x", scale: 0.015625, unit: "g"), to: "mg")
    expectClose(counts.values, [1000, -500, 15.625])
    // Tenths of a kelvin.
    let kelvin = try values(
      "", [3101.5, 2731.5, 0], ChannelChoice("x", scale: 0.1, unit: "K"), to: "C", sensor: .temperature)
    expectClose(kelvin.values, [37, 0, -273.15], absolute: 1e-3)
    #expect(try values("g", [1, 2, 3], ChannelChoice("x", scale: 0.001), to: nil).values == [0.001, 0.002, 0.003])
  }

  @Test("A unit of another family is refused")
  func refused() {
    let error = #expect(throws: PreparationError.self) {
      try values("mV", [1, 2, 3], ChannelChoice("x"), to: "g")
    }
    #expect(error.map(words) == "f.csv: found the unit 'mV' in channel 'x', expected one that converts to 'g'")
  }

  static let rates: [(from: Double, to: Double)] = [
    (31.25, 10), (100.0 / 3, 10), (33.333, 10), (102.4, 25),
    (63.9996, 64), (25.0002, 25), (50.02, 20),
  ]

  @Test("A wave of 1 Hz stays where it is through ten minutes, whatever the rate", arguments: rates)
  func wave(from: Double, to: Double) throws {
    let samples = (0..<Int(600 * from) + 4).map { Float(sin(2 * Double.pi * Double($0) / from)) }
    let signal = Signal(
      sensor: .accelerometer, channels: [Channel(name: "x", unit: "g")],
      timing: .regular(startSeconds: 0, sampleRateHz: from), samples: [samples])
    let made = try Preprocessing(sensors: [.accelerometer: SensorPreprocessing(sampleRateHz: to)])
      .windows(of: Recording(id: "r", subject: Subject("s"), signals: [signal]), path: "f.csv")
    let values = made.sensors[0].values
    #expect(values.count == Int(600 * to))
    // Both ends lie within the filters' reach of nothing.
    let inside = Int(5 * to)..<values.count - Int(5 * to)
    let worst = inside.map { abs(Double(values[$0]) - sin(2 * Double.pi * Double($0) / to)) }.max()
    #expect(worst ?? 1 < 2e-3)
  }
}
