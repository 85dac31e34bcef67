"""Numbers of the real text recordings as NumPy reads them: python generate.py <datasets folder>.

pmd-i.npy        rows: subject, frames after dropping two a file, sum, maximum, frames past 1000, then frames a posture 1..17
pmd-ii.npy       rows: subject (as in experiment I), mattress (0 air, 1 sponge), maps, sum, maximum, right, left, unscored
sleep-accel.npy  rows: recording, windows, W, N1, N2, N3 (with 4), REM, heart rates kept, their sum, the last one's time,
                 counts kept, their sum
slpdb-rr.npy     rows: windows with a row, W, N1, N2, N3, REM, heart rates, their sum, time of the last
santafe-b.npy    one row: samples, sum of heart rate, sum of chest volume, W, N1, N2, N3, REM
"""
import csv
import os
import re
import sys

import numpy as np

root = sys.argv[1]


def numeric(names):
    return sorted(names, key=lambda name: [int(t) if t.isdigit() else t for t in re.split(r"(\d+)", name)])


rows = []
for subject in numeric(d for d in os.listdir(f"{root}/pmd-1.0.0/experiment-i") if d.startswith("S")):
    maps = [np.loadtxt(f"{root}/pmd-1.0.0/experiment-i/{subject}/{p}.txt", dtype=int)[2:] for p in range(1, 18)]
    every = np.concatenate(maps)
    past = (every > 1000).any(axis=1).sum()
    rows.append([int(subject[1:]), len(every), every.sum(), every.max(), past] + [len(m) for m in maps])
np.save("pmd-i.npy", np.array(rows, dtype=np.float64))

rows = []
people = {1: 1, 2: 2, 3: 3, 4: 5, 5: 7, 6: 8, 7: 9, 8: 10}
for subject in numeric(d for d in os.listdir(f"{root}/pmd-1.0.0/experiment-ii") if d.startswith("S")):
    for index, mattress in enumerate(["Air", "Sponge"]):
        folder = f"{root}/pmd-1.0.0/experiment-ii/{subject}/{mattress}_Mat"
        names = os.listdir(folder)
        maps = np.array([np.loadtxt(f"{folder}/{name}", dtype=int) for name in names])
        codes = [name.split("_")[2][:-4] for name in names]
        right = sum(c[0] == "C" or c in ("E1", "E2", "E5") for c in codes)
        left = sum(c[0] == "D" or c in ("E3", "E4", "E6") for c in codes)
        unscored = sum(c[0] == "G" for c in codes)
        rows.append([people[int(subject[1:])], index, len(maps), maps.sum(), maps.max(), right, left, unscored])
np.save("pmd-ii.npy", np.array(rows, dtype=np.float64))


def samples(path, start, end):
    t, v = np.loadtxt(path, delimiter=",").T
    order = np.argsort(t, kind="stable")
    t, v = t[order], v[order]
    first = np.concatenate([[True], np.diff(t) > 0]) & (t >= start - 600) & (t <= end + 600)
    return t[first], v[first]


rows = []
folder = f"{root}/sleep-accel-1.0.0"
for name in numeric(os.listdir(f"{folder}/labels")):
    subject = name.split("_")[0]
    t, s = np.loadtxt(f"{folder}/labels/{name}").T
    windows = int((t.max() - t.min()) / 30) + 1
    stages = [(s == 0).sum(), (s == 1).sum(), (s == 2).sum(), ((s == 3) | (s == 4)).sum(), (s == 5).sum()]
    start, end = t.min(), t.min() + 30 * windows
    ht, h = samples(f"{folder}/heart_rate/{subject}_heartrate.txt", start, end)
    _, c = samples(f"{folder}/activity_counts/{subject}_activity_counts.csv", start, end)
    rows.append([int(subject), windows] + stages + [len(h), h.sum(), ht[-1], len(c), c.sum()])
np.save("sleep-accel.npy", np.array(rows, dtype=np.float64))

rows = []
for name in numeric(os.listdir(f"{root}/slpdb-rr")):
    stages, times, rates = [], [], []
    previous, now = None, 0.0
    for row in list(csv.reader(open(f"{root}/slpdb-rr/{name}")))[1:]:
        start, intervals = float(row[0]), [float(x) for x in row[2].split()]
        if previous is None or start != previous + 30:
            now = max(now, start)
        previous = start
        stages.append(row[1])
        for interval in intervals:
            first = now == 0
            now += interval
            if not first and 0.3 <= interval <= 2.5:
                times.append(now)
                rates.append(60 / interval)
    counts = [stages.count("W"), stages.count("1"), stages.count("2"), stages.count("3") + stages.count("4"), stages.count("R")]
    rows.append([len(stages)] + counts + [len(rates), np.sum(rates), times[-1]])
np.save("slpdb-rr.npy", np.array(rows, dtype=np.float64))

signal = np.genfromtxt(f"{root}/santafe-b/SFI-heartRate_breathVol_bloodOx.txt", comments="%", encoding="utf-8")
stages = [row[2] for row in csv.reader(open(f"{root}/santafe-b/slp60_stages.csv"))][1:]
counts = [stages.count("W"), stages.count("1"), stages.count("2"), stages.count("3") + stages.count("4"), stages.count("R")]
np.save("santafe-b.npy", np.array([len(signal), signal[:, 0].sum(), signal[:, 1].sum()] + counts, dtype=np.float64))
