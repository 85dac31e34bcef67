"""A night's profile with NumPy's statistics, np.interp over gaps, and SciPy's Gaussian filter.

One night of signals of two channels, one of breath, one of maps; windows that were not measured are in the middle and at both ends.
"""
import os

import numpy as np
from scipy.ndimage import gaussian_filter1d

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(5)
WINDOWS = 90
measured = np.ones(WINDOWS, dtype=bool)
measured[[0, 17, 18, 19, 40, 88, 89]] = False


def smoothed(values, deviation):
    return values if deviation == 0 else gaussian_filter1d(values, deviation, mode="nearest", truncate=4.0)


def profile(series, breath=(), shares=()):
    """`series`: of each channel its mean, the logarithm of its deviation and that of its step, of measured windows alone;
    `breath`: what is smoothed alike, without means; `shares`: what is not smoothed."""
    columns = []
    places = np.arange(WINDOWS)
    for number, values in enumerate(series):
        bridged = np.interp(places, places[measured], values[measured])
        columns += [smoothed(bridged, deviation) for deviation in (0, 4, 20)]
        if number % 3 == 0:
            columns.append(smoothed(bridged, 4) - smoothed(bridged, 40))
    for values in breath:
        bridged = np.interp(places, places[measured], values[measured])
        columns += [smoothed(bridged, deviation) for deviation in (0, 4, 20)]
    columns += [np.interp(places, places[measured], values[measured]) for values in shares]
    columns = np.stack(columns, axis=1)
    mean, deviation = columns[measured].mean(0), columns[measured].std(0)
    varies = deviation > 1e-6
    standard = np.where(varies, (columns - mean) / np.where(varies, deviation, 1), 0)
    return np.clip(standard, -4, 4).astype(np.float32)


def logarithms(means, deviations, steps):
    return [means, np.log(deviations + 0.02), np.log(steps + 0.01)]


level = np.cumsum(random.normal(size=(WINDOWS, 2, 1)), axis=0)
signals = (level + random.gamma(1.0, size=(WINDOWS, 2, 1)) * random.normal(size=(WINDOWS, 2, 6))).astype(np.float32)
# One window far from all others, which is cut at 4 deviations.
signals[60] += 400
wide = signals.astype(np.float64)
series = []
for channel in range(2):
    own = wide[:, channel]
    series += logarithms(own.mean(1), own.std(1), np.abs(np.diff(own, axis=1)).mean(1))
np.save(os.path.join(HERE, "signals.npy"), signals)
np.save(os.path.join(HERE, "signals-profile.npy"), profile(series))

maps = np.abs(np.cumsum(0.2 * random.normal(size=(WINDOWS, 4, 3)), axis=0) + 1).astype(np.float32)
wide = maps.astype(np.float64)
steps = np.zeros(WINDOWS)
before = None
for window in np.flatnonzero(measured):
    # Since the last map that was measured.
    steps[window] = 0 if before is None else np.abs(wide[window] - wide[before]).mean()
    before = window
flat = wide.reshape(WINDOWS, -1)
# 8 strips along the bed and 4 across, of which a map of 4 x 3 reaches 4 and 3.
along, across = wide.sum(2) / flat.sum(1, keepdims=True), wide.sum(1) / flat.sum(1, keepdims=True)
shares = [along[:, place // 2] if place % 2 == 0 else np.zeros(WINDOWS) for place in range(8)]
shares += [across[:, place] if place < 3 else np.zeros(WINDOWS) for place in range(4)]
np.save(os.path.join(HERE, "maps.npy"), maps)
np.save(os.path.join(HERE, "maps-profile.npy"), profile(logarithms(flat.mean(1), flat.std(1), steps), shares=shares))
np.save(os.path.join(HERE, "measured.npy"), measured.astype(np.int64))


def breathing(window, rate):
    """Rate, rhythm and depth: rises through a band about the mean by run lengths of its three levels."""
    mean, deviation = window.mean(), window.std()
    level = np.where(window < mean - 0.2 * deviation, -1, np.where(window > mean + 0.2 * deviation, 1, 0))
    outside = np.flatnonzero(level)
    rises = outside[1:][(level[outside][1:] == 1) & (level[outside][:-1] == -1)]
    times = np.diff(rises)
    rhythm = times.std() / times.mean() if len(times) > 1 else 1.0
    length = int(5 * rate)
    depths = np.log(window[: len(window) // length * length].reshape(-1, length).std(1) + 0.02)
    return np.log(len(rises) / (len(window) / rate / 60) + 1), np.log(rhythm + 0.02), np.log(depths.std() + 0.02)


RATE = 4
time = np.arange(WINDOWS * 30 * RATE) / RATE
pace = 0.25 + 0.05 * np.interp(time, np.arange(0, time[-1] + 20, 20), random.normal(size=len(np.arange(0, time[-1] + 20, 20))))
depth = np.exp(0.3 * np.interp(time, np.arange(0, time[-1] + 8, 8), random.normal(size=len(np.arange(0, time[-1] + 8, 8)))))
wave = depth * np.sin(2 * np.pi * np.cumsum(pace) / RATE)
# The second channel swings more for half of the night; one window has a single breath.
gain = np.repeat(np.where(np.arange(WINDOWS) < 45, 0.5, 1.5), 30 * RATE)
breath = np.stack([wave, gain * wave], axis=1) + 0.05 * random.normal(size=(len(time), 2))
breath = breath.reshape(WINDOWS, 30 * RATE, 2).transpose(0, 2, 1).astype(np.float32)
breath[31] = np.sin(np.linspace(0, 2 * np.pi, 30 * RATE, endpoint=False) - 1)
wide = breath.astype(np.float64)
series = []
for channel in range(2):
    own = wide[:, channel]
    series += logarithms(own.mean(1), own.std(1), np.abs(np.diff(own, axis=1)).mean(1))
most = wide.std(2).argmax(1)
found = np.array([breathing(wide[window, most[window]], RATE) for window in range(WINDOWS)])
np.save(os.path.join(HERE, "breath.npy"), breath)
np.save(os.path.join(HERE, "breath-profile.npy"), profile(series, breath=found.T))
