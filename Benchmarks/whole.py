"""The whole job on pressure maps, from raw files to the table of a comparison, as a script of one's own does it."""
import copy
import json
import math
import pathlib
import tempfile

import numpy as np
import pandas
import scipy.stats
import torch
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import GroupKFold
from torch import nn
from torch.nn.functional import cross_entropy, interpolate

import torch_views
from common import FOLDER, TUNED, fused, notes
from encoders import MapEncoder
from objectives import projector, vector_loss

POSTURES, ARMS, BUDGETS = 17, ("scratch", "frozen", "fine-tuned"), ("1 person", "all")
# Windows of a batch, and steps.
PRETRAINING, TRAINING = (128, 50), (68, 40)


def prepare(raw, out):
    """Each person's frames as maps of 32 x 16 of one mean, with their postures, in a file."""
    for person in sorted((raw / "experiment-i").glob("S*")):
        maps, labels = [], []
        for posture in range(POSTURES):
            table = pandas.read_csv(person / f"{posture + 1}.txt", sep="\t", header=None)
            frames = table.iloc[2:, :2048].to_numpy(np.float32).reshape(-1, 64, 32)
            floor = np.percentile(frames, 5, axis=(1, 2), method="nearest", keepdims=True)
            roots = torch.from_numpy(np.sqrt(np.clip(frames - floor, 0, 1000)))
            small = interpolate(roots.unsqueeze(1), (32, 16), mode="bilinear")[:, 0]
            maps.append((0.5 * small / small.mean((1, 2), keepdim=True)).numpy())
            labels += [posture] * len(frames)
        np.savez(out / person.name, maps=np.concatenate(maps), labels=np.array(labels))


def train(model, groups, loss, batches, steps):
    optimizer = fused(torch.optim.AdamW, groups, weight_decay=1e-2)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: (
        (n + 1) / warm if n < warm else 0.5 + 0.5 * math.cos(math.pi * (n - warm) / (steps - warm))))
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        loss(*next(batches)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def drawn(size, *tensors):
    while True:
        for rows in torch.randperm(len(tensors[0])).split(size):
            yield tuple(tensor[rows] for tensor in tensors)


def pretrained(maps):
    encoder, head = MapEncoder((32, 16)), projector(128, 128, 64)
    batch, steps = PRETRAINING

    def loss(windows):
        return vector_loss(head(encoder(torch_views.changed_maps(torch.cat([windows, windows]))).relu()))

    model = nn.ModuleList([encoder, head])
    train(model, [{"params": model.parameters(), "lr": 1e-3}], loss, drawn(batch, maps), steps)
    return encoder


def recognised(arm, encoder, maps, labels, tested):
    encoder = copy.deepcopy(encoder) if arm != "scratch" else MapEncoder((32, 16))
    head = nn.Sequential(nn.ReLU(), nn.Linear(128, POSTURES))
    groups, model = [{"params": head.parameters(), "lr": 1e-3}], nn.Sequential(encoder, head)
    if arm == "frozen":
        encoder.eval()
        with torch.no_grad():
            maps, tested = encoder(maps), encoder(tested)
        model = head
    else:
        groups.append({"params": encoder.parameters(), "lr": 1e-3 if arm == "scratch" else 1e-4})
    batch, steps = TRAINING
    train(model, groups, lambda x, y: cross_entropy(model(x), y), drawn(batch, maps, labels), steps)
    model.eval()
    with torch.no_grad():
        return model(tested).argmax(1)


def compare(corpus):
    """Each person's confusion matrix by arm and budget, and each person's accuracy."""
    nights = {path.stem: np.load(path) for path in sorted(corpus.glob("*.npz"))}
    people = np.concatenate([[name] * len(night["labels"]) for name, night in nights.items()])
    maps = torch.from_numpy(np.concatenate([night["maps"] for night in nights.values()]))
    labels = torch.from_numpy(np.concatenate([night["labels"] for night in nights.values()]))
    cells = {}
    for training, test in GroupKFold(4).split(maps, labels, people):
        encoder = pretrained(maps[training])
        for budget in BUDGETS:
            told = training if budget == "all" else training[people[training] == people[training][0]]
            for arm in ARMS:
                found = recognised(arm, encoder, maps[told], labels[told], maps[test])
                for person in np.unique(people[test]):
                    own = people[test] == person
                    cells[arm, budget, person] = confusion_matrix(
                        labels[test][own], found[own], labels=range(POSTURES))
    return cells


def report(cells, out):
    """Accuracy with an interval by bootstrap over people, and differences to scratch a person."""
    people = sorted({person for _, _, person in cells})
    draws, lines = np.random.default_rng(1).integers(len(people), size=(2000, len(people))), []
    for budget in BUDGETS:
        right = {arm: np.array([np.trace(cells[arm, budget, person]) for person in people]) for arm in ARMS}
        count = np.array([cells["scratch", budget, person].sum() for person in people])
        for arm in ARMS:
            low, high = np.percentile(right[arm][draws].sum(1) / count[draws].sum(1), (2.5, 97.5))
            lines.append(f"{budget} {arm} {right[arm].sum() / count.sum():.3f} ({low:.3f} to {high:.3f})")
        for arm in ARMS[1:]:
            difference = (right[arm] - right["scratch"]) / count
            low, high = scipy.stats.t.interval(
                0.95, len(people) - 1, difference.mean(), max(1e-9, scipy.stats.sem(difference)))
            p = scipy.stats.wilcoxon(difference).pvalue if difference.any() else 1
            lines.append(f"{budget} {arm} - scratch {difference.mean():.3f} ({low:.3f} to {high:.3f}), p {p:.3f}")
    (out / "report.txt").write_text("\n".join(lines))
    (out / "cells.json").write_text(json.dumps({" ".join(key): cell.tolist() for key, cell in cells.items()}))


def whole_job():
    if TUNED:
        notes.append("nothing is compiled: each of its trainings is shorter than compiling it")

    def work():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            prepare(FOLDER / "whole-job-raw", folder)
            cells = compare(folder)
            report(cells, folder)
        return sum(cell.sum() for cell in cells.values())

    return work


WORKS = {"whole-job": whole_job}
