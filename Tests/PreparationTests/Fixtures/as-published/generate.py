"""Windows as the released programs of four publications make them, in NumPy, SciPy and MNE, of made-up samples.

A reading of its own of hoontree/SleepVST_baseline, wzw999/ULW-SLEEPNET, ericcanton/sleep_classifiers_accel_ML and zhaoaite/SSRM.

Run: python generate.py
"""
import pathlib
import shutil
import warnings

import mne
import numpy as np
import scipy.signal as ss

random = np.random.default_rng(13)
here = pathlib.Path(__file__).parent


# EDF, as far as these fixtures need it: data records of a second, 16 bits, one range a channel.
def write_edf(path, channels):
    path.parent.mkdir(parents=True, exist_ok=True)
    seconds = len(channels[0]["samples"]) // channels[0]["rate"]

    def field(value, width):
        return str(value).ljust(width).encode("ascii")

    head = field(0, 8) + field("X X X X", 80) + field("Startdate 01-JAN-2020 X X X", 80)
    head += field("01.01.20", 8) + field("22.00.00", 8) + field(256 * (1 + len(channels)), 8) + field("", 44)
    head += field(seconds, 8) + field(1, 8) + field(len(channels), 4)
    columns = [
        [(c["name"], 16) for c in channels], [("", 80)] * len(channels), [(c["unit"], 8) for c in channels],
        [(-c["range"], 8) for c in channels], [(c["range"], 8) for c in channels], [(-32768, 8)] * len(channels),
        [(32767, 8)] * len(channels), [("", 80)] * len(channels), [(c["rate"], 8) for c in channels],
        [("", 32)] * len(channels),
    ]
    head += b"".join(field(*entry) for column in columns for entry in column)
    digital = [
        np.clip(np.round((c["samples"] + c["range"]) / (2 * c["range"]) * 65535 - 32768), -32768, 32767).astype("<i2")
        for c in channels
    ]
    with open(path, "wb") as file:
        file.write(head)
        for second in range(seconds):
            for channel, values in zip(channels, digital):
                file.write(values[second * channel["rate"]:(second + 1) * channel["rate"]].tobytes())


def write_scoring(path, windows):
    path.parent.mkdir(parents=True, exist_ok=True)
    stages = ["Wake|0", "Stage 1 sleep|1", "Stage 2 sleep|2", "Stage 3 sleep|3", "REM sleep|5"]
    events = "".join(
        f"<ScoredEvent><EventType>Stages|Stages</EventType><EventConcept>{stages[i % 5]}</EventConcept>"
        f"<Start>{30 * i}.0</Start><Duration>30.0</Duration></ScoredEvent>\n" for i in range(windows))
    path.write_text(f"<?xml version=\"1.0\"?>\n<PSGAnnotation><ScoredEvents>\n{events}</ScoredEvents></PSGAnnotation>\n")


def beats(rate, seconds, height):
    """A heart at about 63 beats a minute on a wandering line."""
    times = np.arange(rate * seconds) / rate
    phase = 1.05 * times + 0.3 * np.sin(2 * np.pi * times / 40)
    spikes = np.exp(-(((phase % 1) - 0.3) ** 2) / 0.0008) + 0.25 * np.exp(-(((phase % 1) - 0.6) ** 2) / 0.004)
    return height * (spikes - 0.1 + 0.2 * np.sin(2 * np.pi * times / 9) + 0.02 * random.standard_normal(len(times)))


def breaths(rate, seconds, height):
    times = np.arange(rate * seconds) / rate
    return height * (np.sin(2 * np.pi * (0.25 * times + 0.4 * np.sin(times / 30))) + 0.1 * random.standard_normal(len(times)))


# SleepVST
def standardised(signal, size):
    windows = [signal[start:start + size] for start in range(0, len(signal) - size + 1, size)]
    return np.array([(window - window.mean()) / (window.std() + 1e-6) for window in windows])


def sleepvst(path, names, scored_seconds):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = mne.io.read_raw_edf(path, preload=False, verbose=False)
        raw.pick(names)
        raw.load_data(verbose=False)
        if scored_seconds < raw.times[-1]:
            raw.crop(tmin=0, tmax=scored_seconds, include_tmax=False)
        rate = raw.info["sfreq"]
        heart, breathing = (raw.get_data(picks=name)[0] for name in names)
    b, a = ss.butter(2, [0.66 / (rate / 2), 2.8 / (rate / 2)], btype="band")
    filtered = ss.filtfilt(b, a, heart)
    heart = ss.resample(filtered, int(len(filtered) * (10 / rate)))
    breathing = ss.medfilt(ss.resample(breathing, int(len(breathing) * (5 / rate))), 5)
    return standardised(heart, 300), standardised(breathing, 150)


