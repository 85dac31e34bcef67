"""What wfdb-python 4.3 reads from ../shared/datasets/wfdb-conformance, and small signal files of every format that it writes.

Run: generate.py <datasets folder>; writes expected.json and written/ beside itself.
"""

import json
import sys
from pathlib import Path

import numpy as np
import wfdb

root = Path(sys.argv[1]) / "wfdb-conformance"
here = Path(__file__).parent
expected = dict(headers={}, annotations={}, records={})

for path in sorted(root.glob("*.hea")):
    h = wfdb.rdheader(str(path.with_suffix("")))
    expected["headers"][path.name] = dict(
        name=h.record_name, rate=h.fs, frames=h.sig_len, date=str(h.base_date), comments=len(h.comments),
        signals=[
            dict(file=h.file_name[i], format=int(h.fmt[i]), perFrame=h.samps_per_frame[i], skew=h.skew[i] or 0,
                 offset=h.byte_offset[i] or 0, gain=h.adc_gain[i], baseline=h.baseline[i], unit=h.units[i],
                 resolution=h.adc_res[i], zero=h.adc_zero[i], initial=h.init_value[i], checksum=h.checksum[i],
                 name=h.sig_name[i] or "")
            for i in range(h.n_sig)])

for path in sorted(p for p in root.iterdir() if p.suffix not in (".hea", ".dat")):
    a = wfdb.rdann(str(path.with_suffix("")), path.suffix[1:], return_label_elements=["label_store"])
    texts = [note.rstrip("\0") for note in a.aux_note]
    expected["annotations"][path.name] = dict(
        count=len(a.sample), rate=None if a.fs is None else float(a.fs), samples=[int(s) for s in a.sample[:40]],
        sums=[int(x.sum()) for x in (a.sample, a.label_store, a.subtype, a.chan, a.num)],
        firstTexts=[t for t in texts if t][:10], texts=sum(len(t) for t in texts))


def summary(record):
    out = []
    for i, name in enumerate(record.sig_name):
        x = record.e_p_signal[i]
        picks = sorted({0, 1, len(x) // 3, len(x) // 2, len(x) - 2, len(x) - 1})
        out.append(dict(name=name, count=len(x), sum=float(np.nansum(x)), magnitude=float(np.nansum(np.abs(x))),
                        missing=int(np.isnan(x).sum()), indices=[int(i) for i in picks],
                        values=[None if np.isnan(x[i]) else float(x[i]) for i in picks]))
    return out


expected["records"]["100"] = summary(wfdb.rdrecord(str(root / "100"), smooth_frames=False, physical=True))

written = here / "written"
written.mkdir(exist_ok=True)
random = np.random.default_rng(5)
for form, bits in (("16", 16), ("212", 12), ("80", 8), ("24", 24), ("32", 32), ("61", 16), ("160", 16), ("310", 10), ("311", 10)):
    top = 2 ** (bits - 1)
    signal = random.integers(-top, top, size=(100, 2))
    signal[7, 0] = signal[50, 1] = -top  # missing
    name = f"f{form}"
    if form in ("61", "160", "310", "311"):  # wfdb reads these, but does not write them
        flat = signal.ravel()
        padded = np.append(flat, np.zeros(-len(flat) % 3, int)) & 1023
        x, y, z = padded[0::3], padded[1::3], padded[2::3]
        words = np.stack([(x & 1023) << 1 | (z & 31) << 11, (y & 1023) << 1 | (z >> 5) << 11], 1)
        data = {"61": flat.astype(">i2"), "160": (flat + 32768).astype("<u2"), "310": words.astype("<u2"),
                "311": (x | y << 10 | z << 20).astype("<u4")}[form].tobytes()
        (written / f"{name}.dat").write_bytes(data)
        (written / f"{name}.hea").write_text(
            f"{name} 2 100 100\n{name}.dat {form} 200(0)/mV {bits} 0 0 0 0 a\n{name}.dat {form} 12.5(-3)/uV {bits} 0 0 0 0 b c\n")
    else:
        wfdb.wrsamp(name, fs=100, units=["mV", "uV"], sig_name=["a", "b c"], d_signal=signal, fmt=[form] * 2,
                    adc_gain=[200.0, 12.5], baseline=[0, -3], write_dir=str(written))
    expected["records"][name] = summary(wfdb.rdrecord(str(written / name), smooth_frames=False, physical=True))

# Two rates and a lag.
frames = [random.integers(-2000, 2000, size=n) for n in (200, 100)]
wfdb.wrsamp("frames", fs=100, units=["mV", "l"], sig_name=["ECG", "Resp"], e_d_signal=frames, samps_per_frame=[2, 1],
            fmt=["212"] * 2, adc_gain=[100.0, 10.0], baseline=[0, 0], write_dir=str(written))
header = (written / "frames.hea").read_text().replace("212x1 10.0", "212:3 10.0")
(written / "frames.hea").write_text(header)
expected["records"]["frames"] = summary(wfdb.rdrecord(str(written / "frames"), smooth_frames=False, physical=True))

wfdb.wrann("notes", "atr", np.array([0, 5, 3000, 100000, 100001]), symbol=["N", '"', "N", "+", "N"],
           subtype=np.array([0, 1, 2, 0, 3]), chan=np.array([0, 1, 1, 0, 2]), num=np.array([0, 2, 2, 9, 0]),
           aux_note=["", "odd", "even", "", "W"], fs=250, write_dir=str(written))
a = wfdb.rdann(str(written / "notes"), "atr", return_label_elements=["label_store"])
expected["annotations"]["notes.atr"] = dict(
    count=len(a.sample), rate=float(a.fs), samples=[int(s) for s in a.sample],
    sums=[int(x.sum()) for x in (a.sample, a.label_store, a.subtype, a.chan, a.num)],
    firstTexts=[t for t in a.aux_note if t], texts=sum(map(len, a.aux_note)))
(here / "expected.json").write_text(json.dumps(expected, separators=(",", ":")))
