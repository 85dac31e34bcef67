"""The networks that are timed, in plain PyTorch, from the publications' descriptions."""
import torch
from torch import nn


class SleepVSTBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv1d(inputs, outputs, 3, padding=1)
        self.norm1 = nn.BatchNorm1d(outputs)
        self.conv2 = nn.Conv1d(outputs, outputs, 3, padding=1)
        self.norm2 = nn.BatchNorm1d(outputs)
        self.shortcut = nn.Conv1d(inputs, outputs, 1)
        self.shortcut_norm = nn.BatchNorm1d(outputs)
        self.pool = nn.MaxPool1d(2)

    def forward(self, x):
        main = self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(x)))))
        return torch.relu(self.pool(main) + self.pool(self.shortcut_norm(self.shortcut(x))))


class WaveformEncoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.stem = nn.Conv1d(1, 16, 7, padding=3)
        self.norm = nn.BatchNorm1d(16)
        sizes = [16, 32, 32, 64, 64, 64, 64]
        self.blocks = nn.Sequential(*[SleepVSTBlock(a, b) for a, b in zip(sizes, sizes[1:])])
        self.projection = nn.Linear(64, width)

    def forward(self, x):
        batch, length, samples = x.shape
        x = self.blocks(torch.relu(self.norm(self.stem(x.reshape(batch, 1, length * samples)))))
        return self.projection(nn.functional.adaptive_avg_pool1d(x, length).transpose(1, 2))


class SleepVST(nn.Module):
    def __init__(self, layers=2, heads=8, width=128, length=240, classes=4, dropout=0.1):
        super().__init__()
        self.encoders = nn.ModuleList([WaveformEncoder(width // 2), WaveformEncoder(width // 2)])
        block = nn.TransformerEncoderLayer(width, heads, 512, dropout, batch_first=True, norm_first=True)
        self.transformer = nn.TransformerEncoder(block, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.output = nn.Linear(width, classes)
        places = torch.arange(length).float().unsqueeze(1)
        frequencies = 10000.0 ** (-torch.arange(0, width, 2).float() / width)
        positions = torch.stack([torch.sin(places * frequencies), torch.cos(places * frequencies)], dim=2)
        self.register_buffer("positions", positions.reshape(length, width))

    def forward(self, ecg, respiration):
        x = torch.cat([self.encoders[0](ecg), self.encoders[1](respiration)], dim=2)
        return self.output(self.transformer(x + self.positions))


class Separable(nn.Sequential):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__(
            nn.Conv1d(inputs, inputs, kernel, stride=stride, padding=kernel // 2, groups=inputs, bias=False),
            nn.Conv1d(inputs, outputs, 1))


class DualStreamBlock(nn.Module):
    def __init__(self, inputs, filters):
        super().__init__()
        layers = []
        for size in (inputs, filters):
            layers += [
                Separable(size, filters, 3), nn.BatchNorm1d(filters, eps=1e-3, momentum=0.01), nn.ReLU(),
                nn.MaxPool1d(2, ceil_mode=True)]
        self.main = nn.Sequential(*layers)
        self.shortcut = nn.Sequential(Separable(inputs, filters, 1, 2), Separable(filters, filters, 1, 2))

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


class ULWSleepNet(nn.Module):
    def __init__(self, channels=4, classes=5):
        super().__init__()
        layers = []
        for inputs, filters in ((1, 8), (8, 16), (16, 32)):
            layers += [DualStreamBlock(inputs, filters), nn.Dropout(0.1)]
        self.blocks = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(channels * 32, 64), nn.Linear(64, classes))

    def forward(self, x):
        batch, channels, samples = x.shape
        x = self.blocks(x.reshape(batch * channels, 1, samples))
        return self.head(x.mean(dim=2).reshape(batch, -1))


class SpectrogramCNN(nn.Sequential):
    def __init__(self, classes=5):
        layers, inputs = [], 1
        for outputs, padding, pool in (
                (32, 0, False), (32, 1, True), (32, 1, False), (32, 1, True), (64, 1, False), (64, 1, True), (128, 1, True)):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=padding), nn.ReLU()] + ([nn.MaxPool2d(2)] if pool else [])
            inputs = outputs
        super().__init__(
            *layers, nn.Flatten(), nn.Dropout(0.25), nn.Linear(128 * 3 * 3, 512), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(512, classes))
