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

# --- ActiGraph .gt3x ----------------------------------------------------------------------------------------------------

TICKS = 621355968000000000


def ticks(seconds):
    return int(seconds * 10_000_000) + TICKS


def twelve(samples):
    """Numbers of 12 bits, the highest bit first, filled up to whole bytes."""
    digits = "".join("%03x" % (int(v) & 4095) for v in np.asarray(samples).reshape(-1))
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def record(kind, second, payload):
    data = struct.pack("<BBIH", 0x1E, kind, second, len(payload)) + payload
    total = 0
    for byte in data:
        total ^= byte
    return data + bytes([~total & 255])


def save_zip(path, members):
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "info.txt" else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


def read_pygt3x(path):
    """[samples, 4] of seconds since 1970 and acceleration as stored, without what is made up for idle sleep mode."""
    from pygt3x.reader import FileReader

    with FileReader(path) as reader:
        data = reader.acceleration.copy()
        if not reader.nhanes:
            data[:, 1:4] = reader.calibrate_acceleration(data[:, 1:4])
    data = data[data[:, 4] == 0]
    return data[np.argsort(data[:, 0], kind="stable"), :4]


def stretches_of(data, rate, zero, parts, mask):
    """One stretch a part, (first second, seconds), on a grid with NaN where nothing is, or where `mask` covers it."""
    channels = []
    for axis, letter in enumerate("XYZ"):
        stretches = []
        for first, length in parts:
            row = np.full(length * rate, np.nan)
            place = np.round((data[:, 0] - zero - first) * rate).astype(int)
            inside = (place >= 0) & (place < len(row))
            row[place[inside]] = data[inside, 1 + axis]
            for begin, end in mask:
                row[max(0, (begin - first) * rate):max(0, (end - first) * rate)] = np.nan
            stretches.append(regular(first, rate, row))
        channels.append({"name": f"Accelerometer {letter}", "unit": "g", "stretches": stretches})
    return channels


def link(name):
    """GT9X Link: 16 bits a number, idle sleep mode, a sensor of skin, a clock of UTC."""
    begin, rate, length = seconds_of(2024, 3, 10, 3, 59, 50, 0, 0), 30, 330
    g = motion(length * rate, rate, 8)
    steps = np.round(g * 256).astype("<i2")
    log = record(6, begin - 60, b'{"MetadataType":"Bio","Limb":"Wrist"}')
    log += record(6, begin - 60, b'{"MetadataType":"LocalTimeLog","UtcOffset":"-05:00:00","UsedUtc":true}')
    log += record(6, begin - 60, b'{"MetadataType":"SubjectTimeLog","UtcOffset":"-06:00:00"}')
    log += record(21, begin - 60, struct.pack("<HHI", 1, 2, 0x194) + struct.pack("<HHI", 0, 55, 0x09400000))
    # Asleep: five seconds, which are a gap within a stretch, and a hundred, after which a new stretch begins.
    asleep = set(range(70, 75)) | set(range(200, 300))
    battery, worn = [], []
    for second in range(length):
        if second in (70, 200):
            log += record(3, begin + second, b"\x08")
        if second in (75, 300):
            log += record(3, begin + second, b"\x09")
        if second % 60 == 0:
            log += record(2, begin + second, struct.pack("<H", 4100 - second))
            battery.append((second, (4100 - second) / 1000))
            state = 0 if second == 120 else 1
            log += record(13, begin + second, struct.pack("<HHBB", 500, 600, state, 0))
            worn.append((second, state))
        if second == 100:
            damaged = bytearray(record(26, begin + second, steps[second * rate:(second + 1) * rate].tobytes()))
            damaged[60] ^= 1
            log += bytes(damaged)
        elif second not in asleep:
            log += record(26, begin + second, steps[second * rate:(second + 1) * rate].tobytes())
        if second == 150:
            # The clock repeats a second, and a dock is told of.
            log += record(26, begin + second, steps[second * rate:(second + 1) * rate].tobytes())
            log += record(26, begin + second, b"\x01")
    info = "\ufeff" + "\r\n".join([
        "Serial Number: TAS1E00000001", "Device Type: Link", "Firmware: 1.7.2", "Battery Voltage: 4,09",
        f"Sample Rate: {rate}", f"Start Date: {ticks(begin)}", "Stop Date: 0", "TimeZone: -06:00:00",
        "Acceleration Scale: 256.0", "Acceleration Min: -8.0", "Acceleration Max: 8.0", "Limb: Wrist"]) + "\r\n"
    path = f"{OUT}/{name}"
    save_zip(path, {"info.txt": info.encode(), "log.bin": log + b"\0\0"})
    data = read_pygt3x(path)
    expected[name] = {
        "format": "gt3x", "startSeconds": float(begin - 6 * 3600),
        "channels": stretches_of(data, rate, begin, [(0, 200), (300, 30)], [(120, 180)]) + [
            {"name": "Battery", "unit": "V", "stretches": [content(*zip(*battery))]},
            {"name": "Worn", "unit": "", "stretches": [content(*zip(*worn))]}]}


