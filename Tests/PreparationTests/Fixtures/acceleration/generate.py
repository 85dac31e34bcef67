"""Spectrograms of a watch's acceleration by NumPy and SciPy: magnitude, derivative at the watch's own times, 92.16 s around each
scored window of 30 s at 50 Hz on straight lines, short-time Fourier transform of 128 in decibels.

Run: python generate.py
"""
import numpy as np
from scipy.signal import stft

random = np.random.default_rng(5)
times = -31.5 + np.cumsum(random.uniform(0.015, 0.025, 6600))
# Nothing from 60 to 97 s: the window at 60 s has fewer than half of its samples, that at 30 s has more.
times = times[(times < 60) | (times > 97)]
times = times[times < 98.5]
movement = 0.01 + 0.2 * np.exp(-((times - 20) ** 2) / 8)
xyz = np.stack([0.6 + 0.05 * np.sin(0.4 * times), 0.3 + 0 * times, 0.7 + 0.03 * np.cos(2 * times)])
xyz = (xyz + movement * random.normal(size=xyz.shape)).astype(np.float32)

magnitude = np.sqrt((xyz.astype(np.float64) ** 2).sum(0))
derivative = np.gradient(magnitude, times)
expected, recorded = [], []
for start in (0, 30, 60):
    first = start - 31.08
    grid = first + np.arange(4608) / 50
    _, _, spectrum = stft(np.interp(grid, times, derivative), fs=50, nperseg=128)
    assert spectrum.shape == (65, 73)
    expected.append(10 * np.log10(np.maximum(np.abs(spectrum) ** 2, 1e-12)))
    recorded.append(((times >= first) & (times < first + 92.16)).sum())
print(recorded, "of 4608 samples")
np.save("times.npy", times)
np.save("xyz.npy", xyz)
np.save("derivative.npy", derivative.astype(np.float32)[::10])
np.save("spectrograms.npy", np.array(expected[:2], dtype=np.float32))
