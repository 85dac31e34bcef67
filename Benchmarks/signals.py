"""Signals by SciPy, and recordings by MNE, pandas and h5py."""
import concurrent.futures
import multiprocessing

import h5py
import mne
import numpy as np
import pandas
import scipy.signal

from common import FOLDER, THREADS, load, magnitude

mne.set_log_level("ERROR")


def stft():
    signals = load("night")

    def work():
        _, _, spectrum = scipy.signal.stft(signals, nperseg=128)
        return float(np.abs(spectrum[:, 1, 0].real).sum())

    return work


def filtering():
    channels = load("channels")

    def work():
        sections = scipy.signal.butter(4, (0.3, 30), "bandpass", fs=100, output="sos")
        filtered = scipy.signal.sosfiltfilt(sections, channels, axis=1)
        return sum(magnitude(row) for row in scipy.signal.resample_poly(filtered, 16, 25, axis=1))

    return work


def prepared(path, channel, rate, edges, kind, new_rate, unit):
    # One channel at a time: read together, MNE would bring both to the higher of their rates.
    raw = mne.io.read_raw_edf(path, include=[channel], preload=True)
    # MNE gives volts where it knows the unit.
    samples = raw.get_data()[0] * unit
    sections = scipy.signal.butter(4, edges, kind, fs=rate, output="sos")
    samples = scipy.signal.sosfiltfilt(sections, samples)
    samples = scipy.signal.resample_poly(samples, new_rate, rate, padtype="mean")
    low, middle, high = np.quantile(samples, (0.25, 0.5, 0.75))
    samples = np.clip((samples - middle) / (high - low), -20, 20).astype(np.float32)
    return samples[: len(samples) // (30 * new_rate) * 30 * new_rate].reshape(-1, 1, 30 * new_rate)


def edf_night():
    return lambda: sum(map(magnitude, effort_and_ecg(FOLDER / "shhs1-200001.edf")))


def effort_and_ecg(path):
    """SleepVST's inputs of one night; in a process of its own, to be sent to it."""
    return prepared(path, "ECG", 125, (0.5, 4.5), "bandpass", 10, 1e3), prepared(path, "THOR RES", 10, 0.9, "lowpass", 5, 1)


def written(path):
    windows = effort_and_ecg(path)
    for name, values in zip(("ecg", "respiration"), windows):
        np.save(path.with_suffix(f".{name}.npy"), values)
    return sum(map(magnitude, windows))


def prepare_nights():
    paths = sorted((FOLDER / "nights").glob("*.edf"))

    def work():
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
            return sum(pool.map(written, paths))

    return work


def formats_nights():
    folder = FOLDER / "formats"
    for night in range(7, 20):
        path = folder / f"n{night}.edf"
        if not path.exists():
            # The other peers have made it already.
            continue
        samples = mne.io.read_raw_edf(path, preload=True).get_data()[0] * 1e3
        if night < 14:
            table = pandas.DataFrame({"time": np.arange(len(samples)) / 64, "ECG": samples})
            table.to_csv(path.with_suffix(".csv"), index=False, float_format="%.10g")
        else:
            with h5py.File(path.with_suffix(".h5"), "w") as file:
                file.create_dataset("ECG", data=samples.astype(np.float32), compression="gzip").attrs["fs"] = 64.0
        path.unlink()

    def samples_of(path):
        if path.suffix == ".edf":
            return mne.io.read_raw_edf(path, preload=True).get_data()[0] * 1e3
        if path.suffix == ".csv":
            return pandas.read_csv(path)["ECG"].to_numpy()
        with h5py.File(path) as file:
            return file["ECG"][:]

    def prepared(path):
        sections = scipy.signal.butter(4, (0.5, 4.5), "bandpass", fs=64, output="sos")
        samples = scipy.signal.sosfiltfilt(sections, samples_of(path))
        samples = scipy.signal.resample_poly(samples, 5, 32, padtype="mean")
        low, middle, high = np.quantile(samples, (0.25, 0.5, 0.75))
        windows = np.clip((samples - middle) / (high - low), -20, 20).astype(np.float32)
        windows = windows[: len(windows) // 300 * 300].reshape(-1, 1, 300)
        np.save(FOLDER / f"{path.stem}.npy", windows)
        return magnitude(windows)

    def work():
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            return sum(pool.map(prepared, sorted(folder.iterdir())))

    return work


WORKS = {
    "stft": stft, "filter": filtering, "edf-night": edf_night, "prepare-nights": prepare_nights,
    "formats-nights": formats_nights,
}
