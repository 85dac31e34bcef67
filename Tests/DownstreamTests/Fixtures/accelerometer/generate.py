"""The four recognisers of acceleration spectrograms in PyTorch, with the time of night: logits, and the losses of twenty steps."""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula

class Model(nn.Module):
    def __init__(self, kind, classes=4, nights=8.0):
        super().__init__()
        self.kind = kind
        self.nights = nights
        cnn = kind == "accelerometer-cnn"
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 64, 3), nn.Conv2d(64, 32, 3)] if cnn else [])
        width = {"accelerometer-cnn": 32 * 14 * 16, "accelerometer-logistic-mean": 65}.get(kind, 65 * 73) + 1
        sizes = {"accelerometer-cnn": [32, 32, 32], "accelerometer-dense": [64, 32, 32, 32]}.get(kind, [])
        self.dense = nn.ModuleList(nn.Linear(a, b) for a, b in zip([width] + sizes, sizes))
        self.output = nn.Linear(sizes[-1] if sizes else width, classes)

    def forward(self, x, hours):
        x = x.unsqueeze(1)
        for convolution in self.convolutions:
            x = nn.functional.max_pool2d(torch.relu(convolution(x)), 2)
        if self.kind == "accelerometer-logistic-mean":
            x = x.mean(dim=3)
        x = torch.cat([x.flatten(1), hours.unsqueeze(1) / self.nights], dim=1)
        for layer in self.dense:
            x = torch.relu(layer(x))
        return self.output(x)


inputs = [
    (formula.uniform(f"spectrogram {index}", (4, 65, 73)), torch.arange(4).float() * 2 + 0.5) for index in range(2)]
labels = [formula.classes(f"labels {index}", (4,), 4) for index in range(2)]
for kind in ["accelerometer-cnn", "accelerometer-dense", "accelerometer-logistic", "accelerometer-logistic-mean"]:
    place = folder / kind
    place.mkdir(exist_ok=True)
    formula.write(place, Model(kind), inputs, labels, lambda parameters: torch.optim.Adam(parameters, lr=1e-4))
