#!/usr/bin/env python3
"""Writes small files in the formats of wearable devices and what reference libraries read in them.

Needs numpy, actipy (with Java), skdh, pygt3x and pandas. Run it in its own folder: files go to written/, numbers to
expected.json.
"""
import calendar
import contextlib
import io
import json
import os
import struct
import warnings

import numpy as np

warnings.simplefilter("ignore")
OUT = "written"
os.makedirs(OUT, exist_ok=True)
expected = {}


def seconds_of(*fields):
    return calendar.timegm(fields)


def motion(count, rate, seed):
    """Gravity that turns slowly, and noise: [count, 3] in g."""
    random = np.random.default_rng(seed)
    t = np.arange(count) / rate
    angle = 0.4 + 0.03 * t
    g = np.stack([np.cos(angle), np.sin(angle) * 0.8, np.sin(angle) * 0.6], 1)
    return g + 0.02 * random.standard_normal((count, 3)) + 0.05 * np.sin(2 * np.pi * 1.3 * t)[:, None]


def content(times, values):
    """A stretch with a time a sample."""
    return {"times": [float(t) for t in times], "values": numbers(values)}


def numbers(values):
    return [None if not np.isfinite(v) else float(v) for v in values]


def regular(start, rate, values):
    values = np.asarray(values, float)
    picked = sorted(set(np.linspace(0, len(values) - 1, min(40, len(values))).astype(int).tolist()))
    finite = values[np.isfinite(values)]
    return {
        "start": float(start), "rate": float(rate), "count": len(values), "missing": int(len(values) - len(finite)),
        "sum": float(finite.sum()), "magnitude": float(np.abs(finite).sum()), "indices": picked,
        "picked": numbers(values[picked]),
    }


def on_grid(blocks, rate, start, end):
    """Straight lines between samples: blocks are (start, seconds a sample, values, whether the next follows at once)."""
    grid = start + np.arange(int(round((end - start) * rate))) / rate
    result = np.full(len(grid), np.nan)
    for place, (begin, step, values, joined) in enumerate(blocks):
        times = begin + np.arange(len(values) + 1) * step
        after = blocks[place + 1][2][0] if joined else values[-1]
        inside = (grid >= begin - 1e-9) & (grid < times[-1] - 1e-9)
        result[inside] = np.interp(grid[inside], times, np.append(values, after))
    return result


def read_actipy(path):
    import actipy

    with contextlib.redirect_stdout(io.StringIO()):
        data, _ = actipy.read_device(
            path, lowpass_hz=None, calibrate_gravity=False, detect_nonwear=False, resample_hz=None, verbose=False)
    return data


# --- Axivity ------------------------------------------------------------------------------------------------------------


def axivity_time(seconds):
    import time

    t = time.gmtime(seconds)
    return (t.tm_year - 2000) << 26 | t.tm_mon << 22 | t.tm_mday << 17 | t.tm_hour << 12 | t.tm_min << 6 | t.tm_sec


def axivity_block(sequence, begin, rate_code, rate, samples, packed, accel_code, gyro_code):
    """A block whose first sample was taken at `begin`; returns its bytes and when a reader finds that it was."""
    anchor = 17 + sequence % 20
    moment = begin + anchor / rate
    whole = int(np.floor(moment))
    fraction = int((moment - whole) * 32768)
    offset = anchor - (((fraction << 1) * int(rate)) >> 16)
    axes = samples.shape[1]
    head = struct.pack(
        "<2sHHIIIHHBBBBhH", b"AX", 508, 0x8000 | fraction, 7, sequence, axivity_time(whole),
        accel_code << 13 | gyro_code << 10 | 300 + sequence % 50, 270 + sequence % 5, 0, 200 - sequence % 3, rate_code,
        axes << 4 | (0 if packed else 2), offset, len(samples))
    if packed:
        body = b"".join(
            struct.pack("<I", e << 30 | (z >> e & 1023) << 20 | (y >> e & 1023) << 10 | (x >> e & 1023))
            for x, y, z, e in samples_with_exponent(samples))
    else:
        body = samples.astype("<i2").tobytes()
    block = (head + body).ljust(510, b"\0")
    total = sum(struct.unpack("<255H", block)) & 0xFFFF
    return block + struct.pack("<H", -total & 0xFFFF), whole + fraction / 32768 - anchor / rate


def samples_with_exponent(samples):
    for x, y, z in samples.astype(int):
        e = 0
        while not all(-512 <= v >> e <= 511 for v in (x, y, z)):
            e += 1
        yield int(x), int(y), int(z), e


