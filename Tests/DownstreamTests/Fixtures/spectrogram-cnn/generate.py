"""The spectrogram CNN in PyTorch, from its layer table: logits, and the losses of twenty steps."""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula

class SpectrogramCNN(nn.Module):
    pooled = [1, 3, 5, 6]

    def __init__(self, classes=5):
        super().__init__()
        sizes = [1, 32, 32, 32, 32, 64, 64, 128]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, padding="valid" if index == 0 else "same")
            for index, (a, b) in enumerate(zip(sizes, sizes[1:])))
        self.hidden = nn.Linear(128 * 3 * 3, 512)
        self.output = nn.Linear(512, classes)

    def forward(self, x):
        x = x.unsqueeze(1)
        for index, convolution in enumerate(self.convolutions):
            x = torch.relu(convolution(x))
            if index in self.pooled:
                x = nn.functional.max_pool2d(x, 2)
        return self.output(torch.relu(self.hidden(x.flatten(1))))


inputs = [(formula.uniform(f"spectrogram {index}", (4, 51, 59)),) for index in range(2)]
labels = [formula.classes(f"labels {index}", (4,), 5) for index in range(2)]
formula.write(folder, SpectrogramCNN(), inputs, labels, lambda parameters: torch.optim.Adam(parameters, lr=1e-4))