def packed(name):
    """wGT3X-BT: 12 bits a number, light, no scale but that of its kind."""
    begin, rate, length = seconds_of(2024, 10, 26, 23, 59, 58, 0, 0), 30, 40
    steps = np.round(motion(length * rate, rate, 9) * 256).astype(int)
    log, light = b"", []
    for second in range(length):
        piece = steps[second * rate:(second + 1) * rate]
        log += record(0, begin + second, twelve(piece[:, [1, 0, 2]]))
        if second % 10 == 0:
            log += record(5, begin + second, struct.pack("<H", 65535 if second == 20 else 30 + second))
            light.append((second, np.nan if second == 20 else 30 + second))
    info = "\n".join([
        "Serial Number: MOS2E00000001", "Battery Voltage: 4,03", f"Sample Rate: {rate}", f"Start Date: {ticks(begin)}",
        "Acceleration Scale: 256.0"])
    path = f"{OUT}/{name}"
    save_zip(path, {"info.txt": info.encode(), "log.bin": log + b"\x1e\0\0"})
    data = read_pygt3x(path)
    expected[name] = {
        "format": "gt3x", "startSeconds": float(begin),
        "channels": stretches_of(data, rate, begin, [(0, length)], []) + [
            {"name": "Light", "unit": "lux", "stretches": [content(*zip(*light))]}]}


def old(name):
    """GT3X+ of the first firmware: no log, light once a second, zeros where nothing was written."""
    begin, rate, length = seconds_of(2011, 5, 1, 12, 0, 0, 0, 0), 30, 41
    steps = np.round(motion(length * rate, rate, 10) * 341).astype(int)
    values = np.arange(length) * 100
    values[3] = 65535
    info = "\r\n".join([
        "Serial Number: NEO1C00000001", "Firmware: 2.5.0", f"Sample Rate: {rate}", f"Start Date: {ticks(begin)}"])
    path = f"{OUT}/{name}"
    save_zip(path, {
        "info.txt": info.encode(), "log.txt": b"", "activity.bin": twelve(steps[:, [1, 0, 2]]) + bytes(9 * 150),
        "lux.bin": values.astype("<u2").tobytes()})
    data = read_pygt3x(path)[:length * rate]
    # pygt3x takes ticks for a Unix time here, and rounds to thousandths, as ActiLife does.
    data[:, 0] += begin - data[0, 0]
    data[:, 1:] = np.round(data[:, 1:] * 341) / 341
    lux = np.where(values == 65535, np.nan, np.where(values < 20, 0, np.minimum(values * 1.25, 2500)))
    expected[name] = {
        "format": "gt3x", "startSeconds": float(begin),
        "channels": stretches_of(data, rate, begin, [(0, length)], []) + [
            {"name": "Light", "unit": "lux", "stretches": [regular(0, 1, lux)]}]}


def stored_float(value):
    """24 bits of a fraction and 8 of an exponent."""
    fraction, exponent = np.frexp(value)
    return (int(round(fraction * 2**23)) & 0xFFFFFF) | (int(exponent) & 255) << 24


