#include <fftw3.h>

/// The library's name and version. Swift cannot see the array of unknown length that holds them.
static inline const char *fftwf_version_text(void) { return fftwf_version; }
