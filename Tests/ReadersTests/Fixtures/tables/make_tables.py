"""Small tables in many dialects, and what pandas reads of each: cases.json.

    pip install pandas==3.1.1
    python make_tables.py
"""

import copy
import gzip
import io
import json
import pathlib

import numpy as np
import pandas as pd

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
cases = []


def case(name, data, rules, start=None, times=None, rate=None, drop=(), units=None, **options):
    """Writes `data` as a file and notes what pandas reads of it.

    times: seconds from 0 s, of a frame that pandas read. drop: columns that are no channels.
    """
    (here / name).write_bytes(data)
    options.setdefault("encoding", "utf-8-sig")
    frame = pd.read_csv(io.BytesIO(data), skip_blank_lines=True, skipinitialspace=True, **options)
    seconds = times(frame) if times else np.arange(len(frame)) / rate
    order = np.argsort(seconds, kind="stable")
    frame, seconds = frame.iloc[order], np.asarray(seconds)[order]
    kept = [column for column in frame.columns if column not in drop]
    units = units or {}
    cases.append(
        {
            "file": name,
            "rules": rules,
            "start": start,
            "seconds": [round(float(s), 9) for s in seconds],
            "channels": [
                {
                    "name": str(units.get(column, (column, ""))[0]),
                    "unit": units.get(column, (column, ""))[1],
                    "values": [None if np.isnan(v) else float(np.float32(v)) for v in frame[column].astype(float)],
                }
                for column in kept
            ],
        }
    )


def dated(column, **options):
    def times(frame):
        moments = pd.to_datetime(frame[column], **options)
        return (moments - moments.min()).dt.total_seconds().to_numpy()

    return times


x = rng.normal(size=(20, 3)).round(4)
clock = pd.Timestamp("2020-01-31 23:59:59") + pd.to_timedelta(np.arange(20) * 0.1, unit="s")

# Commas, ISO dates, units behind the names, missing samples in all their spellings.
missing = ["", "NaN", "nan", "NA", "null", "-", "n/a", "N/A", "None"]
rows = ["time,Acc X (g),Acc Y [g],temp (°C)"]
for i in range(20):
    last = missing[i] if i < len(missing) else f"{x[i, 2]}"
    rows.append(f"{clock[i].strftime('%Y-%m-%d %H:%M:%S.%f')[:-5]},{x[i, 0]},{x[i, 1]},{last}")
case(
    "iso.csv", "\n".join(rows).encode() + b"\n", {"time": "time"}, start="2020-01-31 23:59:59", times=dated("time"), drop=["time"],
    units={"Acc X (g)": ("Acc X", "g"), "Acc Y [g]": ("Acc Y", "g"), "temp (°C)": ("temp", "°C")}, na_values=["-", "None"],
)

# Semicolons, decimal commas, a mark of UTF-8, CRLF, a line of units.
rows = ["t;x;y", "[s];(g);[m/s2]"] + [f"{0.25 * i:.2f};{x[i, 0]};{x[i, 1]}".replace(".", ",") for i in range(20)]
case(
    "semicolons.csv", b"\xef\xbb\xbf" + "\r\n".join(rows).encode() + b"\r\n", {"time": "t"}, times=lambda f: f["t"], drop=["t"],
    sep=";", decimal=",", skiprows=[1], units={"x": ("x", "g"), "y": ("y", "m/s2")},
)

# Tabs, no header, a rate, comments.
rows = ["# made up", "% by nobody"] + ["\t".join(map(str, row)) for row in x]
case(
    "bare.tsv", "\n".join(rows).encode() + b"\n",
    {"sample_rate_hz": 31.25, "columns": [{"name": "x", "unit": "g"}, {"name": "y"}, {"name": "z"}]}, rate=31.25, sep="\t",
    comment="#", skiprows=2, names=["x", "y", "z"], units={"x": ("x", "g")},
)

# Blanks of any number, before the first field too; numbers with exponents.
rows = ["  a      b"] + [f"  {a:12.5e}  {b:+.3f} " for a, b in x[:, :2]]
case("blanks.txt", "\n".join(rows).encode(), {"sample_rate_hz": 1}, rate=1, sep=r"\s+")

# UTF-16 in both orders, with marks.
text = "time;x µV\n" + "".join(f"{i};{x[i, 0]}\n" for i in range(20))
for order, mark in [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]:
    case(
        f"{order}.csv", mark + text.encode(order), {"time": "1", "time_unit": "s"}, times=lambda f: f["time"], drop=["time"], sep=";",
        encoding="utf-16",
    )

