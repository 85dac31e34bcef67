"""Predictive coding and temporal contrast on given vectors, with PyTorch's recurrent unit and cross-entropies.

Two recordings of three runs of five windows; three are read and two foretold, told apart within a recording.
"""
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
RUNS, CONTEXT, AHEAD, WIDTH, HIDDEN, PROJECTION = 6, 3, 2, 4, 5, 3
torch.manual_seed(7)
groups = torch.tensor([0, 0, 0, 1, 1, 1])
same = groups[:, None] == groups[None]
recurrent = nn.GRU(WIDTH, HIDDEN, batch_first=True)
ahead = nn.Linear(HIDDEN, AHEAD * WIDTH, bias=False)
projector = nn.ModuleDict(
    {"hidden": nn.Linear(HIDDEN, HIDDEN), "norm": nn.BatchNorm1d(HIDDEN), "output": nn.Linear(HIDDEN, PROJECTION)}
).eval()


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))


def project(x):
    return projector["output"](F.relu(projector["norm"](projector["hidden"](x))))


def foretold(source, target):
    """InfoNCE of each step in a loop of its own, and the state."""
    _, state = recurrent(source[:, :CONTEXT])
    state = state[0]
    losses, hits = [], []
    for step in range(AHEAD):
        matrix = ahead.weight[step * WIDTH : (step + 1) * WIDTH]
        for run in range(RUNS):
            scores = target[same[run], CONTEXT + step] @ (matrix @ state[run])
            own = (torch.nonzero(same[run])[:, 0] == run).nonzero()[0, 0]
            losses.append(-F.log_softmax(scores, 0)[own])
            hits.append(float(scores.argmax() == own))
    return torch.stack(losses).mean(), state, torch.tensor(hits).mean()


def contrast(a, b, temperature=0.2):
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    losses = []
    for own, other in [(a, b), (b, a)]:
        for run in range(RUNS):
            rest = [own[i] for i in range(RUNS) if same[run, i] and i != run]
            rest += [other[i] for i in range(RUNS) if same[run, i] and i != run]
            scores = torch.stack([other[run], *rest]) @ own[run] / temperature
            losses.append(-F.log_softmax(scores, 0)[0])
    return torch.stack(losses).mean()


for name, parameter in recurrent.named_parameters():
    save("recurrent." + name, parameter)
save("ahead.weight", ahead.weight)
for name, parameter in projector.named_parameters():
    save("projector." + name, parameter)

vectors = torch.randn(2, RUNS, CONTEXT + AHEAD, WIDTH).requires_grad_()
save("vectors", vectors)
loss, _, metric = foretold(vectors[0], vectors[0])
(gradient,) = torch.autograd.grad(loss, vectors)
save("cpc", torch.stack([loss, metric]))
save("cpc-gradient", gradient[0])

strong, weak = F.normalize(vectors[0], dim=2), F.normalize(vectors[1], dim=2)
first, states, first_metric = foretold(strong, weak)
second, others, second_metric = foretold(weak, strong)
loss = first + second + 0.7 * contrast(project(states), project(others))
save("ts-tcc", torch.stack([loss, (first_metric + second_metric) / 2]))
