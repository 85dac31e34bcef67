"""Small BrainVision files that pybv 0.8 writes, and others of each form, with what MNE 1.13 reads from them.

Run: make_brainvision.py; writes files/ beside itself. Needs mne and pybv.
"""

import json
from datetime import datetime, timezone
from pathlib import Path

import mne
import numpy as np
import pybv

here = Path(__file__).parent / "files"
here.mkdir(exist_ok=True)
random = np.random.default_rng(3)
names = []

# What pybv writes: version 1.0, UTF-8, multiplexed.
data = random.normal(0, 40e-6, size=(4, 180))
events = [
    dict(type="Comment", onset=0, duration=30, description="Sleep stage W"),
    dict(type="Comment", onset=60, duration=1, description="Sleep stage N2"),
    dict(type="Stimulus", onset=61, duration=1, description=2),
    dict(type="Response", onset=90, duration=1, description=1),
]
when = datetime(2021, 3, 4, 22, 30, 15, 250000, tzinfo=timezone.utc)
for form, resolution in (("int16", [0.1, 0.001, 10.0, 0.01]), ("float32", [0.1, 1.0, 2.0, 0.5])):
    name = f"pybv_{form}"
    # In volts, temperature in its own unit.
    scaled = data.copy()
    scaled[3] = 36 + random.normal(0, 0.5, 180)
    pybv.write_brainvision(
        data=scaled, sfreq=100, ch_names=["F3-M2", "EOG, left", "EMG", "Temp"], fname_base=name, folder_out=str(here),
        overwrite=True, events=events, resolution=resolution, unit=["µV", "mV", "nV", "C"], fmt=f"binary_{form}",
        meas_date=when)
    names.append(name)


def write(name, header, content, markers=None, encoding="utf-8"):
    (here / f"{name}.vhdr").write_bytes(header.replace("\n", "\r\n").encode(encoding))
    (here / f"{name}.dat").write_bytes(content)
    if markers is not None:
        (here / f"{name}.vmrk").write_bytes(markers.replace("\n", "\r\n").encode(encoding))
    names.append(name)


channels = "[Channel Infos]\n; name, reference, resolution, unit\nCh1=C3,,0.5,µV\nCh2=O2,REF,2,mV\nCh3=Resp\\1 nasal,,,\n"

# A channel after the other, in the encoding of older recorders; 3906.25 us are 256 Hz.
x = random.integers(-3000, 3000, size=(3, 150)).astype("<i2")
write("vectorized", "Brain Vision Data Exchange Header File Version 1.0\n; a comment\n\n[Common Infos]\nDataFile=vectorized.dat\n"
      "MarkerFile=vectorized.vmrk\nDataFormat=BINARY\nDataOrientation=VECTORIZED\nNumberOfChannels=3\nSamplingInterval=3906.25\n"
      "DataPoints=150\n\n[Binary Infos]\nBinaryFormat=INT_16\n\n" + channels + "\n[Comment]\nCh9=not a channel\n",
      x.tobytes(),
      "Brain Vision Data Exchange Marker File, Version 1.0\n\n[Common Infos]\nDataFile=vectorized.dat\n\n[Marker Infos]\n"
      "Mk1=New Segment,,1,1,0,20200229235959500000\nMk2=Comment,Schlaf\\1 N2,65,0,0\nMk3=Stimulus,S  1,129,1,0\n",
      encoding="latin-1")

# Whole numbers of 32 bits; the pause between its segments is no gap to MNE.
z = random.integers(-2**30, 2**30, size=(200, 3)).astype("<i4")
write("pause", "BrainVision Data Exchange Header File Version 2.0\n[Common Infos]\nCodepage=UTF-8\nDataFile=pause.dat\n"
      "MarkerFile=pause.vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\nNumberOfChannels=3\nSamplingInterval=100000\n"
      "[Binary Infos]\nBinaryFormat=INT_32\n" + channels, z.tobytes(),
      "BrainVision Data Exchange Marker File Version 2.0\n[Common Infos]\nCodepage=UTF-8\nDataFile=pause.dat\n[Marker Infos]\n"
      "Mk1=New Segment,,1,1,0,20240101220000000000\nMk2=Comment,SN2,51,1,0\nMk3=New Segment,,101,1,0,20240101220013000000\n"
      "Mk4=New Segment,,121,1,0,20240101230000000000\nMk5=Comment,Sleep stage R,151,1,0\n")

# Text with decimal commas and a line of names.
y = random.normal(0, 50, size=(120, 3)).round(4)
text = "C3 O2 Resp\n" + "".join(" ".join(f"{v:.4f}".replace(".", ",") for v in row) + "\n" for row in y)
write("text", "BrainVision Data Exchange Header File Version 2.0\n[Common Infos]\nCodepage=UTF-8\nDataFile=text.dat\nDataFormat=ASCII\n"
      "DataOrientation=MULTIPLEXED\nNumberOfChannels=3\nSamplingInterval=5000\n[ASCII Infos]\nDecimalSymbol=,\nSkipLines=1\n"
      "SkipColumns=0\n" + channels, text.encode())

volts = {"V": 1, "mV": 1e-3, "µV": 1e-6, "uV": 1e-6, "nV": 1e-9}
expected = {}
for name in names:
    raw = mne.io.read_raw_brainvision(here / f"{name}.vhdr", preload=True, verbose="error")
    values = raw.get_data()
    expected[name] = dict(
        rate=raw.info["sfreq"], start=None if raw.info["meas_date"] is None else raw.info["meas_date"].strftime("%Y-%m-%d %H:%M:%S.%f"),
        channels=[dict(name=c, unit=raw._orig_units[c], values=[float(f"{v:.9g}") for v in values[i] / volts.get(raw._orig_units[c], 1)])
                  for i, c in enumerate(raw.ch_names)],
        markers=[dict(onset=float(a["onset"]), duration=float(a["duration"]), text=str(a["description"])) for a in raw.annotations])
(here / "expected.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False))
