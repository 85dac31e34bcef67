"""What a user would run instead of ssrm, timed on request.

`benchmarks` starts this program and writes to it: `prepare NAME`, `run NAME`, `forget NAME`, `versions`. Each line is
answered with a line of JSON. Inputs lie in the folder that is the first argument; the second is the number of threads.
"""
import concurrent.futures
import json
import os
import pathlib
import resource
import subprocess
import sys
import time
import warnings

FOLDER, THREADS = pathlib.Path(sys.argv[1]), int(sys.argv[2])
os.environ.update({name: str(THREADS) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")})

import h5py
import mne
import numpy as np
import pandas
import scipy
import scipy.signal
import torch
import torchcrf

import references

torch.set_num_threads(THREADS)
warnings.filterwarnings("ignore")
mne.set_log_level("ERROR")


def load(name):
    return np.load(FOLDER / f"{name}.npy")


def magnitude(values):
    return float(np.abs(values.reshape(-1)[::1009]).sum(dtype=np.float64))


def chain():
    crf = torchcrf.CRF(5, batch_first=True)
    with torch.no_grad():
        for name, parameter in crf.named_parameters():
            parameter.copy_(torch.from_numpy(load(name)))
    return crf, torch.from_numpy(load("emissions"))


def crf_loss():
    crf, emissions = chain()
    emissions.requires_grad_(True)
    tags = torch.from_numpy(load("tags"))

    def work():
        crf.zero_grad()
        emissions.grad = None
        loss = -crf(emissions, tags, reduction="token_mean")
        loss.backward()
        return loss.item()

    return work


def viterbi():
    crf, emissions = chain()

    def work():
        # As users call it: without a record of gradients.
        with torch.no_grad():
            paths = crf.decode(emissions)
        return sum((place % 97) * tag for place, tag in enumerate(tag for path in paths for tag in path))

    return work


def bilstm_crf():
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.recurrent = torch.nn.LSTM(128, 128, batch_first=True, bidirectional=True)
            self.output = torch.nn.Linear(256, 5)
            self.crf = torchcrf.CRF(5, batch_first=True)

        def loss(self, windows, tags):
            return -self.crf(self.output(self.recurrent(windows)[0]), tags, reduction="token_mean")

    model = Model()
    windows, tags = torch.randn(8, 1000, 128), torch.from_numpy(load("tags"))
    return step(model, torch.optim.Adam(model.parameters()), lambda: model.loss(windows, tags))


def step(model, optimizer, loss):
    parameters = sum(parameter.numel() for parameter in model.parameters())
    model.train()

    def work():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        return parameters

    return work


def sleepvst_inputs(sequences):
    return torch.randn(sequences, 240, 300), torch.randn(sequences, 240, 150)


def sleepvst_step():
    model, inputs = references.SleepVST(), sleepvst_inputs(4)
    labels = torch.arange(4 * 240) % 4
    return step(
        model, torch.optim.AdamW(model.parameters(), lr=5e-4, weight_decay=1e-3),
        lambda: torch.nn.functional.cross_entropy(model(*inputs).reshape(-1, 4), labels))


def sleepvst_night():
    model, night = references.SleepVST().eval(), (torch.randn(960, 300), torch.randn(960, 150))

    def work():
        with torch.no_grad():
            sequences = [torch.stack([x[start : start + 240] for start in range(0, 721, 60)]) for x in night]
            return model(*sequences).numel()

    return work


def ulw_sleepnet_step():
    model, windows, labels = references.ULWSleepNet(), torch.randn(32, 4, 3000), torch.arange(32) % 5
    return step(
        model, torch.optim.Adam(model.parameters(), lr=1e-3, amsgrad=True),
        lambda: torch.nn.functional.cross_entropy(model(windows), labels))


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


def edf_night():
    path = FOLDER / "shhs1-200001.edf"

    def prepared(channel, rate, edges, kind, new_rate, unit):
        # One channel at a time: read together, MNE would bring both to the higher of their rates.
        raw = mne.io.read_raw_edf(path, include=[channel], preload=True)
        samples = raw.get_data()[0] * unit
        sections = scipy.signal.butter(4, edges, kind, fs=rate, output="sos")
        samples = scipy.signal.sosfiltfilt(sections, samples)
        samples = scipy.signal.resample_poly(samples, new_rate, rate, padtype="mean")
        low, middle, high = np.quantile(samples, (0.25, 0.5, 0.75))
        samples = np.clip((samples - middle) / (high - low), -20, 20).astype(np.float32)
        return samples[: len(samples) // (30 * new_rate) * 30 * new_rate].reshape(-1, 1, 30 * new_rate)

    def work():
        # MNE gives volts where it knows the unit.
        ecg = prepared("ECG", 125, (0.5, 4.5), "bandpass", 10, 1e3)
        effort = prepared("THOR RES", 10, 0.9, "lowpass", 5, 1)
        return magnitude(ecg) + magnitude(effort)

    return work


def formats_nights():
    folder = FOLDER / "formats"
    for night in range(7, 20):
        path = folder / f"n{night}.edf"
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


def start():
    def work():
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        return 0

    return work


WORKS = {
    "crf-loss": crf_loss, "viterbi": viterbi, "bilstm-crf": bilstm_crf, "stft": stft, "filter": filtering, "edf-night": edf_night,
    "formats-nights": formats_nights,
    "sleepvst-step": sleepvst_step, "sleepvst-night": sleepvst_night, "ulw-sleepnet-step": ulw_sleepnet_step,
    "help": start,
}


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def timed(work, calls):
    clock, processor = time.perf_counter(), processor_seconds()
    for _ in range(calls):
        check = work()
    elapsed, used = time.perf_counter() - clock, processor_seconds() - processor
    return {"seconds": elapsed / calls, "processorSeconds": used / calls, "check": float(check)}


def main():
    # Answers have standard output for themselves, whatever a library prints.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    works = {}
    for line in sys.stdin:
        command, *names = line.split()
        try:
            answer = {}
            if command == "versions":
                modules = {"PyTorch": torch, "NumPy": np, "SciPy": scipy, "MNE": mne}
                answer["versions"] = ", ".join(f"{name} {module.__version__}" for name, module in modules.items())
            elif command == "prepare":
                work = WORKS[names[0]]()
                work()
                works[names[0]] = work, max(1, min(200, int(0.1 / timed(work, 1)["seconds"])))
            elif command == "run":
                answer = timed(*works[names[0]])
            elif command == "forget":
                del works[names[0]]
        except Exception as error:
            answer = {"error": f"{line.strip()}: {type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


main()
