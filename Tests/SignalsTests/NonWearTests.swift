import Signals
import TestSupport
import Testing

@Suite("Non-wear")
struct NonWearTests {
  private let fixture = Fixture("non-wear")

  @Test("What lies still for longer than 20 minutes is not worn, as actipy finds it, also with gaps")
  func actipy() throws {
    let (shape, values) = try fixture.floats("acceleration")
    let axes = (0..<3).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    let found = NonWear.stretches(axes, seconds: { 100 + Double($0) / 2 }, stillMinutes: 20)
    expectClose(found.map(\.lowerBound), try fixture.doubles("starts").map { $0 + 100 })
    expectClose(found.map { $0.upperBound - $0.lowerBound }, try fixture.doubles("lengths"))
  }

  @Test("Still windows that do not follow each other are not joined, and nothing is found in nothing")
  func apart() {
    let still = [[Float]](repeating: [Float](repeating: 0.5, count: 240), count: 3)
    let whole = NonWear.stretches(still, seconds: { Double($0) }, stillMinutes: 3)
    #expect(whole == [0...230])
    let apart = NonWear.stretches(still, seconds: { Double($0) + ($0 < 120 ? 0 : 20) }, stillMinutes: 3)
    #expect(apart.isEmpty)
    #expect(NonWear.stretches([[], [], []], seconds: { Double($0) }, stillMinutes: 3).isEmpty)
    let missing = [[Float]](repeating: [Float](repeating: .nan, count: 240), count: 3)
    #expect(NonWear.stretches(missing, seconds: { Double($0) }, stillMinutes: 3).isEmpty)
  }
}
