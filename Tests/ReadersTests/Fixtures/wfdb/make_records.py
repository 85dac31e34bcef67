"""Small WFDB records of compressed and difference formats, of MATLAB files and of several segments, small annotation files, and what wfdb-python 4.3 reads from them.

Run: make_records.py; writes records/ beside itself. Needs wfdb and soundfile.
"""

import json
from pathlib import Path

import numpy as np
import soundfile
import wfdb

here = Path(__file__).parent / "records"
here.mkdir(exist_ok=True)
random = np.random.default_rng(11)
expected = {}


def header(name, *lines):
    (here / f"{name}.hea").write_text("\n".join(lines) + "\n")


def walk(count, channels, step, limit):
    """A signal as FLAC likes it, with a missing sample in each channel."""
    x = np.clip(np.cumsum(random.integers(-step, step + 1, size=(count, channels)), 0), -limit, limit - 1)
    for channel in range(channels):
        x[5 + 7 * channel, channel] = -limit
    return x


# First differences, from the header's initial values; two samples a frame of one signal.
differences = random.integers(-128, 128, size=(120, 3)).astype("i1")
(here / "d8.dat").write_bytes(differences.tobytes())
header("d8", "d8 2 50 120", "d8.dat 8x2 100(4)/mV 12 0 -300 0 0 ECG", "d8.dat 8 10/l 12 0 77 0 0 Resp")

# FLAC: one block of each width; 24 bits with two samples a frame; an offset, which counts samples; fewer bits than there may be.
for form, limit, step in (("508", 128, 4), ("516", 32768, 900), ("524", 8388608, 90000)):
    wfdb.wrsamp(f"c{form}", fs=100, units=["mV", "uV"], sig_name=["a", "b c"], d_signal=walk(300, 2, step, limit),
                fmt=[form] * 2, adc_gain=[200.0, 12.5], baseline=[0, -3], write_dir=str(here))
soundfile.write(here / "frames.flac", walk(240, 3, 900, 32768).astype("i2"), 100, subtype="PCM_16", format="FLAC")
header("flacframes", "flacframes 3 50 110", *(f"frames.flac 524x2+20 {gain}/mV 24 0 0 0 0 {name}"
                                               for gain, name in ((100, "x"), (50.5, "y"), (-7, "z"))))

# Samples in a MATLAB file of version 4: 24 bytes before them.
samples = random.integers(-2000, 2000, size=(150, 3)).astype("<i2")
samples[11, 1] = -32768
(here / "m16.mat").write_bytes(np.array([0x1e, 3, 150, 0, 4], "<i4").tobytes() + b"val\0" + samples.tobytes())
header("m16", "m16 3 200 150", *(f"m16.mat 16+24 {gain}/uV 16 0 0 0 0 {name}"
                                 for gain, name in ((1, "F3-M2"), (1, "ABD"), (1.25, "ECG"))))


def segment(name, frames, signals):
    """signals: name, gain(baseline)/unit, samples a frame."""
    perframe = [s[2] for s in signals]
    data = random.integers(-900, 900, size=(frames, sum(perframe))).astype("<i2")
    data[3, -1] = -32768
    (here / f"{name}.dat").write_bytes(data.tobytes())
    header(name, f"{name} {len(signals)} 10 {frames}",
           *(f"{name}.dat 16{'x%d' % n if n > 1 else ''} {gain} 16 0 0 0 0 {label}" for label, gain, n in signals))


# Segments of one arrangement, whose gains differ.
segment("fixed1", 40, [("ECG", "100/mV", 1), ("Resp", "10(5)/l", 1)])
segment("fixed2", 25, [("ECG", "250(-7)/mV", 1), ("Resp", "20/l", 1)])
segment("fixed3", 60, [("ECG", "100/mV", 1), ("Resp", "10/l", 1)])
header("fixed", "fixed/3 2 10 125 22:10:00 01/02/2020", "fixed1 40", "fixed2 25", "fixed3 60")

# A layout, and segments that lack signals or have them in another order; a short gap.
header("vary_layout", "vary_layout 3 10 0", "~ 0x2 200/mV 0 0 0 0 0 ECG", "~ 0 200/l 0 0 0 0 0 Resp",
       "~ 0 200/mmHg 0 0 0 0 0 BP")
segment("vary_1", 700, [("ECG", "100/mV", 2), ("Resp", "10/l", 1)])
segment("vary_2", 500, [("BP", "2(-100)/mmHg", 1), ("ECG", "50/mV", 2)])
segment("vary_3", 650, [("Resp", "12.5/l", 1), ("ECG", "100/mV", 2), ("BP", "4/mmHg", 1)])
header("vary", "vary/5 3 10 1950 22:10:00 01/02/2020", "vary_layout 0", "vary_1 700", "~ 100", "vary_2 500", "vary_3 650")

# Stages where they change, with respiratory events and arousals among them, one event longer than 1023 samples; 2 ticks a second.
marks = [(60, "W"), (180, "N1"), (200, "(resp_hypopnea"), (260, "resp_hypopnea)"), (300, "N2"), (310, "(arousal_rera"),
         (318, "arousal_rera)"), (840, "N1"), (900, "N1"), (960, "R"), (3000, "N3"), (5100, "W")]
wfdb.wrann("night", "arousal", np.array([m[0] for m in marks]), symbol=['"'] * len(marks), aux_note=[m[1] for m in marks],
           write_dir=str(here))
# Beats with rhythms of the heart and no stages, and apnoea by the minute.
wfdb.wrann("beats", "atr", np.array([0, 18, 77, 99]), symbol=["+", "N", "N", "+"], aux_note=["(N", "", "", "(AFIB"], write_dir=str(here))
wfdb.wrann("minutes", "apn", np.arange(5) * 6000, symbol=list("NNAAN"), write_dir=str(here))
annotations = {}
for name, extension in (("night", "arousal"), ("beats", "atr"), ("minutes", "apn")):
    a = wfdb.rdann(str(here / name), extension, return_label_elements=["label_store"])
    annotations[f"{name}.{extension}"] = [
        dict(sample=int(s), code=int(c), text=t.rstrip("\0")) for s, c, t in zip(a.sample, a.label_store, a.aux_note)]
(here / "annotations.json").write_text(json.dumps(annotations, separators=(",", ":")))

for name in ("d8", "c508", "c516", "c524", "flacframes", "m16", "fixed", "vary"):
    record = wfdb.rdrecord(str(here / name), smooth_frames=False, physical=True)
    expected[name] = [
        dict(name=record.sig_name[i], unit=record.units[i],
             values=[None if np.isnan(x) else round(float(x), 9) for x in record.e_p_signal[i]])
        for i in range(record.n_sig)]
(here / "expected.json").write_text(json.dumps(expected, separators=(",", ":")))
