"""Pretraining steps of the same networks and objectives: batch, views or masks, loss, gradient, clipping, AdamW, schedule."""
import copy
import functools
import math

import torch
from torch import nn
from torch.nn.functional import avg_pool1d, binary_cross_entropy_with_logits, cross_entropy, mse_loss, normalize, pad

import torch_views
from common import fused, load, step
from encoders import MapEncoder, SignalEncoder

BATCH = 256


def projector(inputs, hidden, outputs, layers=1, norm=False):
    parts, size = [], inputs
    for _ in range(layers):
        parts += [nn.Linear(size, hidden)] + ([nn.BatchNorm1d(hidden)] if norm else []) + [nn.ReLU()]
        size = hidden
    return nn.Sequential(*parts, nn.Linear(size, outputs))


def vector_loss(vectors, temperature=0.2):
    """NT-Xent: the first members of all pairs, then the second ones."""
    vectors, count = normalize(vectors, dim=1), len(vectors)
    logits = (vectors @ vectors.T / temperature).masked_fill(torch.eye(count, dtype=torch.bool), -1e4)
    return cross_entropy(logits, (torch.arange(count) + count // 2) % count)


class Objective(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.encoder = SignalEncoder() if kind == "psg" else MapEncoder()
        self.changed = torch_views.changed_signals if kind == "psg" else torch_views.changed_maps
        self.kind, self.width = kind, self.encoder.width


class Contrast(Objective):
    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, self.width, 64)

    def loss(self, windows):
        return vector_loss(self.projector(self.encoder(self.changed(torch.cat([windows, windows]))).relu()))


class Search(Objective):
    """Windows are searched for in several views; what is unlike the windows leaves no trace in the running statistics."""

    def __init__(self, kind, spectrum):
        super().__init__(kind)
        self.spectrum = spectrum
        # Made by the other form of the objective alone.
        self.unused = nn.ModuleList(
            [nn.Linear(self.width, 5)] if spectrum else [nn.Linear(self.width, 4), nn.Linear(2 * self.width, 4)])
        self.projector = projector(self.width, self.width, 64)

    def seen(self, windows):
        """The views that look as windows do, and the others."""
        if self.kind == "psg":
            others = [torch_views.turned(self.changed(windows), turn) for turn in (1, 2, 3)]
            natural = [self.changed(windows)]
        else:
            natural, others = [self.changed(windows, degrees) for degrees in (-20.0, 0.0, 20.0)], []
        return natural, others + ([torch_views.spectrum(self.changed(windows))] if self.spectrum else [])

    def loss(self, windows):
        natural, others = self.seen(torch.cat([windows, windows]))
        vectors = list(self.encoder(torch.cat(natural)).split(2 * len(windows)))
        vectors += [self.encoder(view, aside=True) for view in others]
        halves = [vector.split(len(windows)) for vector in vectors]
        return vector_loss(self.projector(torch.cat([half[0] for half in halves] + [half[1] for half in halves]).relu()))


class VICReg(Objective):
    def __init__(self, kind):
        super().__init__(kind)
        self.expander = projector(self.width, 256, 256, layers=2, norm=True)

    def loss(self, windows):
        branches = self.expander(self.encoder(self.changed(torch.cat([windows, windows])))).split(len(windows))
        centred = [branch - branch.mean(0) for branch in branches]
        varied = sum((1 - (branch.var(0) + 1e-4).sqrt()).relu().mean() for branch in branches) / 2
        related = 0
        for branch in centred:
            covariance = branch.T @ branch / (len(windows) - 1)
            related = related + (covariance * (1 - torch.eye(256))).square().sum() / 256
        return 25 * mse_loss(*branches) + 25 * varied + related


class BYOL(Objective):
    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, 256, 64, norm=True)
        self.predictor = projector(64, 256, 64, norm=True)
        self.slow = copy.deepcopy(nn.Sequential(self.encoder, self.projector)).requires_grad_(False)

    def loss(self, windows):
        views = self.changed(torch.cat([windows, windows]))
        told = self.predictor(self.projector(self.encoder(views))).split(len(windows))
        with torch.no_grad():
            truth = self.slow(views).split(len(windows))
        pairs = ((told[0], truth[1]), (told[1], truth[0]))
        return sum((2 - 2 * (normalize(a, dim=1) * normalize(b, dim=1)).sum(1)).mean() for a, b in pairs) / 2

    @torch.no_grad()
    def follow(self):
        own = list(nn.Sequential(self.encoder, self.projector).parameters())
        torch._foreach_lerp_(list(self.slow.parameters()), own, 1 - 0.996)


class Arrow(Objective):
    def __init__(self, kind):
        super().__init__(kind)
        self.output = nn.Linear(self.width, 1)

    def loss(self, windows):
        turned = torch.rand(len(windows)) < 0.5
        views = torch.where(turned[:, None, None], windows.flip(2), windows)
        return binary_cross_entropy_with_logits(self.output(self.encoder(views))[:, 0], turned.float())


def sinusoids(places, width):
    frequencies = 10000.0 ** (-torch.arange(0, width, 2).float() / width)
    angles = places.float().unsqueeze(1) * frequencies
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(len(places), width)


class Masked(Objective):
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


class Frequency(Objective):
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
        self.batches = torch.zeros(())

    def standard(self, cells):
        with torch.no_grad():
            self.batches += 1
            rate = 1 / self.batches.clamp(max=100)
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
        told = self.output(nn.functional.gelu(self.stretch @ self.input(tokens) + self.places))
        told = told.reshape(count, 25, 4, 5).transpose(1, 2)
        return ((told - self.standard(cells)).square() * hidden).sum() / hidden.sum()


def batches(windows):
    """Each window once before any comes again."""
    while True:
        for rows in torch.randperm(len(windows)).split(BATCH):
            yield (windows[rows],)


def training(make, kind):
    model = make(kind)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = fused(torch.optim.AdamW, trained, lr=1e-3, weight_decay=1e-2)
    # A cosine of 10000 steps behind 500 in which the rate rises.
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: (n + 1) / 500 if n < 500 else 0.5 + 0.5 * math.cos(math.pi * (n - 500) / 9500))
    source = batches(torch.from_numpy(load("psg" if kind == "psg" else "pressure-map")))
    taken = step(
        model, optimizer, model.loss, lambda: next(source), lambda: nn.utils.clip_grad_norm_(trained, 1.0))

    def work():
        parameters = taken()
        schedule.step()
        if isinstance(model, BYOL):
            model.follow()
        return parameters

    return work


WORKS = {
    f"{name}-{kind}": functools.partial(training, make, kind)
    for name, make, kinds in (
        ("contrast", Contrast, ("psg", "map")),
        ("views", functools.partial(Search, spectrum=True), ("psg", "map")),
        ("rotation", functools.partial(Search, spectrum=False), ("psg", "map")),
        ("frequency", Frequency, ("psg",)), ("masked", Masked, ("psg", "map")), ("vicreg", VICReg, ("psg",)),
        ("byol", BYOL, ("psg",)), ("arrow", Arrow, ("psg",)))
    for kind in kinds
}
