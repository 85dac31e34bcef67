"""Irregular samples on a grid and in bins, by NumPy."""
import numpy as np

r = np.random.default_rng(4)
t = np.sort(r.uniform(0, 60, 400))
t = t[(t < 20) | (t > 24.5)]
v = np.sin(t).astype(np.float32) + r.standard_normal(t.size).astype(np.float32) * np.float32(0.1)
order = np.concatenate([np.arange(50, 80), np.arange(0, 50), np.arange(80, t.size)])
np.save("times.npy", t[order])
np.save("values.npy", v[order])
grid = -1 + np.arange(620) / 10
y = np.interp(grid, t, v.astype(np.float64), left=np.nan, right=np.nan)
right = np.clip(np.searchsorted(t, grid), 1, t.size - 1)
y[t[right] - t[right - 1] > 2] = np.nan
np.save("missing.npy", np.isnan(y).astype(np.int64))
np.save("interpolated.npy", np.nan_to_num(y).astype(np.float32))
sums, _ = np.histogram(t, bins=np.arange(0, 61, 2), weights=v)
counts, _ = np.histogram(t, bins=np.arange(0, 61, 2))
np.save("counts.npy", counts.astype(np.int64))
np.save("sums.npy", sums.astype(np.float32))
