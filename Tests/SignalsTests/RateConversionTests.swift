import Signals
import TestSupport
import Testing

@Suite("Rates that are no whole numbers")
struct RateConversionTests {
  let fixture = Fixture("rates")

  @Test(
    "A ratio of whole numbers is SciPy's polyphase resampling",
    arguments: [
      (31.25, 32.0, "31.25_32"), (31.25, 10, "31.25_10"), (33.333, 10, "33.333_10"), (102.4, 100, "102.4_100"),
      (50.017, 50, "50.017_50"),
    ])
  func ratio(from: Double, to: Double, name: String) throws {
    let expected = try fixture.floats(name).values
    let found = try RateConversion(fromHz: from, toHz: to)(fixture.floats("signal").values)
    #expect(found.count == expected.count)
    expectClose(found, expected, absolute: 5e-6)
  }

  @Test(
    "Any other rate is SciPy's spline through a denser signal",
    arguments: [(63.9996, 64.0, "63.9996_64"), (49.9995, 50, "49.9995_50")])
  func any(from: Double, to: Double, name: String) throws {
    let expected = try fixture.floats(name).values
    let found = try RateConversion(fromHz: from, toHz: to)(fixture.floats("signal").values)
    #expect(found.count == expected.count)
    // Near the ends both filters reach beyond the signal.
    expectClose(Array(found.dropFirst(40).dropLast(40)), Array(expected.dropFirst(40).dropLast(40)), absolute: 2e-3)
  }

  @Test("A level stands beyond the ends, a constant stays one, and rates that are none are refused")
  func level() throws {
    let conversion = try RateConversion(fromHz: 63.9996, toHz: 64)
    #expect(conversion([Float](repeating: 3, count: 500), level: 3).allSatisfy { abs($0 - 3) < 1e-5 })
    #expect(conversion([]).isEmpty)
    #expect(throws: SignalError.self) { try RateConversion(fromHz: 0, toHz: 64) }
  }
}
