"""Makes small pressure maps in several forms, and what NumPy makes of them. Needs numpy 1.24 or newer and scipy.

  python make_maps.py
"""
import json
import pathlib

import numpy as np
from scipy.ndimage import generic_filter

folder = pathlib.Path(__file__).parent
frames = (np.arange(3 * 4 * 6).reshape(3, 4, 6) * 7 % 23).astype(np.float32)
np.save(folder / "frames.npy", frames)
np.save(folder / "frame.npy", frames[0])
np.save(folder / "flat.npy", frames.reshape(3, 24).astype(np.int16))
np.savez_compressed(folder / "frames.npz", maps=frames, fs=np.array(2.0))
np.savez(folder / "two.npz", a=frames, b=frames + 1)
np.savetxt(folder / "frame.csv", frames[0], fmt="%g", delimiter=",")
np.savetxt(folder / "frames.txt", frames.reshape(3, 24), fmt="%g")
np.savetxt(folder / "rows.txt", frames.reshape(12, 6), fmt="%g", delimiter=";", header="mat 4 x 6\nN", comments="")

holes = frames[:1].copy()
holes[0, 1, 2] = holes[0, 3, 5] = np.nan
lines = [",".join("" if np.isnan(x) else f"{x:g}" for x in row) for row in holes[0]]
(folder / "holes.csv").write_text("\n".join(lines) + "\n")
mean = generic_filter(holes[0].astype(float), lambda x: np.nanmean(x), size=3, mode="constant", cval=np.nan)
filled = np.where(np.isnan(holes[0]), mean, holes[0])

expected = {
    "frames": frames.tolist(),
    "turned": {str(k): np.rot90(frames, k, axes=(1, 2)).tolist() for k in range(4)},
    "mirrored": frames[:, :, ::-1].tolist(),
    "filled": filled.tolist(),
}
(folder / "expected.json").write_text(json.dumps(expected) + "\n")
