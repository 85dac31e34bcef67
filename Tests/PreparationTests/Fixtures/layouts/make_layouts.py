"""Makes small nights of data sets whose files no code of the project writes: HDF5, NumPy archives and MATLAB files.

    pip install numpy scipy h5py
    python3 make_layouts.py
"""
import gzip
import io
import json
from pathlib import Path

import h5py
import numpy as np
import scipy.io

FOLDER = Path(__file__).parent
WINDOWS = 6
RATE_HZ = 25


def wave(name, samples):
    """Whole numbers of some tens of microvolts, another wave for each name."""
    random = np.random.default_rng(sum(name.encode()))
    phase = 2 * np.pi * 0.4 * np.arange(samples) / RATE_HZ
    return np.round(40 * np.sin(phase) + 25 * random.standard_normal(samples)).astype(np.float32)


def dreem(name, channels, stages):
    """The Dreem Open Datasets: an array a channel, their rates in JSON, a stage a window."""
    paths = [f"signals/{channel}" for channel in channels]
    with h5py.File(FOLDER / f"{name}.h5", "w") as file:
        for path in paths:
            data = wave(name + path, WINDOWS * 30 * RATE_HZ)
            file.create_dataset(path, data=data, compression="gzip", compression_opts=9)
        file["hypnogram"] = np.array(stages, dtype=np.int64)
        file.attrs["description"] = json.dumps([{"path": path, "fs": RATE_HZ} for path in paths])


def archive(name, stages, is_deep):
    """What DeepSleepNet and TinySleepNet prepare: windows of one channel, with Python's objects among the arrays."""
    windows = wave(name, len(stages) * 30 * RATE_HZ).reshape(len(stages), -1)
    if is_deep:
        more = {"header_raw": np.array({"channels": ["EEG Fpz-Cz"]}, dtype=object)}
        windows = windows[:, :, np.newaxis]
    else:
        more = {"start_datetime": np.array([None], dtype=object), "epoch_duration": 30, "n_epochs": len(stages)}
    np.savez(
        FOLDER / f"{name}.npz", x=windows, y=np.array(stages, dtype=np.int32), fs=float(RATE_HZ),
        ch_label="EEG Fpz-Cz", **more)


HOSPITAL = ["eeg/C3_M2", "eeg/F4_M1", "eog/EOG1", "emg/EMG", "emg/ECG"]
dreem("dodh-1", HOSPITAL, [-1, 0, 1, 2, 3, 4])
dreem("dodh-2", HOSPITAL, [0, 0, 2, 2, 4, -1])
dreem("dodo-1", HOSPITAL + ["eeg/C4_M1"], [0, 1, 2, 3, 3, 4])
dreem("dodo-2", HOSPITAL + ["eeg/C4_M1"], [0, 0, 0, -1, 2, 2])
archive("deep-1", [0, 1, 2, 3, 4, 2], True)
archive("deep-2", [0, 2, 2, 2, 3, 3], True)
archive("tiny-1", [0, 1, 2, 3, 4, 4], False)
archive("tiny-2", [0, 2, 2, 4, 4, 0], False)


def capture(name, awake=""):
    """CAPTURE-24: a day of a wrist, compressed, with a diary's words."""
    random = np.random.default_rng(sum(name.encode()))
    rows = ["time,x,y,z,annotation"]
    for index in range(WINDOWS * 30 * 10):
        seconds, tenths = divmod(index, 10)
        x, y, z = np.round(0.2 * np.sin(index / 40 + np.arange(3)) + 0.02 * random.standard_normal(3), 3)
        text = "7030 sleeping;MET 0.95" if index > 900 else awake if index > 300 else ""
        rows.append(f"2016-11-13 02:{18 + seconds // 60}:{seconds % 60:02}.{tenths}00000,{x},{y},{z + 0.9:.3f},{text}")
    with open(FOLDER / f"{name}.csv.gz", "wb") as file:
        file.write(gzip.compress("\n".join(rows).encode(), mtime=0))


capture("capture-1")
capture("capture-2", "home activity;miscellaneous;sitting;9060 sitting/lying reading;MET 1.3")


def headband(name, start, stages):
    """BIDSleep: stages of a headband, from a time of New York's clock on."""
    file = io.BytesIO()
    stages = np.array(stages, "u1")
    variables = {"recStart": start, "dreem_label": stages[:-1], "expert_label": stages}
    scipy.io.savemat(file, variables, do_compression=True, oned_as="row")
    # The header holds the time of writing.
    (FOLDER / f"{name}.mat").write_bytes(b"MATLAB 5.0 MAT-file, written by SciPy".ljust(116) + file.getvalue()[116:])


# The watch begins at 1,630,000,000 s since 1970, 13:46:40 in New York.
headband("bidsleep-1", "2021-08-26 13:46:10", [0, 0, 1, 2, 3, 4, 5, 0])
headband("bidsleep-2", "2021-08-26 13:47:40", [0, 2, 2, 4, 0])
