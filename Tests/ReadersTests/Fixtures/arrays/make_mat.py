"""MATLAB files of version 5 as SciPy writes them, in both orders of bytes. Run: python3 make_mat.py

Needs numpy and scipy. SciPy writes the order of bytes of its machine alone: `swapped` turns each element of a file that is not compressed
round, and what SciPy reads of the result must be what it reads of the original. Sample i of channel c is ((3 + c) * i % 251 - 125) / 4.
"""
import io
import pathlib
import struct
import zlib

import numpy as np
import scipy.io
import scipy.sparse

here = pathlib.Path(__file__).parent
HEADER = b"MATLAB 5.0 MAT-file, written by SciPy".ljust(116)
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8, 16: 1, 17: 2, 18: 4}


def wave(channel, count):
    return ((3 + channel) * np.arange(count) % 251 - 125) / 4


def save(variables, compressed):
    file = io.BytesIO()
    scipy.io.savemat(file, variables, do_compression=compressed, oned_as="row")
    # The header holds the time of writing.
    return HEADER + file.getvalue()[116:]


def swapped(data):
    """The elements of a file or of a matrix in the other order of bytes."""
    out, at = b"", 0
    while at < len(data):
        first, count = struct.unpack_from("<II", data, at)
        if first >> 16:
            kind, count, body = first & 0xFFFF, first >> 16, data[at + 4 : at + 4 + (first >> 16)]
            at += 8
            out += struct.pack(">I", first) + turned(kind, body).ljust(4, b"\0")
        else:
            body = data[at + 8 : at + 8 + count]
            at += 8 + (count + 7) // 8 * 8
            body = swapped(body) if first == 14 else turned(first, body)
            out += struct.pack(">II", first, count) + body + b"\0" * (-count % 8)
    return out


def turned(kind, body):
    width = WIDTHS[kind]
    return np.frombuffer(body, f"u{width}").byteswap().tobytes() if width > 1 else body


def big_endian(file):
    return file[:124] + b"\1\0MI" + swapped(file[128:])


def listing(*texts):
    cells = np.empty((len(texts), 1), dtype=object)
    cells[:, 0] = texts
    return cells


waves = np.stack([wave(c, 300) for c in range(2)])
night = {
    "data": waves.astype("f4"), "ecg": wave(4, 600), "small": (np.arange(300) % 200).astype("u1"),
    "large": (wave(2, 300) * 4).astype("i8"), "short": (wave(3, 300) * 4).astype("i2"),
    "unsigned": (np.arange(300) * 200).astype("u4"), "fs": 100.0, "labels": np.array([[0.0], [2], [5]]),
    "nested": {"trace": wave(5, 50)[:, None], "srate": 25, "units": "mV", "inner": {"deep": wave(6, 50)}},
    "name": "S01", "units": "uV", "recStart": "2026-01-31 22:30:00", "phase": np.ones(3, "c16"),
    "sparse": scipy.sparse.csc_matrix(np.eye(3)), "nothing": np.zeros((0, 4)), "mixed": listing("a", 1.0),
    "people": np.array([(1,), (2,)], dtype=[("age", "i4")]), "volume": np.zeros((2, 3, 2, 2)),
    "words": listing("W", "N2", "REM", "", "Éveil"), "rows": np.array(["Wake", "N1", "Rem"]),
}
plain = save(night, False)
(here / "five.mat").write_bytes(save(night, True))
(here / "five-plain.mat").write_bytes(plain)
(here / "five-big.mat").write_bytes(big_endian(plain))
one, other = (scipy.io.loadmat(here / f"five-{name}.mat", simplify_cells=True) for name in ("plain", "big"))
for key in night:
    if key in ("words", "mixed", "people"):
        assert repr(one[key]) == repr(other[key])
    elif key != "sparse":
        np.testing.assert_equal(one[key], other[key])

# A wearable's night as a headband's program stores its labels.
labels = {
    "recStart": "2021-11-06 22:29:30", "dreem_label": np.array([0, 0, 1, 2, 3, 4, 5], "u1"),
    "expert_label": np.array([0, 1, 2, 2, 3, 4, 5], "u1"),
}
(here / "labels.mat").write_bytes(save(labels, True))

# As MATLAB itself writes times; one that can be read in two ways is none.
for name, start in ("date", "06-Nov-2021 22:31:00"), ("unclear", "06/11/2021 22:31:00"):
    (here / f"labels-{name}.mat").write_bytes(save({"start": start, "stages": labels["expert_label"]}, True))

# A thousand times what it takes.
(here / "zeros.mat").write_bytes(save({"zeros": np.zeros(1_000_000, "i1"), "fs": 1000}, True))


# A structure that says it expands to 4 GB, and an array that says less than it holds.
def variable(size, kind, dimensions, rest):
    body = struct.pack("<IIIIII", 6, 8, kind, 0, 5, 8) + struct.pack("<ii", *dimensions) + struct.pack("<I4s", 1 << 16 | 1, b"a")
    stream = zlib.compress(struct.pack("<II", 14, size) + body + rest, 9)
    return struct.pack("<II", 15, len(stream)) + stream


start = HEADER.ljust(124) + b"\0\1IM"
(here / "bomb.mat").write_bytes(start + variable((1 << 32) - 8, 2, (1, 1), b"\0" * 10_000))
long = variable(6000, 6, (1, 700), struct.pack("<II", 9, 5600) + b"\0" * 50_000)
(here / "longer.mat").write_bytes(start + long + save({"fs": 10}, False)[128:])
