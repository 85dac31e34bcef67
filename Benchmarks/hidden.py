"""Objectives of windows of which something is hidden, and told from the rest."""
import torch
from torch import nn
from torch.nn.functional import avg_pool1d, gelu, pad

from objectives import WindowObjective


def sinusoids(places, width):
    frequencies = 10000.0 ** (-torch.arange(0, width, 2).float() / width)
    angles = places.float().unsqueeze(1) * frequencies
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(len(places), width)


class Masked(WindowObjective):
    """Half of the patches hidden, and told by one transformer block over tokens and questions."""

    def __init__(self, kind):
        super().__init__(kind)
        self.planes, rows, columns, self.patch = (4, 1, 3000, (1, 188)) if kind == "psg" else (1, 64, 32, (4, 4))
        self.grid = (rows // self.patch[0], columns // self.patch[1])
        self.rest = columns - self.grid[1] * self.patch[1]
        self.count, cells = self.grid[0] * self.grid[1], self.planes * self.patch[0] * self.patch[1]
        self.hidden = nn.Parameter(torch.zeros(1, 1, cells))
        self.input, self.question = nn.Linear(self.width, 64), nn.Parameter(0.02 * torch.randn(64))
        self.block = nn.TransformerEncoderLayer(64, 4, 256, 0, "gelu", batch_first=True, norm_first=True)
        self.norm, self.output = nn.LayerNorm(64), nn.Linear(64, cells)
        places = torch.arange(self.count)
        self.register_buffer("places", sinusoids(places, 64) if kind == "psg" else torch.cat(
            [sinusoids(places // self.grid[1], 32), sinusoids(places % self.grid[1], 32)], dim=1))
        self.register_buffer("tokens", sinusoids((torch.arange(4) + 0.5) * 3000 / 188 / 4 - 0.5, 64))

    def cut(self, windows):
        windows = windows.reshape(len(windows), self.planes, -1, windows.shape[-1])[..., : windows.shape[-1] - self.rest]
        (a, b), (c, d) = self.grid, self.patch
        patches = windows.reshape(-1, self.planes, a, c, b, d).permute(0, 2, 4, 1, 3, 5)
        return patches.reshape(len(windows), self.count, -1)

    def joined(self, patches, windows):
        (a, b), (c, d) = self.grid, self.patch
        whole = patches.reshape(len(windows), a, b, self.planes, c, d).permute(0, 3, 1, 4, 2, 5)
        whole = whole.reshape(len(windows), self.planes, a * c, b * d)
        # What belongs to no patch is seen.
        rest = windows.reshape(len(windows), self.planes, a * c, -1)[..., b * d:]
        return torch.cat([whole, rest], dim=3).reshape(windows.shape)

    def loss(self, windows):
        order = torch.rand(len(windows), self.count).argsort(1).argsort(1)
        mask = (order < self.count // 2).float().unsqueeze(2)
        patches = self.cut(windows)
        seen = self.joined(patches * (1 - mask) + self.hidden * mask, windows)
        tokens = self.input(self.encoder.tokens(seen))
        if self.kind == "psg":
            tokens = tokens + self.tokens
        asked = (self.places + self.question).expand(len(windows), -1, -1)
        told = self.output(self.norm(self.block(torch.cat([tokens, asked], dim=1))[:, -self.count:]))
        parts = patches.reshape(len(windows), self.count, self.planes, -1)
        truth = (parts - parts.mean(3, keepdim=True)) / (parts.var(3, keepdim=True) + 1e-6).sqrt()
        errors = (told - truth.reshape(told.shape)).square().mean(2, keepdim=True)
        return (errors * mask).sum() / mask.sum()


class Frequency(WindowObjective):
    """A run of frames and a band of a window's spectrogram are taken out of it, and told from the rest."""

    EDGES = (0, 3, 7, 18, 49, 129)

    def __init__(self, kind):
        super().__init__(kind)
        self.input, self.output = nn.Linear(self.width, 64), nn.Linear(64, 4 * 5)
        self.places = nn.Parameter(0.02 * torch.randn(25, 64))
        middle = ((torch.arange(25) + 0.5) * 4 / 25 - 0.5).clamp(0, 3)
        first = middle.long().clamp(max=2)
        weights = torch.zeros(25, 4)
        weights[torch.arange(25), first] = 1 - (middle - first)
        weights[torch.arange(25), first + 1] = middle - first
        self.register_buffer("stretch", weights)
        self.register_buffer("window", torch.hann_window(256))
        self.register_buffer("mean", torch.zeros(4, 25, 5))
        self.register_buffer("variance", torch.ones(4, 25, 5))
        self.register_buffer("edges", torch.tensor(self.EDGES))
        self.steps = torch.zeros(())

    def standard(self, cells):
        with torch.no_grad():
            self.steps += 1
            rate = 1 / self.steps.clamp(max=100)
            self.mean.lerp_(cells.mean(0), rate)
            self.variance.lerp_(cells.var(0, correction=0), rate)
            return ((cells - self.mean) / self.variance.sqrt().clamp(min=0.1)).clamp(-10, 10)

    def loss(self, windows):
        count = len(windows)
        with torch.no_grad():
            spectrum = torch.stft(
                pad(windows.reshape(-1, 3000), (0, 72)), 256, 128, window=self.window, pad_mode="constant",
                return_complex=True) / self.window.sum()
            power = spectrum.real.square() + spectrum.imag.square()
            cells = torch.stack([power[:, a:b].mean(1) for a, b in zip(self.EDGES, self.EDGES[1:])], dim=2)
            cells = avg_pool1d(cells.transpose(1, 2), 3, 1, 1, count_include_pad=False).transpose(1, 2)
            cells = (cells + 1e-8).log().reshape(count, 4, 25, 5)
            frame, band = torch.randint(0, 22, (count, 1)), torch.randint(0, 5, (count, 1))
            frames, bins = torch.arange(25), torch.arange(129)
            lost = ((frames >= frame - 2) & (frames < frame + 6))[:, None, :]
            lost = lost | ((bins >= self.edges[band] - 2) & (bins < self.edges[band + 1] + 2))[:, :, None]
            spectrum = spectrum.reshape(count, 4, 129, 25).masked_fill(lost[:, None], 0).reshape(-1, 129, 25)
            seen = torch.istft(spectrum * self.window.sum(), 256, 128, window=self.window, length=3000)
        hidden = ((frames >= frame) & (frames < frame + 4))[:, :, None] | (torch.arange(5) == band)[:, None, :]
        hidden = hidden[:, None].expand(count, 4, 25, 5).float()
        tokens = self.encoder.tokens(seen.reshape(windows.shape))
        told = self.output(gelu(self.stretch @ self.input(tokens) + self.places))
        told = told.reshape(count, 25, 4, 5).transpose(1, 2)
        return ((told - self.standard(cells)).square() * hidden).sum() / hidden.sum()


OBJECTIVES = {"frequency": (Frequency, ("psg",)), "masked": (Masked, ("psg", "map"))}
