import CFFTW

/// The FFTW that the program is linked with.
public enum FourierLibrary {
  /// As it names itself: `fftw-3.3.10-sse2-avx`.
  public static let version = String(cString: fftwf_version_text())
}
