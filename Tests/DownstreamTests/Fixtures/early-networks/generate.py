"""The first accelerometer networks, of 30 s, and SSRM's worker in PyTorch: logits, and the losses of twenty steps."""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula


class Early(nn.Module):
    def __init__(self, convolutional, classes=2):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)] if convolutional else [])
        self.dense = nn.Linear(64 * 29 * 9, 64) if convolutional else nn.Linear(65 * 25, 128)
        self.output = nn.Linear(self.dense.out_features, classes)

    def forward(self, x):
        x = x.unsqueeze(1)
        if len(self.convolutions):
            x = nn.functional.max_pool2d(torch.relu(self.convolutions[0](x)), 2)
            x = torch.relu(self.convolutions[1](x))
        return self.output(torch.relu(self.dense(x.flatten(1))))


class Worker(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.output = nn.Linear(64 * 27, 128), nn.Linear(128, 5)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x.flatten(1))))


def write(name, model, shape, classes):
    place = folder / name
    place.mkdir(exist_ok=True)
    inputs = [(formula.uniform(f"map {index}", (4,) + shape),) for index in range(2)]
    labels = [formula.classes(f"labels {index}", (4,), classes) for index in range(2)]
    formula.write(place, model, inputs, labels, lambda parameters: torch.optim.Adam(parameters, lr=1e-4))


write("accelerometer-cnn-30s", Early(True), (65, 25), 2)
write("accelerometer-dense-30s", Early(False), (65, 25), 2)
write("ssrm-worker", Worker(), (64, 27), 5)
