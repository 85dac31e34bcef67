"""The encoders of two recipes, psg-synthetic and pmd-tasks, in plain PyTorch."""
import torch
from torch import nn
from torch.nn.functional import batch_norm


def normalised(norm, x, aside):
    """By the batch's statistics; they leave no trace in the running ones where `aside`."""
    return batch_norm(x, None, None, norm.weight, norm.bias, True) if aside else norm(x)


class SignalEncoder(nn.Module):
    width = 32

    def __init__(self, channels=4):
        super().__init__()
        sizes = [channels, 16, 32, 32]
        self.convolutions = nn.ModuleList([
            nn.Conv1d(a, b, 7, stride, 3, bias=False) for a, b, stride in zip(sizes, sizes[1:], (4, 2, 2))])
        self.norms = nn.ModuleList([nn.BatchNorm1d(size) for size in sizes[1:]])
        self.output = nn.Linear(32, 32)
        self.trunk = nn.Sequential(nn.LayerNorm(32), nn.Linear(32, 64), nn.GELU(), nn.Linear(64, 32))

    def tokens(self, x, aside=False):
        for convolution, norm in zip(self.convolutions, self.norms):
            x = torch.relu(normalised(norm, convolution(x), aside))
        x = self.output(nn.functional.adaptive_avg_pool1d(x, 4).transpose(1, 2))
        return x + self.trunk(x)

    def forward(self, x, aside=False):
        return self.tokens(x, aside).mean(1)


class MapEncoder(nn.Module):
    width = 128

    def __init__(self, shape=(64, 32)):
        super().__init__()
        sizes = [1, 16, 32, 64, 64]
        self.convolutions = nn.ModuleList([
            nn.Conv2d(a, b, 3, stride, 1, bias=False) for a, b, stride in zip(sizes, sizes[1:], (1, 2, 2, 2))])
        self.norms = nn.ModuleList([nn.BatchNorm2d(size) for size in sizes[1:]])
        self.output = nn.Linear(64 * (shape[0] // 8) * (shape[1] // 8), 128)

    def tokens(self, x, aside=False):
        x = x.unsqueeze(1)
        for convolution, norm in zip(self.convolutions, self.norms):
            x = torch.relu(normalised(norm, convolution(x), aside))
        return self.output(x.flatten(1)).unsqueeze(1)

    def forward(self, x, aside=False):
        return self.tokens(x, aside)[:, 0]
