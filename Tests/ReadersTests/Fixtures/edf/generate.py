"""What MNE 1.13 reads from the EDF and BDF files of ../shared/datasets: channels, samples, annotations.

pyEDFlib is the second opinion where it opens the file. Run: generate.py <datasets folder>; writes expected.json beside itself.
"""

import json
import sys
import warnings
from pathlib import Path

import mne
import numpy as np
import pyedflib

mne.set_log_level("ERROR")
warnings.simplefilter("ignore")
root = Path(sys.argv[1])
files = sorted((root / "edf-conformance").glob("*")) + sorted((root / "sleep-edfx-1.0.0").rglob("*.edf"))
FACTORS = {"uV": 1e6, "µV": 1e6, "μV": 1e6, "mV": 1e3}


def labels_of(path):
    header = path.read_bytes()
    count = int(header[252:256])
    cut = lambda start, width: [header[start + i * width : start + (i + 1) * width].decode("latin-1").strip() for i in range(count)]
    at = 256 + count * (16 + 80 + 8 + 8 * 4 + 80)
    return cut(256, 16), cut(256 + count * 96, 8), [int(n) for n in cut(at, 8)]


def channels(path):
    """One file at a time and one rate at a time: MNE upsamples slower channels otherwise."""
    read = mne.io.read_raw_bdf if path.suffix == ".bdf" else mne.io.read_raw_edf
    labels, units, counts = labels_of(path)
    keep = [i for i, label in enumerate(labels) if label not in ("EDF Annotations", "BDF Annotations")]
    if not keep:
        return []
    names = read(path, stim_channel=None).ch_names
    out = []
    for name, index in zip(names, keep):
        others = [other for other, at in zip(names, keep) if counts[at] != counts[index]]
        raw = read(path, stim_channel=None, exclude=others, exclude_after_unique=True)
        values = raw.get_data(picks=[name])[0] * FACTORS.get(units[index], 1)
        picks = [0, 1, len(values) // 3, len(values) // 2, len(values) - 2, len(values) - 1]
        out.append(
            dict(name=name, unit=units[index].replace("µ", "u"), rate=raw.info["sfreq"], count=len(values),
                 sum=float(values.sum()), magnitude=float(np.abs(values).sum()),
                 indices=picks, values=[float(values[i]) for i in picks]))
    try:
        with pyedflib.EdfReader(str(path)) as second:
            for i, channel in enumerate(out):
                theirs = second.readSignal(i)
                assert np.isclose(theirs.sum(), channel["sum"], rtol=1e-9, atol=1e-6), (path, channel["name"])
    except OSError as error:
        print(path.name, "pyEDFlib:", str(error)[-80:])
    return out


expected = {}
for path in files:
    found = mne.read_annotations(path) if path.suffix == ".edf" or "generator" in path.name else []
    listed = sorted([float(a["onset"]), float(a["duration"]), str(a["description"])] for a in found)
    start = labels_of(path)[0] != ["EDF Annotations"] and (
        mne.io.read_raw_bdf if path.suffix == ".bdf" else mne.io.read_raw_edf)(path).info["meas_date"]
    expected[str(path.relative_to(root))] = dict(
        start=start.strftime("%Y-%m-%d %H:%M:%S") if start else None, channels=channels(path), annotations=listed)
Path(__file__).with_name("expected.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False))
