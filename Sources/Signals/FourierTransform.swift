/// Discrete Fourier transforms of many rows at a time, unscaled forwards and divided by the length backwards, as
/// NumPy's.
///
/// A complex value is two floats, real and imaginary part: a last axis of 2 (``torch.view_as_real``'s layout).
public enum FourierTransform {
  /// The spectrum of real rows, as `numpy.fft.rfft`.
  ///
  /// - Parameters:
  ///   - samples: `[batch, length]`.
  ///   - length: Samples in a row, at least 1.
  /// - Returns: `[batch, length / 2 + 1, 2]`.
  /// - Throws: ``SignalError`` if `samples` is no whole number of rows.
  public static func real(_ samples: [Float], length: Int) throws -> [Float] {
    try transform(samples, .realForward, shape: [length], what: "samples", scale: 1)
  }

  /// Real rows from their spectra, as `numpy.fft.irfft`.
  ///
  /// - Parameters:
  ///   - spectrum: `[batch, length / 2 + 1, 2]`.
  ///   - length: Samples in a row of the result, at least 1; even and odd lengths share a count of bins.
  /// - Returns: `[batch, length]`.
  /// - Throws: ``SignalError`` if `spectrum` is no whole number of rows.
  public static func inverseReal(_ spectrum: [Float], length: Int) throws -> [Float] {
    try transform(spectrum, .realInverse, shape: [length], what: "floats of spectra", scale: 1 / Float(length))
  }

  /// The spectrum of complex rows, as `numpy.fft.fft`.
  ///
  /// - Parameters:
  ///   - values: `[batch, length, 2]`.
  ///   - length: Complex values in a row, at least 1.
  /// - Returns: `[batch, length, 2]`.
  /// - Throws: ``SignalError`` if `values` is no whole number of rows.
  public static func complex(_ values: [Float], length: Int) throws -> [Float] {
    try transform(values, .complexForward, shape: [length], what: "floats of complex values", scale: 1)
  }

  /// Complex rows from their spectra, as `numpy.fft.ifft`; shapes as in ``complex(_:length:)``.
  ///
  /// - Throws: ``SignalError`` if `spectrum` is no whole number of rows.
  public static func inverseComplex(_ spectrum: [Float], length: Int) throws -> [Float] {
    try transform(spectrum, .complexInverse, shape: [length], what: "floats of spectra", scale: 1 / Float(length))
  }

  private static func transform(
    _ values: [Float], _ kind: FourierPlan.Kind, shape: [Int], what: String, scale: Float
  ) throws -> [Float] {
    let plan = try FourierPlan.cached(kind, shape: shape)
    let batch = try rowCount(values.count, of: plan.inputStride, what)
    let (inputs, outputs) = (plan.inputStride, plan.outputStride)
    return [Float](unsafeUninitializedCapacity: batch * outputs) { result, initialized in
      values.withUnsafeBufferPointer { values in
        guard let source = values.baseAddress, let target = result.baseAddress else { return }
        plan.run(batch) { index, input in
          input.update(from: source + index * inputs, count: inputs)
        } take: { index, output in
          let row = target + index * outputs
          for i in 0..<outputs { row[i] = output[i] * scale }
        }
      }
      initialized = batch * outputs
    }
  }
}
