import Foundation
import Signals
import TestSupport
import Testing

@Suite("Fourier transforms")
struct FourierTransformTests {
  let fixture = Fixture("spectra")

  @Test("The spectrum of real rows is NumPy's, and its inverse gives the rows", arguments: [100, 25])
  func real(length: Int) throws {
    let rows = try fixture.floats("rows").values
    let spectrum = try FourierTransform.real(rows, length: length)
    expectClose(spectrum, try fixture.floats("rfft_\(length)").values, absolute: 2e-5)
    expectClose(try FourierTransform.inverseReal(spectrum, length: length), rows, absolute: 2e-6)
  }

  @Test("Complex spectra are NumPy's both ways")
  func complex() throws {
    let rows = try fixture.floats("rows").values
    let forward = try FourierTransform.complex(rows, length: 50)
    expectClose(forward, try fixture.floats("fft").values, absolute: 2e-5)
    expectClose(
      try FourierTransform.inverseComplex(rows, length: 50), try fixture.floats("ifft").values, absolute: 2e-6)
    expectClose(try FourierTransform.inverseComplex(forward, length: 50), rows, absolute: 2e-6)
  }

  @Test("A row's spectrum is bit for bit the same whatever stands beside it")
  func batchIndependent() throws {
    let rows = try fixture.floats("rows").values
    let many = (0..<9).flatMap { _ in rows }
    let one = try FourierTransform.real(Array(rows[200..<300]), length: 100)
    let all = try FourierTransform.real(many, length: 100)
    for copy in 0..<9 { #expect(Array(all[(copy * 5 + 2) * 102..<(copy * 5 + 3) * 102]) == one) }
  }

  @Test(
    "Every row of every block is transformed, in full blocks and in the last", arguments: [1, 8, 31, 32, 33, 64, 75])
  func everyRow(count: Int) throws {
    let rows = (0..<count * 12).map { (i: Int) -> Float in Float((i * i * 7919 + i * 104_729) % 65_536) / 32_768 - 1 }
    let together = try FourierTransform.real(rows, length: 12)
    let plan = try SpectrogramPlan(windowSamples: 12, hopSamples: 12, quantity: .power)
    let powers = try plan(rows, samples: 12)
    for row in 0..<count {
      let own = Array(rows[row * 12..<(row + 1) * 12])
      #expect(Array(together[row * 14..<(row + 1) * 14]) == (try FourierTransform.real(own, length: 12)))
      // By the definition, in double precision.
      for bin in 0..<7 {
        var (real, imaginary) = (0.0, 0.0)
        for (i, value) in own.enumerated() {
          real += Double(value) * cos(2 * .pi * Double(bin * i) / 12)
          imaginary -= Double(value) * sin(2 * .pi * Double(bin * i) / 12)
        }
        #expect(abs(Double(together[row * 14 + 2 * bin]) - real) < 1e-5)
        #expect(abs(Double(together[row * 14 + 2 * bin + 1]) - imaginary) < 1e-5)
      }
      #expect(Array(powers[row * 7..<(row + 1) * 7]) == (try plan(own, samples: 12)))
    }
    let complex = try FourierTransform.complex(rows, length: 6)
    let back = try FourierTransform.inverseReal(together, length: 12)
    for row in 0..<count {
      let range = row * 12..<(row + 1) * 12
      #expect(Array(complex[range]) == (try FourierTransform.complex(Array(rows[range]), length: 6)))
    }
    expectClose(back, rows, absolute: 1e-6)
    expectClose(try FourierTransform.inverseComplex(complex, length: 6), rows, absolute: 1e-6)
  }

  @Test("Many threads that plan and execute at once get identical results")
  func threads() async throws {
    let rows = try fixture.floats("rows").values
    // Lengths that no other test plans, so that the planner is met for the first time here.
    let lengths = [1, 2, 4, 5, 10, 20, 50, 125, 250, 500]
    func all() throws -> [[Float]] {
      try lengths.map { try FourierTransform.real(rows, length: $0) }
        + [1, 5, 25, 125, 250].map { try FourierTransform.complex(rows, length: $0) }
        + [try MapSpectrum(rows: 20, columns: 25)(rows)]
    }
    let results = try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<16 { group.addTask { try all() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 16)
    for result in results { #expect(result == results[0]) }
    #expect(try all() == results[0])
  }

  @Test(
    "Windows are SciPy's, periodic and symmetric",
    arguments: [
      ("boxcar", WindowFunction.rectangular), ("hann", .hann), ("hamming", .hamming), ("blackman", .blackman),
      ("kaiser", .kaiser(beta: 5)),
    ])
  func windows(name: String, window: WindowFunction) throws {
    expectClose(
      window.values(count: 16) + window.values(count: 15, periodic: false), try fixture.doubles("window_\(name)"))
  }

  @Test("No rows have no spectrum, and a length that does not fit is refused")
  func refused() throws {
    #expect(try FourierTransform.real([], length: 8).isEmpty)
    expectWords("found 7 samples, expected a multiple of 4") {
      try FourierTransform.real([Float](repeating: 0, count: 7), length: 4)
    }
    expectWords("found a transform of 0, expected 1 to 67108864 values") { try FourierTransform.real([1], length: 0) }
    expectWords("found a transform of \(Int.max), expected 1 to 67108864 values") {
      try FourierTransform.complex([1], length: Int.max)
    }
  }
}

/// Expects `body` to throw an error of these words.
func expectWords<Result>(
  _ expected: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch {
    #expect(words(of: error) == expected, sourceLocation: sourceLocation)
  }
}
