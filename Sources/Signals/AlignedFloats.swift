import CFFTW

/// Scratch memory aligned as FFTW's vector code wants it. Starts as zeros.
final class AlignedFloats {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int) {
    // FFTW aborts on exhausted memory just as Swift's own arrays do.
    guard let pointer = fftwf_alloc_real(max(count, 1)) else { fatalError("out of memory: \(count) floats") }
    pointer.update(repeating: 0, count: max(count, 1))
    self.pointer = pointer
    self.count = count
  }

  deinit { fftwf_free(pointer) }
}
