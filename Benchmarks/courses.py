"""Objectives of how a single window goes on in time, and of its frequencies."""
import itertools
import math

import numpy as np
import scipy.interpolate
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, normalize, pad

import torch_views
from objectives import BATCH, WindowObjective, projector


class Answer(WindowObjective):
    """Was a window changed, or not? Each is by the toss of a coin."""

    def __init__(self, kind):
        super().__init__(kind)
        self.output = nn.Linear(self.width, 1)

    def loss(self, windows):
        told = torch.rand(len(windows)) < 0.5
        return binary_cross_entropy_with_logits(self.output(self.encoder(self.views(windows, told)))[:, 0], told.float())


class Arrow(Answer):
    def views(self, windows, turned):
        return torch.where(turned[:, None, None], windows.flip(2), windows)


class Permutation(Answer):
    def __init__(self, kind):
        super().__init__(kind)
        # The first of them is the segments' own.
        self.register_buffer("orders", torch.tensor(list(itertools.permutations(range(4)))))

    def views(self, windows, shuffled):
        orders = self.orders[torch.where(shuffled, torch.randint(1, len(self.orders), shuffled.shape), 0)]
        return torch_views.shuffled(windows, orders, shortest=300, gap=150)


class Warp(Answer):
    """The speed is a natural spline through deviates; windows in which it is even are interpolated too."""

    def __init__(self, kind, knots=4, samples=3000):
        super().__init__(kind)
        # A spline is a sum of those through a single 1.
        spline = scipy.interpolate.CubicSpline(np.arange(knots + 2), np.eye(knots + 2), bc_type="natural")
        curves = spline(np.arange(samples) * (knots + 1) / (samples - 1))
        self.register_buffer("curves", torch.from_numpy(curves.T).float())

    def views(self, windows, warped):
        count, _, samples = windows.shape
        speeds = (1 + 0.2 * torch.randn(count, len(self.curves))) @ self.curves
        times = pad(speeds[:, 1:].clamp(min=0.1).cumsum(1), (1, 0))
        times = torch.where(warped[:, None], times / times[:, -1:], torch.linspace(0, 1, samples))
        length = (samples - 1) * (1 - 0.2 * torch.rand(count, 1))
        places = torch.rand(count, 1) * (samples - 1 - length) + length * times
        before = places.long().clamp(max=samples - 2)
        share, rows = (places - before)[:, None], before[:, None].expand_as(windows)
        return windows.gather(2, rows).lerp(windows.gather(2, rows + 1), share)


class MadeUpSpectra(WindowObjective):
    """In which bins of frequencies is there a sine? Nothing of a window is used but its shape."""

    def __init__(self, kind):
        super().__init__(kind)
        self.output = nn.Linear(self.width, 20)
        self.edges = 3 * (1050 / 3) ** (torch.arange(21) / 20)
        self.turns = torch.arange(3000) * (2 * math.pi / 3000)

    def made(self):
        """A window, and which bins are in it."""
        chosen = torch.randperm(20)[: torch.randint(1, 21, ())]
        cycles = self.edges[chosen].lerp(self.edges[chosen + 1], torch.rand(4, len(chosen)))
        amplitudes = torch.empty_like(cycles).uniform_(-0.5, 0.5).exp()
        phases = 2 * math.pi * torch.rand(len(chosen), 1)
        sines = torch.addcmul(phases, cycles[..., None], self.turns).sin_()
        window = (amplitudes[:, None] @ sines)[:, 0]
        window = (window - window.mean(1, keepdim=True)) / window.std(1, correction=0, keepdim=True).clamp(min=1e-8)
        return window, torch.zeros(20).index_fill_(0, chosen, 1)

    def batches(self):
        while True:
            yield tuple(map(torch.stack, zip(*(self.made() for _ in range(BATCH)))))

    def loss(self, windows, present):
        return binary_cross_entropy_with_logits(self.output(self.encoder(windows)), present)


class FrequencySimilarity(WindowObjective):
    """Windows are the more alike the nearer their spectra are, by Hellinger's distance."""

    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, self.width, 64)
        # Made by the other form of the objective alone.
        self.unused = nn.Linear(128, 1)
        self.register_buffer("window", torch.hann_window(256))

    def distances(self, windows):
        frames = windows.flatten(0, 1).unfold(1, 256, 128)
        power = torch.fft.rfft((frames - frames.mean(2, keepdim=True)) * self.window).abs().square().mean(1)
        # One-sided, as Welch's.
        power = torch.cat([power[:, :1], 2 * power[:, 1:-1], power[:, -1:]], dim=1)
        roots = (power / power.sum(1, keepdim=True)).sqrt().reshape(len(windows), -1)
        return (1 - roots @ roots.T / windows.shape[1]).clamp(0, 1).sqrt()

    def loss(self, windows):
        own = torch.eye(len(windows), dtype=torch.bool)
        with torch.no_grad():
            distances = self.distances(windows).masked_fill(own, 0)
            scale = distances.sum() / (len(windows) * (len(windows) - 1))
            weights = (-distances / (0.2 * scale)).masked_fill(own, -1e4).softmax(1)
        vectors = normalize(self.projector(self.encoder(windows).relu()), dim=1)
        likeness = (vectors @ vectors.T / 0.2).masked_fill(own, -1e4).log_softmax(1)
        return -(weights * likeness).masked_fill(own, 0).sum(1).mean()


OBJECTIVES = {
    "arrow": (Arrow, ("psg",)), "permutation": (Permutation, ("psg",)), "warp": (Warp, ("psg",)),
    "made-up-spectra": (MadeUpSpectra, ("psg",)), "frequency-similarity": (FrequencySimilarity, ("psg",)),
}
