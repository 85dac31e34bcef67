"""Rates that are no whole numbers, by SciPy in float64: a ratio of whole numbers by resample_poly, any other by a spline through the
signal at 32 times its rate."""
import numpy as np
import scipy.interpolate as si
import scipy.signal as ss

r = np.random.default_rng(11)
x = ss.sosfiltfilt(ss.butter(6, 0.5, output="sos"), r.standard_normal(1500)).astype(np.float32)
np.save("signal.npy", x)
ratios = (("31.25_32", 128, 125), ("31.25_10", 8, 25), ("33.333_10", 10000, 33333), ("102.4_100", 125, 128), ("50.017_50", 50000, 50017))
for name, up, down in ratios:
    np.save(f"{name}.npy", ss.resample_poly(x.astype(np.float64), up, down).astype(np.float32))
for name, old, new in (("63.9996_64", 63.9996, 64), ("49.9995_50", 49.9995, 50)):
    dense = ss.resample_poly(x.astype(np.float64), 32, 1, window=("kaiser", 12.0))
    times = np.arange(int(np.ceil(len(x) * new / old))) * old / new
    np.save(f"{name}.npy", si.CubicSpline(np.arange(len(dense)) / 32, dense)(times).astype(np.float32))
