"""Medians of neighbouring samples by SciPy, zeros beyond the ends.

Run: python generate.py
"""
import numpy as np
import scipy.signal as ss

random = np.random.default_rng(8)
# Whole numbers, so that many are equal.
signal = np.round(3 + 4 * random.standard_normal(200)).astype(np.float32)
np.save("signal.npy", signal)
for width in (1, 3, 5, 21):
    np.save(f"median_{width}.npy", ss.medfilt(signal, width))
np.save("short.npy", ss.medfilt(signal[:3], 7))
