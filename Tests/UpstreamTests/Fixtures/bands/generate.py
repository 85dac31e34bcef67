"""Masked spectra's cells by SciPy and NumPy: short-time spectra in bands of equal ratio, and maps' frequencies over space."""
import os

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import stft

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(6)


def smooth(power, axis):
    """The mean of each value and its neighbours, fewer at the ends."""
    ones = np.ones_like(power)
    return uniform_filter1d(power, 3, axis, mode="constant") / uniform_filter1d(ones, 3, axis, mode="constant")


windows = random.standard_normal((2, 2, 600)) * np.array([1, 3])[:, None]
_, _, cells = stft(windows, window="hann", nperseg=64, noverlap=32, boundary="zeros", padded=True, detrend=False)
power = np.abs(cells.transpose(0, 1, 3, 2)) ** 2  # windows, channels, frames, bins
edges = [0, 2, 4, 8, 16, 33]
bands = np.stack([power[..., a:b].mean(-1) for a, b in zip(edges, edges[1:])], -1)

maps = random.standard_normal((3, 2, 7, 6)) ** 2
spectrum = np.fft.fft2(maps) / 42
folded = [[np.mean(np.abs(spectrum[..., [row, -row % 7], column]) ** 2, -1) for column in range(4)] for row in range(4)]
frequencies = smooth(smooth(np.array(folded).transpose(2, 3, 0, 1), 2), 3)
left = spectrum.copy()
left[..., [1, 2, 3, 4, 5, 6], :] = 0  # Frequency 2 along the rows, with 1 and 3 as its guard, and their negatives.
for name, value in [
    ("windows", windows),
    ("bands", np.log(smooth(bands, 2) + 1e-8)),
    ("maps", maps),
    ("frequencies", np.log(frequencies + 1e-8)),
    ("left", np.fft.ifft2(left * 42).real),
]:
    np.save(os.path.join(HERE, name + ".npy"), np.ascontiguousarray(value, dtype=np.float32))
