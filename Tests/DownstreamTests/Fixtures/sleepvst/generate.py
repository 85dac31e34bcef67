"""SleepVST in PyTorch, from the publication's description: logits, and the losses of twenty steps.

The same in `../sleepvst-adapter` with an adapter as the authors' program has it, of which nothing but the adapter and its classifier learns.
"""
import pathlib
import sys

import torch
from torch import nn

folder = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(folder.parent / "models"))
import formula


class Block(nn.Module):
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


class Encoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.stem = nn.Conv1d(1, 16, 7, padding=3)
        self.norm = nn.BatchNorm1d(16)
        sizes = [16, 32, 32, 64, 64, 64, 64]
        self.blocks = nn.ModuleList(Block(a, b) for a, b in zip(sizes, sizes[1:]))
        self.projection = nn.Linear(64, width)

    def forward(self, x):
        batch, length, samples = x.shape
        x = torch.relu(self.norm(self.stem(x.reshape(batch, 1, length * samples))))
        for block in self.blocks:
            x = block(x)
        return self.projection(nn.functional.adaptive_avg_pool1d(x, length).transpose(1, 2))


class SleepVST(nn.Module):
    def __init__(self, layers=2, heads=8, width=128, classes=4):
        super().__init__()
        self.encoder = nn.ModuleDict({"ecg": Encoder(width // 2), "respiration": Encoder(width // 2)})
        block = nn.TransformerEncoderLayer(width, heads, 512, dropout=0.0, batch_first=True, norm_first=True)
        self.transformer = nn.TransformerEncoder(
            block, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.output = nn.Linear(width, classes)

    def positions(self, length, width):
        places = torch.arange(length).float().unsqueeze(1)
        frequencies = 10000.0 ** (-torch.arange(0, width, 2).float() / width)
        table = torch.zeros(length, width)
        table[:, 0::2] = torch.sin(places * frequencies)
        table[:, 1::2] = torch.cos(places * frequencies)
        return table

    def vectors(self, ecg, respiration):
        x = torch.cat([self.encoder["ecg"](ecg), self.encoder["respiration"](respiration)], dim=2)
        return x + self.positions(x.shape[1], x.shape[2])

    def forward(self, ecg, respiration, padding):
        x = self.vectors(ecg, respiration)
        return self.output(self.transformer(x, src_key_padding_mask=padding))


class Adapter(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.down, self.up = nn.Linear(width, size), nn.Linear(size, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return self.norm(x + self.up(torch.relu(self.down(x))))


class Adapted(SleepVST):
    """The blocks' sum goes past the transformer's norm to the adapter; that norm and the first output layer are left unused."""

    def __init__(self, layers, width=128, classes=4):
        super().__init__(layers=layers)
        self.adapter = Adapter(width, 64)
        self.classifier = nn.Linear(width, classes)
        fresh = [*self.adapter.parameters(), *self.classifier.parameters()]
        for parameter in self.parameters():
            parameter.requires_grad = any(parameter is other for other in fresh)

    def train(self, mode=True):
        super().train(mode)
        self.encoder.eval()  # running statistics stay, as ours do where encoders are frozen
        return self

    def forward(self, ecg, respiration, padding):
        x = self.vectors(ecg, respiration)
        for block in self.transformer.layers:
            x = block(x, src_key_padding_mask=padding)
        return self.classifier(self.adapter(x))


torch.manual_seed(1)
inputs, labels = [], []
for index in range(2):
    padding = torch.zeros(2, 12, dtype=torch.bool)
    padding[1, 9:] = True
    inputs.append(
        (formula.uniform(f"ecg {index}", (2, 12, 300)), formula.uniform(f"respiration {index}", (2, 12, 150)), padding))
    labels.append(formula.classes(f"labels {index}", (2, 12), 4))
formula.write(
    folder, SleepVST(), inputs, labels, lambda parameters: torch.optim.AdamW(parameters, lr=5e-4, weight_decay=1e-3))

adapted = Adapted(layers=6)
print(sum(p.numel() for p in adapted.parameters() if p.requires_grad), "of them learn")
target = folder.parent / "sleepvst-adapter"
target.mkdir(exist_ok=True)
formula.write(
    target, adapted, inputs, labels,
    lambda parameters: torch.optim.AdamW([p for p in parameters if p.requires_grad], lr=5e-3, weight_decay=1e-3))
