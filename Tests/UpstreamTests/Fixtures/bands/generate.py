"""Short-time spectra by SciPy, their logarithmic power, and its mean in bands of equal ratio, by NumPy."""
import os

import numpy as np
from scipy.signal import stft

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(6)
windows = random.standard_normal((2, 2, 600)) * np.array([1, 3])[:, None]
_, _, cells = stft(windows, window="hann", nperseg=64, noverlap=32, boundary="zeros", padded=True, detrend=False)
power = np.abs(cells.transpose(0, 1, 3, 2)) ** 2 + 1e-8  # windows, channels, frames, bins
edges = [1, 2, 4, 8, 16, 33]
bands = np.stack([np.log(power[..., a:b].mean((-2, -1))) for a, b in zip(edges, edges[1:])], -1)
for name, value in [("windows", windows), ("spectrogram", np.log(power)), ("bands", bands)]:
    np.save(os.path.join(HERE, name + ".npy"), np.ascontiguousarray(value, dtype=np.float32))
