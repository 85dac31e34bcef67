#!/usr/bin/env python3
"""Acceleration that lies still now and then, and when actipy says that it was not worn. Needs numpy, pandas and actipy."""
import numpy as np
import pandas as pd
from actipy.processing import find_nonwear_segments

RATE, PATIENCE = 2, 20
random = np.random.default_rng(3)
parts = []
# Minutes, standard deviation in g.
for minutes, deviation in [(12, 0.1), (23, 0.006), (4, 0.2), (19, 0.004), (3, 0.08), (21, 0.019), (5, 0.1), (28, 0.008)]:
    count = minutes * 60 * RATE + 7
    rest = random.normal(size=3)
    parts.append(rest / np.linalg.norm(rest) + random.normal(0, deviation, (count, 3)))
samples = np.concatenate(parts).astype(np.float32)
# A gap while it lies still, and one while it moves.
samples[18 * 60 * RATE:18 * 60 * RATE + 130] = np.nan
samples[300:420] = np.nan
table = pd.DataFrame(samples, columns=["x", "y", "z"])
table.index = pd.Timestamp("2024-01-01 22:00:03") + pd.to_timedelta(np.arange(len(samples)) / RATE, unit="s")
found = find_nonwear_segments(table, patience=f"{PATIENCE}m")
assert len(found) >= 2
begin = (found.index - table.index[0]).total_seconds().values.astype(float)
np.save("acceleration.npy", samples.T.copy())
np.save("starts.npy", begin)
np.save("lengths.npy", found.dt.total_seconds().values.astype(float))
print(begin, found.values)
