"""Objectives of windows of one night: which are near each other, and which follow."""
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

import torch_views
from objectives import WindowObjective, projector, recordings, vector_loss


def pieces(nights, windows, length, count):
    """Where `count` pieces of each night begin, `[nights, count]`, which do not overlap; they are others in each batch."""
    starts = torch.arange(torch.randint(length, ()), windows - length + 1, length)
    return torch.stack([starts[torch.randperm(len(starts))[:count]] for _ in range(nights)])


class Near(WindowObjective):
    """Pieces of near windows, and for each of them a window of the same night that is far away."""

    def __init__(self, kind, size, near, count):
        super().__init__(kind)
        self.size, self.near, self.count = size, near, count
        self.output = nn.Linear((size - 1) * self.width, 1)

    def batches(self):
        source = recordings(self.kind, "psg")
        nights, windows = source.shape[:2]
        rows = torch.arange(nights)[:, None, None]
        while True:
            offsets = torch.rand(nights, self.count, self.near + 1).argsort(2)[..., : self.size].sort(2).values
            places = pieces(nights, windows, self.near + 1, self.count)[..., None] + offsets
            yield source[rows, places].flatten(0, 2), self.far(places)

    @staticmethod
    def far(places, distance=30):
        """Of each piece, the position in the batch of one of the windows that are far from all of it."""
        others = places.flatten(1)[:, None]
        apart = (others <= places[..., :1] - distance) | (others >= places[..., -1:] + distance)
        found = (torch.rand(apart.shape) * apart).argmax(2)
        return (found + others.shape[2] * torch.arange(len(places))[:, None]).flatten()

    def loss(self, windows, far):
        vectors = self.encoder(windows)
        near = vectors.reshape(-1, self.size, self.width)
        asked = torch.cat([near, torch.cat([near[:, :1], vectors[far][:, None], near[:, 2:]], dim=1)])
        steps = asked.diff(dim=1).abs()
        if self.size > 2:
            turned = torch.rand(len(asked)) < 0.5
            steps = torch.where(turned[:, None, None], steps.flip(1), steps)
        truth = (torch.arange(len(asked)) < len(near)).float()
        return binary_cross_entropy_with_logits(self.output(steps.flatten(1))[:, 0], truth)


class RelativePosition(Near):
    def __init__(self, kind):
        super().__init__(kind, size=2, near=2, count=8)


class Order(Near):
    def __init__(self, kind):
        super().__init__(kind, size=3, near=6, count=6)


class Runs(WindowObjective):
    """Runs of 8 windows, of which the last 3 are told from the first 5, among those of other runs of the same night."""

    def __init__(self, kind):
        super().__init__(kind)
        self.recurrent = nn.GRU(self.width, 64, batch_first=True)
        self.ahead = nn.Linear(64, 3 * self.width, bias=False)
        # Of four nights with eight runs each.
        night = torch.arange(32) // 8
        self.register_buffer("apart", night[:, None] != night)

    def batches(self):
        source = recordings(self.kind, "psg")
        while True:
            nights, starts = torch.randperm(len(source))[:4, None, None], pieces(4, source.shape[1], 8, 8)
            yield (source[nights, starts[..., None] + torch.arange(8)].flatten(0, 2),)

    def state(self, runs):
        return self.recurrent(runs[:, :5])[0][:, -1]

    def future_loss(self, state, runs):
        told = self.ahead(state).reshape(32, 3, self.width).transpose(0, 1)
        logits = (told @ runs[:, 5:].permute(1, 2, 0)).masked_fill(self.apart, -1e9)
        return cross_entropy(logits.flatten(0, 1), torch.arange(32).repeat(3))


class PredictiveCoding(Runs):
    def loss(self, windows):
        runs = self.encoder(windows).reshape(32, 8, self.width)
        return self.future_loss(self.state(runs), runs)


class TemporalContrast(Runs):
    """The same across two views of each run, one of which is changed much; and the runs' states are alike in both."""

    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(64, 64, 32, norm=True)

    @staticmethod
    def strong(windows):
        windows = torch_views.shuffled(windows, torch.rand(len(windows), 5).argsort(1), shortest=2, gap=0)
        shape = (32, 1, 4, 1)
        # Gain and offset are the same throughout a run.
        runs = windows.reshape(32, 8, 4, 3000) * ((torch.rand(shape) - 0.5) * 0.6).exp() + (torch.rand(shape) - 0.5) * 0.4
        return (runs + 0.2 * torch.randn_like(runs)).flatten(0, 1)

    @staticmethod
    def weak(windows):
        runs = windows.reshape(32, 8, 4, 3000) * ((torch.rand(32, 1, 4, 1) - 0.5) * 0.4).exp()
        return (runs + 0.1 * torch.randn_like(runs)).flatten(0, 1)

    def loss(self, windows):
        views = [self.strong(windows), self.weak(windows)]
        runs = [normalize(self.encoder(view).reshape(32, 8, self.width), dim=2) for view in views]
        states = [self.state(run) for run in runs]
        crossed = self.future_loss(states[0], runs[1]) + self.future_loss(states[1], runs[0])
        return crossed + 0.7 * vector_loss(self.projector(torch.cat(states)), apart=self.apart.repeat(2, 2))


OBJECTIVES = {
    "relative-position": (RelativePosition, ("psg-nights",)), "order": (Order, ("psg-nights",)),
    "cpc": (PredictiveCoding, ("psg-nights",)), "ts-tcc": (TemporalContrast, ("psg-nights",)),
}