def axivity_header(rate_code, gyro):
    head = bytearray(b"\xff" * 1024)
    struct.pack_into("<2sHBHI", head, 0, b"MD", 1020, 0x64 if gyro else 0x17, 1234, 7)
    struct.pack_into("<HI", head, 11, 0xFFFF, 0)
    head[35] = 0x32 if gyro else 0
    head[36] = rate_code
    return bytes(head)


def axivity(name, *, blocks, rate_code, true_rate, gyro, holes, damaged, begin, scale=1.0):
    rate = 3200 / (1 << (15 - (rate_code & 15)))
    per_block = 40 if gyro else 120
    g = motion(blocks * per_block, true_rate, len(name)) * scale
    accel_code, gyro_code = (3, 2) if gyro else (0, 0)
    steps = np.clip(np.round(g * (1 << (8 + accel_code))), -32768, 32767)
    if gyro:
        turn = np.round(3000 * np.sin(np.arange(len(g)) / 70))[:, None] * [1, -0.5, 0.25]
        steps = np.concatenate([np.round(turn), steps], 1)
    data, starts = axivity_header(rate_code, gyro), []
    moment = begin
    for index in range(blocks):
        moment += holes.get(index, 0)
        piece = steps[index * per_block:(index + 1) * per_block]
        block, start = axivity_block(index, moment, rate_code, rate, piece, not gyro, accel_code, gyro_code)
        if index in damaged:
            block = block[:100] + bytes([block[100] ^ 0x40]) + block[101:]
        data += block
        starts.append(start)
        moment += per_block / true_rate
    path = f"{OUT}/{name}"
    open(path, "wb").write(data + b"AX\x00")
    table = read_actipy(path)
    columns = ["x", "y", "z"] + (["gyro_x", "gyro_y", "gyro_z"] if gyro else [])
    good = [i for i in range(blocks) if i not in damaged]
    values = table[columns].values.reshape(len(good), per_block, len(columns))
    starts = np.array([starts[i] for i in good])
    zero, nominal, step = starts[0], per_block / rate, 1 / rate
    parts, part = [], []
    for place, start in enumerate(starts):
        following = starts[place + 1] - start if place + 1 < len(starts) else np.inf
        joined = abs(following - nominal) <= 0.1 * nominal
        if joined:
            step = following / per_block
        part.append((place, start - zero, step, joined))
        if following - per_block * step > 60:
            parts.append(part)
            part = []
    names = ["Accelerometer X", "Accelerometer Y", "Accelerometer Z"]
    names += ["Gyroscope X", "Gyroscope Y", "Gyroscope Z"] if gyro else []
    channels = []
    for column, channel in enumerate(names):
        stretches = []
        for part in parts:
            end = part[-1][1] + part[-1][2] * per_block
            grid = on_grid([(b, s, values[p, :, column], j) for p, b, s, j in part], rate, part[0][1], end)
            stretches.append(regular(part[0][1], rate, grid))
        channels.append({"name": channel, "unit": "deg/s" if column > 2 else "g", "stretches": stretches})
    light = table["light"].values.reshape(len(good), per_block)[:, 0]
    # The maker's formula, where actipy has another.
    temperature = np.array([(270 + i % 5) * 75 / 256 - 50 for i in good])
    battery = np.array([3 * ((200 - i % 3) / 256 + 1) for i in good])
    for channel, unit, row in [("Temperature", "degC", temperature), ("Light", "lux", light), ("Battery", "V", battery)]:
        channels.append({
            "name": channel, "unit": unit,
            "stretches": [content([b for _, b, _, _ in part], [row[p] for p, _, _, _ in part]) for part in parts]})
    expected[name] = {"format": "cwa", "startSeconds": float(zero), "channels": channels}


axivity(
    "ax3.cwa", blocks=60, rate_code=0x49, true_rate=49.2, gyro=False, holes={20: 100.0, 30: 5.0}, damaged=[7],
    begin=seconds_of(2024, 3, 9, 23, 58, 30, 0, 0) + 0.37, scale=1.4)
axivity(
    "ax6.cwa", blocks=60, rate_code=0x4A, true_rate=100.9, gyro=True, holes={}, damaged=[],
    begin=seconds_of(2023, 12, 31, 23, 59, 50, 0, 0) + 0.81)

# --- GENEActiv ----------------------------------------------------------------------------------------------------------

