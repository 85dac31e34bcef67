import CFFTW
import Synchronization

extension FourierTransform {
  /// FFTW's planner has global state.
  private static let planner = Mutex<Void>(())

  /// A whole signal with another number of samples over the same time, as `scipy.signal.resample`: its spectrum is cut, or zeros are put
  /// behind it. What lies beyond its ends is the signal again, so that a step from its last sample to its first one rings at both ends.
  ///
  /// In double precision, since quiet stretches share their transform with loud ones. Plans are not kept: each recording has a length
  /// of its own. FFTW takes as long as `n log n` for any length, prime ones too.
  ///
  /// - Parameters:
  ///   - samples: All finite, at most 2³⁰.
  ///   - count: Samples of the result, at most 2³⁰.
  /// - Returns: `[count]`.
  /// - Throws: ``SignalError`` if one of both numbers is too large.
  public static func resampled(_ samples: [Float], to count: Int) throws -> [Float] {
    guard let largest = [samples.count, count].max(), largest <= 1 << 30 else {
      throw SignalError.setting(
        name: "a transform of", found: "\(max(samples.count, count)) values", expected: "at most \(1 << 30)")
    }
    guard !samples.isEmpty, count > 0, count != samples.count else { return count == samples.count ? samples : [] }
    let bins = max(samples.count, count) / 2 + 1
    guard let signal = fftw_alloc_real(largest) else { fatalError("out of memory: \(largest) doubles") }
    defer { fftw_free(signal) }
    guard let spectrum = fftw_alloc_complex(bins) else { fatalError("out of memory: \(bins) complex doubles") }
    defer { fftw_free(spectrum) }
    for index in samples.indices { signal[index] = Double(samples[index]) }
    try execute { fftw_plan_dft_r2c_1d(Int32(samples.count), signal, spectrum, FFTW_ESTIMATE) }
    let shared = min(samples.count, count)
    let values = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: Double.self)
    // The unpaired bin in the middle of an even number is halves of two bins of the longer one.
    if shared % 2 == 0 {
      let factor = count < samples.count ? 2.0 : 0.5
      for part in 0..<2 { values[shared + part] *= factor }
    }
    for index in min(2 * bins, 2 * (shared / 2 + 1))..<2 * bins { values[index] = 0 }
    try execute { fftw_plan_dft_c2r_1d(Int32(count), spectrum, signal, FFTW_ESTIMATE) }
    return (0..<count).map { Float(signal[$0] / Double(samples.count)) }
  }

  private static func execute(_ plan: () -> OpaquePointer?) throws {
    // Estimating does not touch the arrays.
    guard let made = planner.withLock({ _ in plan() }) else {
      throw SignalError.setting(name: "a transform of", found: "this length", expected: "one that FFTW can plan")
    }
    fftw_execute(made)
    planner.withLock { _ in fftw_destroy_plan(made) }
  }
}
