"""What all pretraining objectives share: the network, its teacher, projectors, and how a step is taken."""
import copy
import math

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

import torch_views
from common import FOLDER, fused, step
from encoders import MapEncoder, SignalEncoder

BATCH = 256


def recordings(kind, sensor):
    """The windows of all recordings of a corpus, `[recordings, windows]` and their shape."""
    return torch.from_numpy(np.stack([np.load(path) for path in sorted(FOLDER.glob(f"corpus-{kind}/*/{sensor}.npy"))]))


def projector(inputs, hidden, outputs, layers=1, norm=False):
    parts, size = [], inputs
    for _ in range(layers):
        parts += [nn.Linear(size, hidden)] + ([nn.BatchNorm1d(hidden)] if norm else []) + [nn.ReLU()]
        size = hidden
    return nn.Sequential(*parts, nn.Linear(size, outputs))


def vector_loss(vectors, temperature=0.2, apart=None):
    """NT-Xent: the first members of all pairs, then the second ones. What is `apart` is not compared."""
    vectors, count = normalize(vectors, dim=1), len(vectors)
    left = torch.eye(count, dtype=torch.bool)
    logits = (vectors @ vectors.T / temperature).masked_fill(left if apart is None else left | apart, -1e4)
    return cross_entropy(logits, (torch.arange(count) + count // 2) % count)


class Objective(nn.Module):
    """A network with a `loss` of what `batches` gives."""

    def follow(self):
        """Is called after each step of the optimiser."""


class WindowObjective(Objective):
    """An encoder of windows that need not be neighbours."""

    def __init__(self, kind):
        super().__init__()
        is_map = kind == "map"
        self.encoder = MapEncoder() if is_map else SignalEncoder()
        self.changed = torch_views.changed_maps if is_map else torch_views.changed_signals
        self.kind, self.width = kind, self.encoder.width

    def batches(self):
        """Each window once before any comes again."""
        windows = recordings(self.kind, "pressure-map" if self.kind == "map" else "psg").flatten(0, 1)
        while True:
            for rows in torch.randperm(len(windows)).split(BATCH):
                yield (windows[rows],)


class Taught:
    """Beside an objective: a teacher, which is a copy of the student, a part of the network, and moves slowly after it."""

    def teach(self, student, momentum):
        self.student, self.momentum = student, momentum
        self.teacher = copy.deepcopy(student).requires_grad_(False)

    @torch.no_grad()
    def follow(self):
        torch._foreach_lerp_(list(self.teacher.parameters()), list(self.student.parameters()), 1 - self.momentum)
        torch._foreach_copy_(list(self.teacher.buffers()), list(self.student.buffers()))


def training(make, kind):
    """A step: batch, views or masks, loss, gradient, clipping, AdamW, schedule."""
    model = make(kind)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = fused(torch.optim.AdamW, trained, lr=1e-3, weight_decay=1e-2)
    # A cosine of 10000 steps behind 500 in which the rate rises.
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: (n + 1) / 500 if n < 500 else 0.5 + 0.5 * math.cos(math.pi * (n - 500) / 9500))
    source = model.batches()
    taken = step(
        model, optimizer, model.loss, lambda: next(source), lambda: nn.utils.clip_grad_norm_(trained, 1.0))

    def work():
        parameters = taken()
        schedule.step()
        model.follow()
        return parameters

    return work
