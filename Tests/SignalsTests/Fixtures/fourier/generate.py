"""Resampling of whole signals by Fourier transform, by SciPy in float64.

Run: python generate.py
"""
import numpy as np
import scipy.signal as ss

random = np.random.default_rng(7)
signal = (50 + np.cumsum(random.standard_normal(1201)) * 0.2).astype(np.float32)
np.save("signal.npy", signal)
# Even and odd lengths of both; 1201, 601 and 97 are prime.
for samples, count in ((1200, 96), (1200, 97), (1201, 96), (1201, 601), (601, 1200), (600, 1201), (600, 1200), (3, 8), (1, 4)):
    resampled = ss.resample(signal[:samples].astype(np.float64), count)
    np.save(f"resampled_{samples}_{count}.npy", resampled.astype(np.float32))
