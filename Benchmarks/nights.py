"""Objectives of stretches of nights: of what a context makes of them, and of several sensors."""
import random

import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize, smooth_l1_loss

from common import load
from encoders import SignalEncoder
from objectives import Objective, Taught, projector, recordings, vector_loss

BATCH, LENGTH, STRIDE = 16, 120, 60


def stretches(nights, windows):
    """The night and the first window of each stretch, which begin at another place in each epoch, in batches."""
    while True:
        starts = [*range(random.randrange(STRIDE), windows - LENGTH, STRIDE), windows - LENGTH]
        all_of_them = [(night, start) for night in range(nights) for start in starts]
        random.shuffle(all_of_them)
        for first in range(0, len(all_of_them), BATCH):
            yield all_of_them[first : first + BATCH]


def huber(told, truth, asked):
    return (smooth_l1_loss(told, truth, reduction="none") * asked).sum() / asked.expand_as(truth).sum()


class Network(nn.Module):
    """An encoder a sensor, which share their trunk, and an LSTM over their joined vectors."""

    def __init__(self, channels):
        super().__init__()
        self.encoders = nn.ModuleList([SignalEncoder(count) for count in channels])
        for encoder in self.encoders:
            encoder.trunk = self.encoders[0].trunk
        self.recurrent = nn.LSTM(32 * len(channels), 32, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.1)

    def vectors(self, inputs):
        """`[stretches, windows, 32]` of each sensor."""
        return [
            encoder(x.flatten(0, 1)).reshape(*x.shape[:2], 32) for encoder, x in zip(self.encoders, inputs)]

    def read(self, vectors):
        return self.dropout(self.recurrent(self.dropout(vectors))[0])

    def forward(self, inputs):
        return self.read(torch.cat(self.vectors(inputs), dim=2))


class NightObjective(Objective):
    SENSORS = {"psg-nights": {"psg": 4}, "ecg-respiration": {"ecg": 1, "respiration": 1}}

    def __init__(self, kind):
        super().__init__()
        self.kind, self.sensors = kind, self.SENSORS[kind]
        self.network = Network(self.sensors.values())

    def batches(self):
        """Windows of each sensor, what their profiles say, and a number for each window, `[stretches, windows]`."""
        sources = [recordings(self.kind, sensor) for sensor in self.sensors]
        nights, windows = sources[0].shape[:2]
        # Each night's is computed once in a training.
        profiles = torch.from_numpy(load(f"{self.kind}-profiles")).reshape(nights, windows, -1)
        for batch in stretches(nights, windows):
            *inputs, profile = (
                torch.stack([x[night, start : start + LENGTH] for night, start in batch])
                for x in (*sources, profiles))
            first = torch.tensor([night * windows + start for night, start in batch])
            yield inputs, profile, first[:, None] + torch.arange(LENGTH), torch.tensor([night for night, _ in batch])


class NightProfile(NightObjective):
    def __init__(self, kind):
        super().__init__(kind)
        self.output = nn.Linear(64, 40)

    def loss(self, inputs, profile, places, nights):
        return smooth_l1_loss(self.output(self.network(inputs)), profile)


class MaskedWindows(Taught, NightObjective):
    """What is hidden is told as plain quantities, and as a teacher's vectors, which has seen all."""

    def __init__(self, kind):
        super().__init__(kind)
        self.blank = nn.Parameter(0.02 * torch.randn(32))
        self.profile, self.vectors = nn.Linear(64, 40), nn.Linear(64, 64)
        self.teach(self.network, momentum=0.99)

    def train(self, mode=True):
        super().train(mode)
        self.teacher.eval()
        return self

    @staticmethod
    def hidden():
        """Runs of 5 to 20 windows, until two fifths of a stretch are hidden."""
        hidden, left = torch.zeros(LENGTH, dtype=torch.bool), round(0.4 * LENGTH)
        while left > 0:
            run = min(left, random.randint(5, 20))
            start = random.randint(0, LENGTH - run)
            left -= run - int(hidden[start : start + run].sum())
            hidden[start : start + run] = True
        return hidden

    def batches(self):
        for batch in super().batches():
            yield *batch, torch.stack([self.hidden() for _ in range(BATCH)])[..., None]

    def loss(self, inputs, profile, places, nights, hidden):
        read = self.network.read(torch.where(hidden, self.blank, self.network.vectors(inputs)[0]))
        with torch.no_grad():
            wanted = self.teacher(inputs)
            wanted = (wanted - wanted.mean((0, 1))) / (wanted.std((0, 1), correction=0) + 1e-3)
        asked = hidden.float()
        return huber(self.profile(read), profile, asked) + huber(self.vectors(read), wanted, asked)