def motion_unit(name):
    """GT9X Link with its unit of motion sensors: rows by a schema, of its own crystal, both orders of bytes, a filler, a gap, a blank schema.

    No library reads these records: what is expected are the numbers that were written, put on the grid of 100 Hz.
    """
    begin, rate, length, nominal = seconds_of(2024, 5, 2, 21, 0, 0, 0, 0), 30, 40, 100
    names = [f"{kind} {axis}" for kind in ("Accelerometer", "Gyroscope", "Magnetometer") for axis in "XYZ"]
    names.insert(3, "Temperature")
    scale = {"Accelerometer": 2048.0, "Temperature": 333.87, "Gyroscope": 16.384, "Magnetometer": 6.826667}
    scales = [scale[n.split()[0]] for n in names]
    schema = struct.pack("<hhh", 1, len(names) + 1, 0)
    for place, label in enumerate(names):
        flags = 2 if label.startswith("Magnetometer") else 3
        schema += struct.pack("<BBBI", flags, 16 * place, 16, stored_float(scales[place])) + label.ljust(16).encode()
    schema += struct.pack("<BBBI", 0, 160, 8, 0) + b" " * 16
    steps = np.round(motion(length * rate, rate, 12) * 256).astype("<i2")
    random = np.random.default_rng(13)
    log = record(24, begin, struct.pack("<hhh", 2, 0, 0)) + record(24, begin, schema)
    blocks = []
    for second in range(length):
        log += record(26, begin + second, steps[second * rate:(second + 1) * rate].tobytes())
        if second % 60 == 0:
            log += record(13, begin + second, struct.pack("<HHBB", 500, 600, 1, 0))
        if 2 <= second and not 10 <= second < 12:
            count = nominal + (1 if second % 8 == 7 else 0)
            t = np.arange(count)[:, None] / count + second
            rows = np.round(20000 * np.sin(0.7 * t + np.arange(len(names))) + 300 * random.standard_normal((count, len(names))))
            packed_rows = b"".join(
                struct.pack(">7h", *row[:7]) + struct.pack("<3h", *row[7:]) + b"\0" for row in rows.astype(int).tolist())
            log += record(25, begin + second, struct.pack("<h", 1) + packed_rows)
            blocks.append((second, rows))
        if second == 20:
            log += record(25, begin + second, struct.pack("<h", 7) + b"\1\2\3")
    info = "\r\n".join([
        "Serial Number: TAS1E00000002", f"Sample Rate: {rate}", f"Start Date: {ticks(begin)}", "Acceleration Scale: 256.0"])
    path = f"{OUT}/{name}"
    save_zip(path, {"info.txt": info.encode(), "log.bin": log})
    channels = []
    for place, label in enumerate(names):
        def scaled(rows):
            return rows[:, place] / scales[place] + (21 if label == "Temperature" else 0)

        joined = [n + 1 < len(blocks) and blocks[n + 1][0] == b[0] + 1 for n, b in enumerate(blocks)]
        # The last block before a gap goes on at the pace of the one before it.
        parts, pace = [], 1 / nominal
        for (second, rows), follows in zip(blocks, joined):
            pace = 1 / len(rows) if follows else pace
            parts.append((second, pace, scaled(rows), follows))
        values = on_grid(parts, nominal, 2, blocks[-1][0] + len(blocks[-1][1]) * pace)
        kind = label.split()[0]
        unit = {"Accelerometer": "g", "Gyroscope": "deg/s", "Magnetometer": "uT", "Temperature": "degC"}[kind]
        channels.append({
            "name": ("Motion " if kind == "Accelerometer" else "") + label, "unit": unit,
            "stretches": [regular(2, nominal, values)]})
    expected[name] = {
        "format": "gt3x", "startSeconds": float(begin),
        "channels": stretches_of(read_pygt3x(path), rate, begin, [(0, length)], []) + [
            {"name": "Worn", "unit": "", "stretches": [content([0], [1])]}] + channels}


link("link.gt3x")
motion_unit("motion.gt3x")
packed("packed.gt3x")
old("old.gt3x")

# --- Counts -------------------------------------------------------------------------------------------------------------


def counts(length, seed):
    random = np.random.default_rng(seed)
    return np.where(random.random(length) < 0.5, 0, random.integers(0, 900, length))


