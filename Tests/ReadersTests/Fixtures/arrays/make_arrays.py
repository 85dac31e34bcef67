"""Arrays in files as NumPy, h5py and hdf5storage write them. Run: python3 make_arrays.py

Needs numpy, h5py and hdf5storage. Sample i of channel c is ((3 + c) * i % 251 - 125) / 4, which every type of at least 16 bits
holds exactly (integers are four times that).
"""
import datetime
import json
import pathlib

import h5py
import hdf5storage
import numpy as np

here = pathlib.Path(__file__).parent


def wave(channel, count):
    return ((3 + channel) * np.arange(count) % 251 - 125) / 4


def waves(channels, count):
    return np.stack([wave(c, count) for c in range(channels)])


def integers(channel, count):
    return (wave(channel, count) * 4).astype("i2")


# Archives of NumPy.
np.savez_compressed(
    here / "several.npz",
    eeg=waves(2, 600).astype("<f4"), wide=waves(3, 600).T.astype(">f8"), ecg=integers(5, 1200),
    half=np.asfortranarray(waves(2, 600).astype("<f2")), row=wave(7, 600)[None].astype("f4"),
    sfreq=np.float64(100.5), units="uV", start_time="2026-01-31T22:30:00+01:00",
    notes=np.array([{"by": "anyone"}], dtype=object), words=np.array(["a", "b"]), empty=np.zeros((0, 4)),
    phase=np.ones(3, "c8"), volume=np.zeros((2, 2, 2, 2)), many=np.zeros((300, 400), "i1"))
header = np.array({"date_time": datetime.datetime(1989, 4, 24, 16, 13)}, dtype=object)
np.savez(
    here / "deep.npz", x=wave(0, 1200).reshape(4, 300, 1).astype("f4"), y=np.array([0, 1, 4, 2], "i4"), fs=10.0,
    ch_label="EEG Fpz-Cz", header_raw=header, header_annotation=header)
np.savez_compressed(
    here / "tiny.npz", x=wave(0, 1200).reshape(4, 300).astype("f4"), y=np.array([0, 1, 4, 2], "i4"), fs=np.int64(10),
    ch_label="EEG Fpz-Cz", start_datetime=header, file_duration=120, epoch_duration=30.0, n_epochs=4)
np.savez(here / "montage.npz", data=waves(3, 400).astype("f4"), fs=50, ch_names=np.array(["C3", "C4", "EOG1"]))
np.savez(here / "silent.npz", a=wave(0, 300).astype("f4"), b=wave(1, 300).astype("f4"))
np.savez_compressed(here / "zeros.npz", zeros=np.zeros(1_000_000, "i1"), fs=1000)

# As the Dreem Open Datasets have it.
with h5py.File(here / "dreem.h5", "w") as file:
    described = []
    for index, path in enumerate(["signals/eeg/C3_M2", "signals/eeg/F3_F4", "signals/emg/ECG", "signals/eog/EOG1"]):
        file[path] = wave(index, 1500).astype("f4")
        described.append({"path": path, "fs": 250 if index < 3 else 125, "unit": "uV", "domain": path.split("/")[1].upper()})
    file["hypnogram"] = np.array([-1, 0, 2, 4, 4, 3], "i8")
    file.attrs["description"] = json.dumps(described)
    file.attrs["start_time"] = 1769898600
    file.attrs["record_id"] = "095d6e40"

# Rates and units on datasets and on groups above them; gzip, shuffled bytes, all widths and both byte orders.
with h5py.File(here / "rates.h5", "w") as file:
    file.attrs["sample_rate"] = 128
    file.attrs["date"] = "2026-01-31 22:30:00"
    channels = file.create_group("channels")
    channels.create_dataset("C3-M2", data=wave(0, 1280).astype("f4"), compression="gzip", chunks=(256,))
    channels.create_dataset("half", data=wave(1, 1280).astype("f2"), compression="gzip", shuffle=True, fletcher32=True)
    channels.create_dataset("big", data=integers(2, 1280).astype(">i2"))
    slow = file.create_group("slow")
    slow.attrs["fs"] = 4.0
    slow.attrs["units"] = np.bytes_("g")
    wrist = slow.create_dataset("wrist", data=waves(3, 40).T, chunks=(8, 3), compression="gzip")
    wrist.attrs["ch_names"] = ["x", "y", "z"]
    pulse = slow.create_dataset("pulse", data=integers(4, 10).astype("u1"))
    pulse.attrs["sampling_rate"] = "1"
    pulse.attrs["unit"] = "bpm"
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(
        file.id, b"compact", h5py.h5t.IEEE_F64BE, h5py.h5s.create_simple((128,)), compact
    ).write(h5py.h5s.ALL, h5py.h5s.ALL, wave(6, 128))
    file["stages"] = np.array(["W", "N1", "REM"], dtype=h5py.string_dtype())
    file["fixed"] = np.array([b"N3", b"?"], dtype="S4")

# The form of the format since 1.10: other headers, indices of chunks and groups.
with h5py.File(here / "newest.h5", "w", libver=("v110", "v110"), track_order=True) as file:
    night = file.create_group("night")
    night.attrs["fs"] = 50
    for channel in range(12):
        night.create_dataset(f"channel{channel}", data=wave(channel, 100).astype("f4"), chunks=(30,), compression="gzip")
    grown = night.create_dataset("grown", (0,), "i2", maxshape=(None,), chunks=(16,))
    grown.resize((100,))
    grown[:] = integers(12, 100)

# What is not read: each is passed over, and told.
with h5py.File(here / "odd.h5", "w") as file:
    file.attrs["fs"] = 100
    file["good"] = wave(0, 500)
    file.create_dataset("fast", data=wave(1, 500), compression="lzf")
    file["table"] = np.zeros(3, dtype=[("onset", "f8"), ("stage", "i1")])
    file["flags"] = np.array([True, False])
    file["complex"] = np.zeros(3, "c16")
    file["words"] = np.array(["a", "b"], dtype=h5py.string_dtype())
    file["nothing"] = h5py.Empty("f4")
    file.create_dataset("unwritten", (1 << 30,), "f4")
    file.create_dataset("claimed", (1 << 36,), "f4", chunks=(1 << 14,), compression="gzip")[0] = 1
    file["soft"] = h5py.SoftLink("/good")
    file["elsewhere"] = h5py.ExternalLink("rates.h5", "/compact")
    inner = file.create_group("ring/inner")
    inner["back"] = file["ring"]
    file["ring/home"] = file["/"]
    file["again"] = file["good"]
    file.create_dataset("outside", (4,), "f4", external=[("secret.bin", 0, 16)])
    layout = h5py.VirtualLayout((128,), "f8")
    layout[:] = h5py.VirtualSource("rates.h5", "compact", (128,))
    file.create_virtual_dataset("virtual", layout)
    deep = file
    for level in range(20):
        deep = deep.create_group("d")

# MATLAB 7.3: the order of axes is reversed, structures are groups, texts are numbers.
hdf5storage.write(
    {"data": waves(2, 300), "ecg": wave(4, 600)[None], "fs": 100.0, "labels": np.array([[0.0], [2], [5]]),
     "nested": {"trace": wave(5, 50)[:, None], "srate": 25.0, "units": "mV"}, "name": "S01", "units": "uV"},
    filename=str(here / "seven.mat"), matlab_compatible=True, truncate_existing=True, store_python_metadata=False,
    structured_numpy_ndarray_as_struct=True)
