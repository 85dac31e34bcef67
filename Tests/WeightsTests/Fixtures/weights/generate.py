"""Weights as PyTorch and Keras write them, with what the networks give: files of `torch.save`, safetensors, and HDF5 in Keras's layout.

The networks are read from the published class and model: SleepVST_baseline of hoontree (PyTorch), ULW-SLEEPNET of wzw999 (Keras). Of SleepVST the
parameters are pieces of one storage, so that the file stays small.
"""
import collections
import io
import pathlib
import zipfile

import h5py
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

folder = pathlib.Path(__file__).resolve().parent


def every_kind():
    """One tensor of each type, of each way to lie in a storage."""
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5) / 7
    tensors = collections.OrderedDict(
        plain=base.clone(),
        transposed=base.clone().permute(2, 0, 1),
        slice=base[1:, ::2, 1:4],
        shared=base[0],
        expanded=torch.arange(3, dtype=torch.float32).reshape(3, 1).expand(3, 4),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        parameter=nn.Parameter(torch.linspace(-1, 1, 6).reshape(2, 3)),
        flags=torch.tensor([True, False, True]),
    )
    for name in ["float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8"]:
        tensors[name] = torch.tensor([0, 1, 2, 100]).to(getattr(torch, name))
    torch.save(tensors, folder / "kinds.pth")
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, folder / "kinds.safetensors")


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.Conv1d(inputs, outputs, 3, padding=1), nn.BatchNorm1d(outputs), nn.ReLU(),
            nn.Conv1d(outputs, outputs, 3, padding=1), nn.BatchNorm1d(outputs), nn.MaxPool1d(2))
        self.skip_proj = nn.Sequential(nn.Conv1d(inputs, outputs, 1), nn.BatchNorm1d(outputs), nn.MaxPool1d(2))

    def forward(self, x):
        return torch.relu(self.conv_block(x) + self.skip_proj(x))


class Waveform(nn.Module):
    def __init__(self):
        super().__init__()
        self.front_conv = nn.Sequential(nn.Conv1d(1, 16, 7, padding=3), nn.BatchNorm1d(16), nn.ReLU())
        self.layer1 = nn.Sequential(Block(16, 32), Block(32, 32))
        self.layer2 = nn.Sequential(Block(32, 64), Block(64, 64), Block(64, 64), Block(64, 64))

    def forward(self, x):
        batch, length, samples = x.shape
        x = self.layer2(self.layer1(self.front_conv(x.reshape(batch, 1, length * samples))))
        return nn.functional.adaptive_avg_pool1d(x, length).transpose(1, 2)


class Attention(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ff = nn.Sequential(
            nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(0.1), nn.Linear(hidden, width), nn.Dropout(0.1))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attn(y, y, y)[0]
        return x + self.ff(self.norm2(x))


class SleepVST(nn.Module):
    def __init__(self, width=16, layers=1, heads=2, hidden=32, classes=4):
        super().__init__()
        self.heart_encoder, self.breath_encoder = Waveform(), Waveform()
        self.proj_heart, self.proj_breath = nn.Linear(64, width // 2), nn.Linear(64, width // 2)
        self.transformer = nn.Sequential(*[Attention(width, heads, hidden) for _ in range(layers)])
        self.final_norm, self.classifier = nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, heart, breath):
        x = torch.cat([self.proj_heart(self.heart_encoder(heart)), self.proj_breath(self.breath_encoder(breath))], dim=2)
        length, width = x.shape[1:]
        angles = torch.arange(length).unsqueeze(1) * 10000.0 ** (-torch.arange(0, width, 2) / width)
        x = x + torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, width)
        return self.classifier(self.final_norm(self.transformer(x)))


def vary(model):
    """Norms that do something, and statistics as after a training."""
    with torch.no_grad():
        for name, tensor in model.named_buffers():
            if name.endswith("running_mean"):
                tensor.copy_(0.2 * torch.randn_like(tensor))
            if name.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand_like(tensor))
        for name, tensor in model.named_parameters():
            if tensor.dim() == 1:
                tensor.add_(0.1 * torch.randn_like(tensor))


def sleepvst():
    torch.manual_seed(1)
    model = SleepVST()
    vary(model)
    # One storage for all matrices and kernels; each begins at another place.
    pool = torch.randn(17_000)
    with torch.no_grad():
        for number, (_, tensor) in enumerate(model.named_parameters()):
            if tensor.dim() > 1:
                start = 29 * number
                piece = pool[start:start + tensor.numel()].view(tensor.shape)
                tensor.set_(piece)
        pool.mul_(0.08)
    model.eval()
    heart = torch.randint(-100, 100, (2, 12, 300), dtype=torch.int8)
    breath = torch.randint(-100, 100, (2, 12, 150), dtype=torch.int8)
    with torch.no_grad():
        scores = model(heart / 1, breath / 1)
    # As with nn.DataParallel, in a checkpoint of a training.
    weights = collections.OrderedDict(("module." + name, tensor) for name, tensor in model.state_dict().items())
    torch.save(
        {"epoch": 7, "model_state_dict": weights, "val_f1": np.float64(0.5), "train_loss": [0.25],
         "optimizer_state_dict": {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 5e-4, "betas": (0.9, 0.999)}]}},
        folder / "sleepvst.pth")
    np.save(folder / "sleepvst-ecg.npy", heart.numpy())
    np.save(folder / "sleepvst-respiration.npy", breath.numpy())
    np.save(folder / "sleepvst-scores.npy", scores.numpy())