GENEACTIV_HEADER = """Device Identity
Device Unique Serial Code:012345
Device Type:GENEActiv
Device Model:1.1
Device Firmware Version:Ver3.2 date30Sep12
Calibration Date:2013-04-15 11:42:10:100

Device Capabilities
Accelerometer Range:-8 to 8
Accelerometer Resolution:0.0039
Accelerometer Units:g
Light Meter Range:0 to 5000
Light Meter Resolution:5
Light Meter Units:lux
Temperature Sensor Range:0 to 70
Temperature Sensor Resolution:0.1
Temperature Sensor Units:deg. C

Configuration Info
Measurement Frequency:{rate} Hz\0\0\0
Measurement Period:216 Hours
Start Time:2024-10-05 21:30:00:000
Time Zone:GMT +01:00

Trial Info
Study Centre:{blank}
Study Code:x
Investigator ID:
Exercise Type:
Config Operator ID:
Config Time:2024-10-05 12:00:00:000
Config Notes:
Extract Operator ID:
Extract Time:2024-10-12 12:00:00:000
Extract Notes:

Subject Info
Device Location Code:left wrist
Subject Code:a
Date of Birth:1900-1-1
Sex:
Height:
Weight:
Handedness Code:
Subject Notes:

Calibration Data
x gain:25522
x offset:272
y gain:25457
y offset:-1129
z gain:24829
z offset:101
Volts:300
Lux:800

Memory Status
Number of Pages:{pages}

"""


def geneactiv(name, *, pages, rate, holes, begin):
    import time

    steps = np.round(
        (motion(pages * 300, rate, 5) * [25522, 25457, 24829] + [272, -1129, 101]) / 100).astype(int)
    light = (np.arange(pages * 300) // 50) % 1024
    button = (np.arange(pages * 300) % 450 < 20).astype(int)
    lines = GENEACTIV_HEADER.format(rate=rate, pages=pages + 3, blank=" " * 15).split("\n")[:59]
    starts, moment = [], begin
    for page in range(pages):
        moment += holes.get(page, 0)
        starts.append(moment)
        t = time.gmtime(int(moment))
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", t) + ":%03d" % round((moment % 1) * 1000)
        rows = slice(page * 300, page * 300 + 300)
        samples = "".join(
            "%03X%03X%03X%03X" % (x & 4095, y & 4095, z & 4095, l << 2 | b << 1)
            for (x, y, z), l, b in zip(steps[rows], light[rows], button[rows]))
        lines += [
            "Recorded Data", "Device Unique Serial Code:012345", f"Sequence Number:{page}", f"Page Time:{stamp}",
            "Unassigned:", f"Temperature:{20 + page / 2}", f"Battery voltage:{4.1 - page / 100:.4f}",
            "Device Status:Recording", f"Measurement Frequency:{rate}", samples]
        moment += 300 / rate
    path = f"{OUT}/{name}"
    open(path, "w", newline="").write("\r\n".join(lines) + "\r\n")
    from skdh.io import ReadBin

    acceleration = read_actipy(path)[["x", "y", "z"]].values.reshape(pages, 300, 3)
    with contextlib.redirect_stdout(io.StringIO()):
        floored = ReadBin().predict(file=path)["light"].reshape(pages, 300)
    lux = light.reshape(pages, 300) * 800 / 300
    assert np.array_equal(np.floor(lux + 1e-9), floored)
    zero, parts, part = starts[0], [], []
    for page in range(pages):
        part.append(page)
        if page + 1 < pages and starts[page + 1] - starts[page] - 300 / rate > 60:
            parts.append(part)
            part = []
    parts.append(part)

    def grids(values):
        result = []
        for part in parts:
            blocks = [
                (starts[p] - zero, 1 / rate, values[p],
                 p + 1 in part and abs(starts[p + 1] - starts[p] - 300 / rate) < 0.6) for p in part]
            result.append(regular(
                starts[part[0]] - zero, rate,
                on_grid(blocks, rate, starts[part[0]] - zero, starts[part[-1]] - zero + 300 / rate)))
        return result

    channels = [
        {"name": f"Accelerometer {letter}", "unit": "g", "stretches": grids(acceleration[:, :, axis])}
        for axis, letter in enumerate("XYZ")]
    channels.append({"name": "Light", "unit": "lux", "stretches": grids(lux)})
    channels.append({"name": "Button", "unit": "", "stretches": grids(button.reshape(pages, 300).astype(float))})
    for channel, unit, row in [
            ("Temperature", "degC", [20 + p / 2 for p in range(pages)]),
            ("Battery", "V", [round(4.1 - p / 100, 4) for p in range(pages)])]:
        channels.append({
            "name": channel, "unit": unit,
            "stretches": [content([starts[p] - zero for p in part], [row[p] for p in part]) for part in parts]})
    expected[name] = {"format": "geneactiv", "startSeconds": float(zero), "channels": channels}


geneactiv(
    "geneactiv.bin", pages=10, rate=40, holes={4: 30.0, 7: 200.0}, begin=seconds_of(2024, 10, 5, 23, 59, 40, 0, 0) + 0.5)

json.dump(expected, open("expected.json", "w"), indent=0)
