"""Hellinger distances between Welch's spectra by SciPy, and SimPer's generalised contrastive loss in plain PyTorch."""
import os

import numpy as np
import torch
from scipy.signal import welch

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(3)
windows = random.standard_normal((6, 2, 300)).cumsum(-1) * 0.1 + random.standard_normal((6, 2, 300))
windows *= np.arange(1, 7)[:, None, None]
_, density = welch(windows, nperseg=256, noverlap=128)
shares = density / density.sum(-1, keepdims=True)
gaps = np.sqrt(shares)[:, None] - np.sqrt(shares)[None]
distances = np.sqrt((gaps**2).sum(-1).mean(-1) / 2)

vectors = torch.tensor(random.standard_normal((6, 5)), dtype=torch.float64, requires_grad=True)
away = torch.tensor(distances)
loss = 0
for i in range(6):
    others = [j for j in range(6) if j != i]
    alike = torch.stack([torch.nn.functional.cosine_similarity(vectors[i], vectors[j], 0) / 0.2 for j in others])
    mean = away.sum() / 30
    weights = torch.softmax(-away[i, others] / (0.4 * mean), 0)
    loss = loss - (weights * torch.log_softmax(alike, 0)).sum() / 6
loss.backward()
for name, value in [
    ("windows", windows),
    ("distances", distances),
    ("vectors", vectors.detach().numpy()),
    ("loss", np.array([loss.item()])),
    ("gradient", vectors.grad.numpy()),
]:
    np.save(os.path.join(HERE, name + ".npy"), np.ascontiguousarray(value, dtype=np.float32))
