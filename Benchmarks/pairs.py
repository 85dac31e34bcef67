"""Objectives of two changed copies of each window, which are alike."""
import functools

import torch
from torch import nn
from torch.nn.functional import mse_loss, normalize

import torch_views
from objectives import Taught, WindowObjective, projector, vector_loss


class Contrast(WindowObjective):
    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, self.width, 64)

    def loss(self, windows):
        return vector_loss(self.projector(self.encoder(self.changed(torch.cat([windows, windows]))).relu()))


class Search(WindowObjective):
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


class VICReg(WindowObjective):
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


class BYOL(Taught, WindowObjective):
    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, 256, 64, norm=True)
        self.predictor = projector(64, 256, 64, norm=True)
        self.teach(nn.Sequential(self.encoder, self.projector), momentum=0.996)

    def loss(self, windows):
        views = self.changed(torch.cat([windows, windows]))
        told = self.predictor(self.student(views)).split(len(windows))
        with torch.no_grad():
            truth = self.teacher(views).split(len(windows))
        pairs = ((told[0], truth[1]), (told[1], truth[0]))
        return sum((2 - 2 * (normalize(a, dim=1) * normalize(b, dim=1)).sum(1)).mean() for a, b in pairs) / 2


class PrototypeHead(nn.Module):
    def __init__(self, inputs, prototypes=256):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(inputs, 256), nn.BatchNorm1d(256), nn.GELU(), nn.Linear(256, 256), nn.BatchNorm1d(256), nn.GELU(),
            nn.Linear(256, 64))
        self.prototypes = nn.Parameter(torch.randn(prototypes, 64) / 8)

    def forward(self, x):
        return normalize(self.layers(x), dim=1) @ normalize(self.prototypes, dim=1).T


class DINO(Taught, WindowObjective):
    def __init__(self, kind):
        super().__init__(kind)
        self.teach(nn.Sequential(self.encoder, PrototypeHead(self.width)), momentum=0.996)
        self.register_buffer("centre", torch.zeros(256))

    def loss(self, windows):
        views = self.changed(torch.cat([windows, windows]))
        seen = (self.student(views) / 0.1).log_softmax(1)
        with torch.no_grad():
            likeness = self.teacher(views)
            wanted = ((likeness - self.centre) / 0.04).softmax(1).roll(len(windows), 0)
            self.centre.lerp_(likeness.mean(0), 0.1)
        return -(wanted * seen).sum(1).mean()


class SwAV(WindowObjective):
    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(self.width, self.width, 64)
        self.prototypes = nn.Parameter(torch.randn(32, 64) / 8)

    @staticmethod
    def codes(likeness):
        """Sinkhorn's algorithm: windows use all prototypes alike."""
        plan = ((likeness + 1) / 0.05).exp()
        for _ in range(3):
            plan = plan / plan.sum(0, keepdim=True)
            plan = plan / plan.sum(1, keepdim=True)
        return plan

    def loss(self, windows):
        vectors = self.projector(self.encoder(self.changed(torch.cat([windows, windows]))).relu())
        likeness = normalize(vectors, dim=1) @ normalize(self.prototypes, dim=1).T
        with torch.no_grad():
            first, second = map(self.codes, likeness.split(len(windows)))
        return -(torch.cat([second, first]) * (likeness / 0.1).log_softmax(1)).sum(1).mean()


OBJECTIVES = {
    "contrast": (Contrast, ("psg", "map")), "views": (functools.partial(Search, spectrum=True), ("psg", "map")),
    "rotation": (functools.partial(Search, spectrum=False), ("psg", "map")), "vicreg": (VICReg, ("psg", "map")),
    "byol": (BYOL, ("psg", "map")), "dino": (DINO, ("psg", "map")), "swav": (SwAV, ("psg", "map")),
}
