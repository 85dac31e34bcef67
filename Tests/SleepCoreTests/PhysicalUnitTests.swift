import SleepCore
import TestSupport
import Testing

@Suite("Units")
struct PhysicalUnitTests {
  static let conversions: [(value: Double, from: String, to: String, expected: Double)] = [
    (1.5, "mV", "uV", 1500), (250, "µV", "mV", 0.25), (250, "μV", "uV", 250), (2, "V", "mV", 2000),
    (9.80665, "m/s2", "g", 1), (1, "g", "m/s^2", 9.80665), (-1000, "mg", "g", -1), (19.6133, "m/s²", "mg", 2000),
    (98.6, "°F", "degC", 37), (310.15, "K", "°C", 37), (36.5, "C", "F", 97.7), (-40, "degF", "degC", -40),
    (120, "mmHg", "kPa", 15.99864), (10, "cmH2O", "hPa", 9.80665), (1, "bar", "psi", 14.503774),
    (97, "%", "fraction", 0.97), (0.97, "1", "%", 97), (1.2, "Hz", "bpm", 72), (15, "breaths/min", "Hz", 0.25),
    (180, "deg/s", "rad/s", Double.pi),
  ]

  @Test("A value is brought to another unit of its family", arguments: conversions)
  func conversion(value: Double, from: String, to: String, expected: Double) throws {
    let units = (try #require(PhysicalUnit(from)), try #require(PhysicalUnit(to)))
    let (factor, offset) = try #require(units.0.conversion(to: units.1))
    expectClose([value * factor + offset], [expected], relative: 1e-7)
    let (back, added) = try #require(units.1.conversion(to: units.0))
    expectClose([expected * back + added], [value], relative: 1e-7)
  }

  @Test("Units of two families, and texts that are none, do not convert")
  func strangers() throws {
    let volt = try #require(PhysicalUnit("mV"))
    #expect(volt.conversion(to: try #require(PhysicalUnit("mg"))) == nil)
    #expect(PhysicalUnit("") == nil && PhysicalUnit("furlong") == nil)
  }
}
