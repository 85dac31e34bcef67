"""Butterworth sections and filtering both ways by SciPy."""
import numpy as np
import scipy.signal as ss

cases = [
    (1, "low", [10.0], 100.0), (2, "low", [0.5], 64.0), (3, "low", [20.0], 100.0), (5, "low", [4.0], 128.0),
    (8, "low", [30.0], 256.0), (1, "high", [0.3], 100.0), (4, "high", [0.5], 256.0), (5, "high", [10.0], 50.0),
    (1, "band", [0.1, 0.7], 10.0), (2, "band", [0.3, 35.0], 100.0), (3, "band", [5.0, 15.0], 256.0),
    (4, "band", [0.5, 40.0], 100.0), (5, "band", [2.0, 45.0], 100.0),
]
r = np.random.default_rng(2)
x = (np.cumsum(r.standard_normal((5, 800)), 1) + 20).astype(np.float32)
np.save("signals.npy", x)
# A long signal by formula, and places around quarters of it.
n = np.arange(120_000, dtype=np.int64)
long = ((n * n * 7919 + n * 104_729) % 65_536) / 32_768 - 1
places = (n % 30_000 < 60) | (n % 30_000 >= 29_940) | (n % 997 == 0)
for i, (order, kind, edges, fs) in enumerate(cases):
    sos = ss.butter(order, edges if len(edges) > 1 else edges[0], kind, fs=fs, output="sos")
    np.save(f"sos_{i}.npy", sos)
    if i in (2, 4, 6, 9, 12):
        np.save(f"filtered_{i}.npy", ss.sosfiltfilt(sos, x.astype(np.float64)).astype(np.float32))
        np.save(f"long_{i}.npy", ss.sosfiltfilt(sos, long)[places].astype(np.float32))
