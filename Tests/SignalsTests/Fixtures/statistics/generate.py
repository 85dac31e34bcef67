"""Normalisation and window features by NumPy."""
import numpy as np
import scipy.signal as ss

r = np.random.default_rng(5)
x = (r.standard_normal(1003) ** 3 * 4 + 7).astype(np.float32)
np.save("signal.npy", x)
d = x.astype(np.float64)
q1, q2, q3 = np.percentile(d, [25, 50, 75])
np.save("standard.npy", ((d - d.mean()) / d.std()).astype(np.float32))
np.save("quartiles.npy", ((d - q2) / (q3 - q1)).astype(np.float32))
np.save("median.npy", np.clip((d - q2) / (1.4826 * np.median(np.abs(d - q2))), -3, 3).astype(np.float32))
w = d[:1000].reshape(8, 125)
f, p = ss.periodogram(w, fs=25, window="hann")
c = w - w.mean(1, keepdims=True)
crossings = (np.diff((c >= 0).astype(int), axis=1) != 0).sum(1) / 5
bands = [p[:, (f >= a) & (f < b)].sum(1) * (f[1] - f[0]) for a, b in ((0.5, 4), (4, 8))]
np.save("features.npy", np.stack(
    [w.mean(1), w.std(1), *np.percentile(w, [0, 25, 50, 75, 100], axis=1), crossings, *bands], 1).astype(np.float32))