class Separable(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.depthwise = nn.Conv1d(inputs, inputs, kernel, stride, padding=kernel // 2, groups=inputs, bias=False)
        self.pointwise = nn.Conv1d(inputs, outputs, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class ULWBlock(nn.Module):
    def __init__(self, inputs, filters):
        super().__init__()
        self.convolutions = nn.ModuleList([Separable(inputs, filters, 3), Separable(filters, filters, 3)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(filters, eps=1e-3), nn.BatchNorm1d(filters, eps=1e-3)])
        self.shortcuts = nn.ModuleList([Separable(inputs, filters, 1, 2), Separable(filters, filters, 1, 2)])

    def forward(self, x):
        main = x
        for convolution, norm in zip(self.convolutions, self.norms):
            main = nn.functional.max_pool1d(torch.relu(norm(convolution(main))), 2, ceil_mode=True)
        return main + self.shortcuts[1](self.shortcuts[0](x))


class ULW(nn.Module):
    def __init__(self, channels=4, classes=5):
        super().__init__()
        self.encoder = nn.ModuleDict({"blocks": nn.ModuleList([ULWBlock(1, 8), ULWBlock(8, 16), ULWBlock(16, 32)])})
        self.hidden, self.output = nn.Linear(channels * 32, 64), nn.Linear(64, classes)

    def forward(self, x):
        batch, channels, samples = x.shape
        x = x.reshape(batch * channels, 1, samples)
        for block in self.encoder["blocks"]:
            x = block(x)
        return self.output(self.hidden(x.mean(2).reshape(batch, -1)))


def keras_layers(model, first=0):
    """Each layer's weights in Keras's layout, by the name that Keras counts it with, from `first` on."""
    def numbered(kind, number):
        return kind if number == 0 else f"{kind}_{number}"

    def kernel(tensor):
        return tensor.permute(2, 1, 0)

    layers = collections.OrderedDict()
    convolutions = norms = first
    for block in model.encoder["blocks"]:
        for layer in [*block.convolutions, *block.shortcuts]:
            layers[numbered("separable_conv1d", convolutions)] = {
                "depthwise_kernel:0": layer.depthwise.weight.permute(2, 0, 1),
                "pointwise_kernel:0": kernel(layer.pointwise.weight), "bias:0": layer.pointwise.bias}
            convolutions += 1
        for layer in block.norms:
            layers[numbered("batch_normalization", norms)] = {
                "gamma:0": layer.weight, "beta:0": layer.bias, "moving_mean:0": layer.running_mean,
                "moving_variance:0": layer.running_var}
            norms += 1
    dense = {"kernel:0": model.hidden.weight.T, "bias:0": model.hidden.bias}
    label = {"kernel:0": model.output.weight.T, "bias:0": model.output.bias}
    return layers, numbered("dense", first), dense, label


def ulw():
    torch.manual_seed(2)
    model = ULW()
    vary(model)
    model.eval()
    windows = torch.randint(-100, 100, (2, 4, 3000), dtype=torch.int8)
    with torch.no_grad():
        scores = model(windows / 25)
    np.save(folder / "ulw-psg.npy", (windows / 25).to(torch.float16).numpy().astype(np.float32)[:1])
    with torch.no_grad():
        first = model(torch.from_numpy(np.load(folder / "ulw-psg.npy")))
    np.save(folder / "ulw-scores.npy", first.numpy())
    np.save(folder / "ulw-probabilities.npy", first.softmax(1).numpy())
    torch.save(model.state_dict(), folder / "ulw.pt")
    # Keras goes on counting over the models of one program: here one was made before.
    layers, dense_name, dense, label = keras_layers(model, first=12)
    with h5py.File(folder / "ulw.h5", "w") as file:
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = np.array([b"input_2", b"time_distributed", dense_name.encode(), b"Label"])
        root.attrs["backend"] = b"tensorflow"
        root.create_group("input_2").attrs["weight_names"] = np.array([], dtype="S1")

        def write(group, items):
            for name, tensor in items:
                group.create_dataset(name, data=tensor.detach().numpy())
            group.attrs["weight_names"] = np.array([name.encode() for name, _ in items])

        # A model within TimeDistributed keeps its layers' own names.
        write(root.create_group("time_distributed"),
              [(f"{layer}/{name}", tensor) for layer, weights in layers.items() for name, tensor in weights.items()])
        write(root.create_group(dense_name), [(f"{dense_name}/{name}", tensor) for name, tensor in dense.items()])
        write(root.create_group("Label"), [(f"Label/{name}", tensor) for name, tensor in label.items()])
        file.create_group("optimizer_weights").create_dataset("Adam/iterations:0", data=np.array([9, 9]))


def refused():
    """What is no state dictionary."""
    torch.save(nn.Linear(2, 1), folder / "module.pth")
    torch.save({"weight": torch.ones(2)}, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    # A program of TorchScript, without its code, in which paths of the machine stand.
    program = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Linear(2, 1)), program)
    with zipfile.ZipFile(program) as whole, zipfile.ZipFile(folder / "script.pt", "w") as kept:
        for name in whole.namelist():
            if "/code/" not in name:
                kept.writestr(zipfile.ZipInfo(name), whole.read(name))
    torch.save({"epoch": 3, "lr": 0.1}, folder / "no-tensors.pth")


every_kind()
sleepvst()
ulw()
refused()
