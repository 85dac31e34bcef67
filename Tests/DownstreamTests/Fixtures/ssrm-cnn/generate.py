"""SSRM's pressure-map CNN in PyTorch, from the publication's description: logits, and the losses of twenty steps."""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 32, 5, padding="same"), nn.Conv2d(32, 64, 5, padding="same")])
        self.dense = nn.ModuleDict({"pressure-map": nn.Linear(64 * 4 * 3, 1024)})

    def forward(self, x):
        x = x.unsqueeze(1)
        for convolution in self.convolutions:
            x = nn.functional.max_pool2d(torch.relu(convolution(x)), 2)
        return torch.relu(self.dense["pressure-map"](x.flatten(1)))


class PressureMapCNN(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.ModuleDict({"output": nn.Linear(1024, classes)})

    def forward(self, x):
        return self.head["output"](self.encoder(x))


# Smaller maps than published, to be quick; an odd number of columns after the first pooling.
inputs = [(formula.uniform(f"map {index}", (8, 16, 14)),) for index in range(2)]
labels = [formula.classes(f"labels {index}", (8,), 17) for index in range(2)]
formula.write(folder, PressureMapCNN(17), inputs, labels, lambda parameters: torch.optim.Adam(parameters, lr=1e-4))