def agd(name):
    """ActiLife's database: a lost epoch, a gap, and a minute that is not on skin."""
    import sqlite3

    import pandas

    path = f"{OUT}/{name}"
    if os.path.exists(path):
        os.remove(path)
    begin, epoch = seconds_of(2024, 3, 30, 23, 50, 0, 0, 0), 10
    rows = [i for i in range(120) if i != 5 and not 60 <= i < 80]
    axes = np.stack([counts(120, s) for s in (1, 2, 3)], 1)
    base = sqlite3.connect(path)
    base.execute("PRAGMA page_size=512")
    base.execute("CREATE TABLE data (dataTimestamp INTEGER, axis1 REAL, axis2 REAL, axis3 REAL, steps REAL, lux REAL)")
    base.execute("CREATE TABLE settings (settingID INTEGER PRIMARY KEY, settingName TEXT, settingValue TEXT)")
    base.execute("CREATE TABLE capsense (timeStamp INTEGER, signal INTEGER, reference INTEGER, state INTEGER, bursts INTEGER)")
    for row in rows:
        base.execute(
            "INSERT INTO data VALUES (?, ?, ?, ?, ?, ?)",
            (ticks(begin + row * epoch), *map(float, axes[row]), float(row % 4), None if row == 3 else float(row)))
    for key, value in [("epochlength", "10"), ("startdatetime", str(ticks(begin))), ("limb", "Wrist"), ("filter", "Normal")]:
        base.execute("INSERT INTO settings (settingName, settingValue) VALUES (?, ?)", (key, value))
    for minute in range(20):
        base.execute("INSERT INTO capsense VALUES (?, 0, 0, ?, 0)", (ticks(begin + 60 * minute), 0 if minute == 4 else 1))
    base.commit()
    table = pandas.read_sql("SELECT * FROM data", base)
    base.close()
    place = ((table["dataTimestamp"] - ticks(begin)) // (epoch * 10_000_000)).values
    channels = []
    for column, unit in [("axis1", "count"), ("axis2", "count"), ("axis3", "count"), ("steps", "count"), ("lux", "lux")]:
        row = np.full(120, np.nan)
        row[place] = table[column].values
        if column != "lux":
            row[24:30] = np.nan
        channels.append({
            "name": column, "unit": unit,
            "stretches": [regular(0, 1 / epoch, row[:60]), regular(800, 1 / epoch, row[80:])]})
    expected[name] = {"format": "agd", "startSeconds": float(begin), "channels": channels}


def awd(name, *, model, second, comma):
    values = counts(90, 4)
    light = np.round(np.random.default_rng(5).random(90) * 300, 2)
    lines = ["someone   ", "05-Oct-2024", "09:38:00 PM ", " 2 ", "57", model, "F"]
    for i in range(90):
        line = str(values[i])
        if second:
            line += " , " + (f"{light[i]:.2f}".replace(".", ",") if comma else f"{light[i]:.2f}")
        lines.append(line + (" M" if i in (4, 50) else ""))
    open(f"{OUT}/{name}", "w", newline="").write("\r\n".join(lines))
    marker = np.zeros(90)
    marker[[4, 50]] = 1
    channels = [{"name": "Activity", "unit": "count", "stretches": [regular(0, 1 / 30, values)]}]
    if second:
        channels.append({"name": "Light", "unit": "lux", "stretches": [regular(0, 1 / 30, light)]})
    channels.append({"name": "Marker", "unit": "", "stretches": [regular(0, 1 / 30, marker)]})
    expected[name] = {
        "format": "awd", "startSeconds": float(seconds_of(2024, 10, 5, 21, 38, 0, 0, 0)), "channels": channels}


def actiware(name, *, title, header, missing, date, comma, quoted, off):
    """The table of epochs as Actiware writes it; pandas reads it again."""
    import time

    import pandas

    begin, epoch = seconds_of(2024, 7, 4, 23, 50, 0, 0, 0), 30
    values, light = counts(60, 6), np.round(np.random.default_rng(7).random(60) * 2000, 2)

    def cell(text):
        return f'"{text}"' if quoted or comma and "," in str(text) else str(text)

    lines = [cell(title), "", cell("-------------------- X --------------------"), "", cell("1") + "," + cell("2"), "",
             cell("-------------------- " + title + " -------------------"), "", ",".join(cell(h) for h in header), ""]
    for i in range(60):
        if i == 20:
            continue
        t = time.gmtime(begin + epoch * i)
        is_off = off and 40 <= i < 46
        lux = f"{light[i]:.2f}"
        fields = [i + 1, time.strftime(date, t), time.strftime("%H:%M:%S", t)]
        fields += [1 if is_off else 0] if off else []
        fields += [missing if is_off or i == 7 else values[i], 0, lux.replace(".", ",") if comma else lux, missing]
        lines.append(",".join(cell(f) for f in fields) + ("," if quoted else ""))
    path = f"{OUT}/{name}"
    open(path, "w", newline="", encoding="utf-8-sig").write("\r\n".join(lines) + "\r\n")
    table = pandas.read_csv(
        path, skiprows=8, encoding="utf-8-sig", decimal="," if comma else ".", na_values=[missing],
        index_col=False, skip_blank_lines=True, usecols=range(len(header)))
    stamp = pandas.to_datetime(table.iloc[:, 1] + " " + table.iloc[:, 2], format=date + " %H:%M:%S")
    place = ((stamp - pandas.Timestamp(begin, unit="s")).dt.total_seconds() / epoch).round().astype(int).values
    channels = []
    first = 4 if off else 3
    for column, (channel, unit) in zip((first, first + 2, first + 1), [("Activity", "count"), ("White Light", "lux"), ("Marker", "")]):
        row = np.full(60, np.nan)
        row[place] = table.iloc[:, column].values
        if off:
            row[40:46] = np.nan
        channels.append({"name": channel, "unit": unit, "stretches": [regular(0, 1 / epoch, row)]})
    expected[name] = {"format": "actiware", "startSeconds": float(begin), "channels": channels}


agd("counts.agd")
awd("plain.AWD", model="V664055", second=False, comma=False)
awd("light.AWD", model="D0309360", second=True, comma=True)
actiware(
    "english.csv", title="Epoch-by-Epoch Data", missing="NaN", date="%d/%m/%Y", comma=False, quoted=True, off=False,
    header=["Line", "Date", "Time", "Activity", "Marker", "White Light", "Sleep/Wake"])
actiware(
    "german.csv", title="Daten nach Epochen", missing="kZ", date="%d.%m.%Y", comma=True, quoted=False, off=True,
    header=["Zeile", "Datum", "Zeit", "Status „Nicht am Handgelenk“", "Aktivität", "Markierung", "Weißes Licht", "Schlaf/Wach"])
actiware(
    "french.csv", title="Données période par période", missing="NAN", date="%m/%d/%Y", comma=False, quoted=True, off=False,
    header=["Ligne", "Date", "Heure", "Activité", "Marqueur", "Lumière blanche", "Sommeil/Éveil"])

# --- Empatica E4 --------------------------------------------------------------------------------------------------------


def empatica():
    start = 1600000000
    random = np.random.default_rng(11)
    acceleration = np.round(motion(320, 32, 12) * 64).astype(int)
    head = f"{start}.000000, {start}.000000, {start}.000000\n32.000000, 32.000000, 32.000000\n"
    files = {"ACC.csv": head + "".join("%d,%d,%d\n" % tuple(row) for row in acceleration)}
    channels = {"ACC.csv": [
        (f"Accelerometer {letter}", "g", regular(0, 32, acceleration[:, axis] / 64)) for axis, letter in enumerate("XYZ")]}
    for name, rate, channel, unit, later in [
            ("BVP.csv", 64, "BVP", "", 0), ("EDA.csv", 4, "EDA", "uS", 0), ("TEMP.csv", 4, "Temperature", "degC", 0),
            ("HR.csv", 1, "Heart Rate", "bpm", 10)]:
        values = np.round(random.normal(30, 5, rate * 10), 2)
        files[name] = f"{start + later}.000000\n{rate}.000000\n" + "".join(f"{v:.2f}\n" for v in values)
        channels[name] = [(channel, unit, regular(0, rate, values))]
    beats, gaps = np.array([3.5, 4.4, 5.2, 8.9]), np.array([0.9, 0.9, 0.8, 0.75])
    files["IBI.csv"] = f"{start}.000000, IBI\r\n" + "".join(f"{b:.6f},{g:.6f}\r\n" for b, g in zip(beats, gaps))
    channels["IBI.csv"] = [("IBI", "s", content(beats, gaps))]
    for name, text in files.items():
        open(f"{OUT}/{name}", "w", newline="").write(text)
        expected[name] = {
            "format": "e4", "startSeconds": float(start + (10 if name == "HR.csv" else 0)),
            "channels": [{"name": c, "unit": u, "stretches": [s]} for c, u, s in channels[name]]}


empatica()

json.dump(expected, open("expected.json", "w"), indent=0)