def night(kind, folder, path, names, rates, seconds, units):
    root = here / folder
    shutil.rmtree(root, ignore_errors=True)
    edf = root / f"edfs/{path}.edf"
    heart_unit, breathing_unit = units
    write_edf(edf, [
        {"name": names[0], "unit": heart_unit, "rate": rates[0], "range": 2.5 if heart_unit == "mV" else 2500,
         "samples": beats(rates[0], seconds, 1.0 if heart_unit == "mV" else 1000.0)},
        {"name": names[1], "unit": breathing_unit, "rate": rates[1], "range": 1 if breathing_unit == "" else 1000,
         "samples": breaths(rates[1], seconds, 0.4 if breathing_unit == "" else 400.0)},
    ])
    write_scoring(root / f"annotations-events-nsrr/{path}-nsrr.xml", seconds // 30)
    heart, breathing = sleepvst(edf, names, seconds // 30 * 30)
    np.save(f"{kind}-ecg.npy", heart.astype(np.float32))
    np.save(f"{kind}-respiration.npy", breathing.astype(np.float32))


# Whole windows; then twelve seconds more than that, which the program cuts off.
night("shhs", "shhs", "shhs1/shhs1-200001", ["ECG", "THOR RES"], [125, 10], 300, ["mV", ""])
night("mesa", "mesa", "mesa-sleep-0001", ["EKG", "Thor"], [256, 32], 132, ["uV", "uV"])


# ULW-SleepNet: the chin EMG of cassettes, an envelope at 1 Hz, window by window; wake beside what is not scored as wake.
envelope = (3 + np.abs(np.cumsum(random.standard_normal(120))) * 0.1).astype(np.float32)
np.save("emg.npy", envelope)
np.save("emg-windows.npy", np.array([ss.resample(w, 3000) for w in envelope.astype(np.float64).reshape(-1, 30)]).astype(np.float32))
# 0 to 4 are stages, 5 is movement, 6 '?': wake, '?' early, sleep with movement in it, wake, '?' late, wake.
codes = np.array([0] * 70 + [6] + [0] * 90 + [1, 2, 3, 5, 4] * 4 + [0] * 80 + [6] * 2 + [0] * 100)
other = np.where(codes != 0)[0]
kept = np.arange(max(0, other[0] - 60), min(len(codes) - 1, other[-1] + 60) + 1)
labels = np.full(len(codes), -1)
labels[kept] = np.where(codes[kept] < 5, codes[kept], -1)
np.save("codes.npy", codes)
np.save("labels.npy", labels)


# Accelerometer: spectrograms of the samples of ../acceleration.
times = np.load(here / "../acceleration/times.npy")
xyz = np.load(here / "../acceleration/xyz.npy").astype(np.float64)
magnitude = np.sqrt((xyz ** 2).sum(0))
derivative = np.diff(magnitude) / np.diff(times)


def decibels(magnitudes, below_peak):
    """librosa's amplitude_to_db: amplitudes below 0.00001 count as that, and so many decibels below the largest of all."""
    power = 10 * np.log10(np.maximum(magnitudes ** 2, 1e-10))
    return np.maximum(power, power.max() - below_peak)


def spectrograms(samples, below_peak):
    windows = []
    for start in (0, 30, 60):
        first = start + 15 - samples * 0.02 / 2
        inside = (times[1:] >= first) & (times[1:] <= first + samples * 0.02)
        if inside.sum() < samples / 2:
            continue
        windows.append(np.interp(first + np.arange(samples) * 0.02, times[1:][inside], derivative[inside]))
    return decibels(np.abs(ss.stft(np.array(windows), fs=50, nperseg=128)[-1]), below_peak)


# The script: 90 s are 4500 samples, made a multiple of 128, and 80 dB. The earlier notebook: 30 s, of which values down to -100 dB are told.
np.save("spectrograms-90.npy", spectrograms(4500 + 128 - 4500 % 128, 80).astype(np.float32))
np.save("spectrograms-30.npy", spectrograms(1500, np.inf).astype(np.float32))


# SSRM: rows of 64 x 27, each of unit length; an empty one stays.
maps = np.clip(np.round(400 * random.random((4, 64, 27)) - 150), 0, None).astype(np.float32)
maps[2] = 0
rows = maps.reshape(4, -1).astype(np.float64)
lengths = np.sqrt((rows ** 2).sum(1, keepdims=True))
np.save("maps.npy", maps)
np.save("maps-rows.npy", (rows / np.where(lengths == 0, 1, lengths)).reshape(maps.shape).astype(np.float32))
