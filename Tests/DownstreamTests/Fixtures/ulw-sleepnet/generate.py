"""ULW-SleepNet in PyTorch with Keras's conventions, from the publication's description: logits, and the losses of twenty steps."""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula


class Separable(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.depthwise = nn.Conv1d(
            inputs, inputs, kernel, stride=stride, padding=kernel // 2, groups=inputs, bias=False)
        self.pointwise = nn.Conv1d(inputs, outputs, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Block(nn.Module):
    def __init__(self, inputs, filters):
        super().__init__()
        self.convolutions = nn.ModuleList([Separable(inputs, filters, 3), Separable(filters, filters, 3)])
        self.norms = nn.ModuleList(nn.BatchNorm1d(filters, eps=1e-3, momentum=0.01) for _ in range(2))
        self.shortcuts = nn.ModuleList([Separable(inputs, filters, 1, 2), Separable(filters, filters, 1, 2)])
        self.pool = nn.MaxPool1d(2, ceil_mode=True)

    def forward(self, x):
        main = x
        for convolution, norm in zip(self.convolutions, self.norms):
            main = self.pool(torch.relu(norm(convolution(main))))
        for shortcut in self.shortcuts:
            x = shortcut(x)
        return main + x


class ULWSleepNet(nn.Module):
    def __init__(self, channels, classes=5):
        super().__init__()
        self.blocks = nn.ModuleList([Block(1, 8), Block(8, 16), Block(16, 32)])
        self.hidden = nn.Linear(channels * 32, 64)
        self.output = nn.Linear(64, classes)

    def forward(self, x):
        batch, channels, samples = x.shape
        x = x.reshape(batch * channels, 1, samples)
        for block in self.blocks:
            x = block(x)
        return self.output(self.hidden(x.mean(dim=2).reshape(batch, -1)))


# Fewer samples than published, an odd number after two poolings: 500, 250, 125, 63, 32, 16, 8.
inputs = [(formula.uniform(f"psg {index}", (8, 4, 500)),) for index in range(2)]
labels = [formula.classes(f"labels {index}", (8,), 5) for index in range(2)]
formula.write(
    folder, ULWSleepNet(4), inputs, labels,
    lambda parameters: torch.optim.Adam(parameters, lr=1e-3, amsgrad=True),
    lambda rule: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(rule, 10))
