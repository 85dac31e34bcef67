"""Spectra by NumPy and SciPy, from float32 signals, in float64."""
import numpy as np
import scipy.signal as ss

def save(name, array):
    np.save(f"{name}.npy", np.ascontiguousarray(array, dtype=np.float32))

def pairs(z):
    return np.stack([z.real, z.imag], -1)

r = np.random.default_rng(1)
x = (r.standard_normal((5, 100)) + 0.5).astype(np.float32)
save("rows", x)
x = x.astype(np.float64)
save("rfft_100", pairs(np.fft.rfft(x)))
save("rfft_25", pairs(np.fft.rfft(x.reshape(20, 25))))
c = x[:, 0::2] + 1j * x[:, 1::2]
save("fft", pairs(np.fft.fft(c)))
save("ifft", pairs(np.fft.ifft(c)))

s = (np.cumsum(r.standard_normal((3, 700)), 1) * 0.1 + r.standard_normal((3, 700))).astype(np.float32)
save("signals", s)
s = s.astype(np.float64)
turn = lambda a: np.swapaxes(a, 1, 2)
save("stft_128", pairs(turn(ss.stft(s, nperseg=128)[2])))
save("stft_90_30", pairs(turn(ss.stft(s, nperseg=90, noverlap=60, nfft=101, window="hamming")[2])))
save("stft_33_7", pairs(turn(ss.stft(s[:1], nperseg=33, noverlap=26, window="blackman")[2])))
f, t, p = ss.spectrogram(s, fs=50, nperseg=100, noverlap=40, window="hann", detrend="constant")
save("spectrogram", turn(p))
save("spectrogram_times", t)
save("spectrogram_frequencies", f)
_, _, m = ss.spectrogram(s, nperseg=64, noverlap=32, window="hann", detrend=False, scaling="spectrum", mode="complex")
save("magnitude", turn(np.abs(m)))
save("decibels", turn(10 * np.log10(np.maximum(np.abs(m) ** 2, 1e-4))))
f, w = ss.welch(s, fs=50, nperseg=128)
save("welch", w)
save("welch_odd", ss.welch(s, fs=50, nperseg=129, noverlap=100, window="hamming")[1])
save("periodogram", ss.periodogram(s, fs=50)[1])
inside = (f >= 2) & (f < 8)
save("band_power", w[:, inside].sum(1) * (f[1] - f[0]))
for name in ("boxcar", "hann", "hamming", "blackman", ("kaiser", 5.0)):
    label = name if isinstance(name, str) else name[0]
    np.save(f"window_{label}.npy", np.concatenate([ss.get_window(name, 16), ss.get_window(name, 15, fftbins=False)]))