class NextWindows(NightObjective):
    """From the windows to a place that is drawn the ten that follow are told."""

    def __init__(self, kind):
        super().__init__(kind)
        self.output = nn.Linear(64, 10 * 40)

    def batches(self):
        for batch in super().batches():
            yield *batch, random.randint(LENGTH // 2, LENGTH - 10)

    def loss(self, inputs, profile, places, nights, seen):
        read = self.network([x[:, :seen] for x in inputs])
        told = self.output(read[:, -1]).reshape(BATCH, 10, 40)
        return smooth_l1_loss(told, profile[:, seen : seen + 10])


class WhichNight(NightObjective):
    """The halves of a stretch find each other among those of other nights."""

    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(64, 64, 64)

    def loss(self, inputs, profile, places, nights):
        vectors = torch.cat(self.network.vectors(inputs), dim=2)
        halves = [self.network.read(half).mean(1) for half in vectors.split(LENGTH // 2, dim=1)]
        same = (nights[:, None] == nights).repeat(2, 2)
        partners = torch.eye(2 * BATCH, dtype=torch.bool).roll(BATCH, 0)
        return vector_loss(self.projector(torch.cat(halves)), apart=same & ~partners)


def found(first, second, places, groups):
    """Vectors of one window find each other, both ways, among those of other windows of their group."""
    own = torch.eye(len(first), dtype=torch.bool)
    apart = (groups[:, None] != groups) | (places[:, None] == places) & ~own
    logits = (normalize(first, dim=1) @ normalize(second, dim=1).T / 0.2).masked_fill(apart, -1e4)
    truth = torch.arange(len(first))
    return (cross_entropy(logits, truth) + cross_entropy(logits.T, truth)) / 2


class CrossSensor(NightObjective):
    def __init__(self, kind):
        super().__init__(kind)
        # Windows are compared as they are.
        del self.network.recurrent
        self.projectors = nn.ModuleList([projector(32, 32, 64) for _ in self.sensors])

    def loss(self, inputs, profile, places, nights):
        rows = torch.randperm(BATCH * LENGTH)[:512]
        parts = [
            project(x.flatten(0, 1)[rows].relu()) for project, x in zip(self.projectors, self.network.vectors(inputs))]
        return found(*parts, places.flatten()[rows], nights.repeat_interleave(LENGTH)[rows])


class CrossPrediction(NightObjective):
    """The quantities of the sensor that is left out of a stretch, from the other one."""

    # Of one channel, and of one channel and breath: as they are, not smoothed.
    OWN = ((0, 4, 7), (10, 14, 17, 20, 23, 26))

    def __init__(self, kind):
        super().__init__(kind)
        self.register_buffer("columns", torch.tensor([column for own in self.OWN for column in own]))
        self.register_buffer("sensor", torch.tensor([sensor for sensor, own in enumerate(self.OWN) for _ in own]))
        self.output = nn.Linear(64, len(self.columns))

    def loss(self, inputs, profile, places, nights):
        left = torch.randint(2, (BATCH, 1, 1))
        vectors = torch.cat([x * (left != sensor) for sensor, x in enumerate(self.network.vectors(inputs))], dim=2)
        told = self.output(self.network.read(vectors))
        return huber(told, profile[..., self.columns], (left == self.sensor).float().expand_as(told))


class CrossContext(NightObjective):
    """What a context reads from one sensor finds what it reads from the other, at some places of the stretches."""

    def __init__(self, kind):
        super().__init__(kind)
        self.projector = projector(64, 64, 64)

    def loss(self, inputs, profile, places, nights):
        columns = torch.randperm(LENGTH)[:8]
        parts = []
        for sensor, x in enumerate(self.network.vectors(inputs)):
            sides = [torch.zeros_like(x)] * 2
            # Less what is read of a stretch of windows that are all its mean.
            changes = [
                self.network.read(torch.cat(sides[:sensor] + [part] + sides[sensor + 1 :], dim=2))
                for part in (x, x.mean(1, keepdim=True).expand_as(x))]
            parts.append(self.projector((changes[0] - changes[1])[:, columns].flatten(0, 1)))
        return found(*parts, places[:, columns].flatten(), columns.repeat(BATCH))


OBJECTIVES = {
    "night-profile": (NightProfile, ("psg-nights",)), "masked-windows": (MaskedWindows, ("psg-nights",)),
    "next-windows": (NextWindows, ("psg-nights",)), "which-night": (WhichNight, ("psg-nights",)),
    "cross-sensor": (CrossSensor, ("ecg-respiration",)), "cross-prediction": (CrossPrediction, ("ecg-respiration",)),
    "cross-context": (CrossContext, ("ecg-respiration",)),
}