# Latin-1, and a name in quotation marks that holds the separator, a line's end and quotation marks.
text = 'time,"left, ""upper""\narm",temp (°C)\n' + "".join(f'"{i}","{x[i, 0]}",{x[i, 1]}\n' for i in range(20))
case(
    "latin.csv", text.encode("latin-1"), {"time": "time", "time_unit": "min"}, times=lambda f: 60.0 * f["time"], drop=["time"],
    encoding="latin-1", units={"temp (°C)": ("temp", "°C")},
)

# Dates as most of Europe writes them, and as the United States do.
rows = ["when,x"] + [f"{c.strftime('%d/%m/%Y %H:%M:%S.%f')[:-5]},{v}" for c, v in zip(clock, x[:, 0])]
case(
    "days-first.csv", "\n".join(rows).encode(), {"time": "when"}, start="2020-01-31 23:59:59",
    times=dated("when", dayfirst=True, format="mixed"), drop=["when"],
)
early = pd.Timestamp("2020-02-01 11:59:58") + pd.to_timedelta(np.arange(20), unit="s")
rows = ["when,x"] + [f"{c.strftime('%m/%d/%Y %I:%M:%S %p')},{v}" for c, v in zip(early, x[:, 0])]
case(
    "months-first.csv", "\n".join(rows).encode(), {"time": "when", "date_order": "mdy"}, start="2020-02-01 11:59:58",
    times=dated("when", dayfirst=False), drop=["when"],
)
rows = ["date,clock,x"] + [f"{c.strftime('%d.%m.%Y')},{c.strftime('%H:%M:%S')},{v}" for c, v in zip(early, x[:, 0])]
case(
    "two-columns.csv", "\n".join(rows).encode(), {"date": "date", "time": "clock", "date_order": "dmy"}, start="2020-02-01 11:59:58",
    times=lambda f: (lambda m: (m - m.min()).dt.total_seconds())(pd.to_datetime(f["date"] + " " + f["clock"], dayfirst=True)),
    drop=["date", "clock"],
)

# A time of day alone, past midnight.
rows = ["clock,x"] + [f"{c.strftime('%H:%M:%S.%f')[:-5]},{v}" for c, v in zip(clock, x[:, 0])]
case(
    "midnight.csv", "\n".join(rows).encode(), {"time": "clock"}, start="23:59:59",
    times=lambda f: np.unwrap(pd.to_timedelta(f["clock"]).dt.total_seconds().to_numpy(), period=86400) - 86399, drop=["clock"],
)

# Counts from 1970 in each unit, and Excel's days.
for unit, size in [("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9)]:
    first = clock[0].value // 10**9
    counts = [first * size + i * size // 10 if size > 1 else first + i for i in range(20)]
    rows = ["ts,x"] + [f"{c},{v}" for c, v in zip(counts, x[:, 0])]
    case(
        f"epoch-{unit}.csv", "\n".join(rows).encode(), {"time": "ts"} if unit != "ns" else {"time": "ts", "time_unit": "ns"},
        start="2020-01-31 23:59:59", times=dated("ts", unit=unit), drop=["ts"],
    )
serial = (early - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
rows = ["date,x"] + [f"{s:.11f},{v}" for s, v in zip(serial, x[:, 0])]
case(
    "excel.csv", "\n".join(rows).encode(), {"time": "date", "time_unit": "excel"}, start="2020-02-01 11:59:58",
    times=lambda f: np.round((f["date"] - f["date"].min()) * 86400, 5), drop=["date"],
)

# Times that step back and repeat, a sentinel for missing, words beside the samples, columns that nobody asks for.
order = [0, 1, 2, 4, 3, 5, 5, 6] + list(range(7, 20))
rows = ["t,x,note,other"] + [f"{i * 0.5},{x[i, 0] if i != 9 else -999},{'left' if i % 2 else 'right'},{i}" for i in order]
data = "\n".join(rows).encode()
(here / "steps.csv").write_bytes(data)
frame = pd.read_csv(io.BytesIO(data), na_values=["-999"]).sort_values("t", kind="stable").drop_duplicates("t")
cases.append(
    {
        "file": "steps.csv", "rules": {"time": "t", "keep": ["x"], "missing": ["-999"]}, "start": None, "seconds": list(frame["t"]),
        "channels": [{"name": "x", "unit": "", "values": [None if np.isnan(v) else float(np.float32(v)) for v in frame["x"]]}],
    }
)

# One of them compressed.
(here / "iso.csv.gz").write_bytes(gzip.compress((here / "iso.csv").read_bytes(), mtime=0))
cases.append(copy.deepcopy(cases[0]) | {"file": "iso.csv.gz"})

json.dump(cases, open(here / "cases.json", "w"), indent=1, ensure_ascii=False)
