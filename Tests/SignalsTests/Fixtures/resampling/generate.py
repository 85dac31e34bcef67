"""Polyphase resampling by SciPy, in float64."""
import numpy as np
import scipy.signal as ss

r = np.random.default_rng(3)
x = (np.cumsum(r.standard_normal(1001)) * 0.2).astype(np.float32)
np.save("signal.npy", x)
for up, down in ((1, 2), (3, 1), (2, 25), (5, 128), (5, 64), (25, 128), (64, 50), (7, 5), (147, 160)):
    np.save(f"resampled_{up}_{down}.npy", ss.resample_poly(x.astype(np.float64), up, down).astype(np.float32))
np.save("short.npy", ss.resample_poly(x[:3].astype(np.float64), 2, 5).astype(np.float32))
