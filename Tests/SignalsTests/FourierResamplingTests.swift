import Foundation
import Signals
import TestSupport
import Testing

@Suite("Resampling by Fourier transform, and medians")
struct FourierResamplingTests {
  @Test(
    "A whole signal by Fourier transform is SciPy's, from and to even, odd and prime numbers of samples",
    arguments: [
      (1200, 96), (1200, 97), (1201, 96), (1201, 601), (601, 1200), (600, 1201), (600, 1200), (3, 8), (1, 4),
    ])
  func resampled(samples: Int, count: Int) throws {
    let fixture = Fixture("fourier")
    let signal = try fixture.floats("signal").values
    expectClose(
      try FourierTransform.resampled(Array(signal.prefix(samples)), to: count),
      try fixture.floats("resampled_\(samples)_\(count)").values, relative: 3e-7, absolute: 0)
  }

  @Test("A length that is a large prime number takes no longer than others do", .timeLimit(.minutes(1)))
  func prime() throws {
    let (samples, count) = (1_000_003, 80_000)
    func wave(_ count: Int) -> [Float] {
      (0..<count).map { Float(sin(2 * Double.pi * 1234 * Double($0) / Double(count))) }
    }
    expectClose(try FourierTransform.resampled(wave(samples), to: count), wave(count), absolute: 1e-6)
  }

  @Test("The same number of samples stays bit for bit; of nothing, and to nothing, there is nothing")
  func trivial() throws {
    #expect(try FourierTransform.resampled([1, 5, 2], to: 3) == [1, 5, 2])
    #expect(try FourierTransform.resampled([], to: 3).isEmpty)
    #expect(try FourierTransform.resampled([1, 2], to: 0).isEmpty)
    let error = #expect(throws: SignalError.self) { try FourierTransform.resampled([1, 2], to: 1 << 31) }
    #expect(
      error.map(words) == "found a transform of 2147483648 values, expected at most 1073741824")
  }

  @Test("Medians of neighbouring samples are SciPy's, zeros beyond the ends", arguments: [1, 3, 5, 21])
  func median(width: Int) throws {
    let fixture = Fixture("median")
    let signal = try fixture.floats("signal").values
    #expect(try MedianFilter(width: width)(signal) == fixture.floats("median_\(width)").values)
    #expect(try MedianFilter(width: 7)(Array(signal.prefix(3))) == fixture.floats("short").values)
    #expect(try MedianFilter(width: width)([]).isEmpty)
  }

  @Test("A missing sample leaves no median under the filter that holds it, and all others as they are")
  func missing() throws {
    var signal = try Fixture("median").floats("signal").values
    let whole = try MedianFilter(width: 5)(signal)
    signal[40] = .nan
    let found = try MedianFilter(width: 5)(signal)
    #expect(found.indices.filter { found[$0].isNaN } == Array(38...42))
    #expect(found.indices.allSatisfy { found[$0].isNaN || found[$0] == whole[$0] })
  }

  @Test("A median of an even number of samples is refused", arguments: [0, 4, -3])
  func refused(width: Int) {
    let error = #expect(throws: SignalError.self) { try MedianFilter(width: width) }
    #expect(error.map(words) == "found a median of \(width) samples, expected an odd number of them")
  }
}
