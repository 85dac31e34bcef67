"""NT-Xent with negatives of the own group alone, as two cross-entropies, one for each direction: loss and gradient."""
import os

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPERATURE = 0.2
generator = torch.Generator().manual_seed(3)
vectors = torch.randn(22, 6, generator=generator).requires_grad_()
groups = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2])


def loss(same):
    z = F.normalize(vectors, dim=1)
    n = len(groups)
    a, b = z[:n], z[n:]
    own = torch.eye(n, dtype=torch.bool)
    across = (a @ b.T / TEMPERATURE).masked_fill(~same, -1e4)
    first = (a @ a.T / TEMPERATURE).masked_fill(~same | own, -1e4)
    second = (b @ b.T / TEMPERATURE).masked_fill(~same | own, -1e4)
    labels = torch.arange(n)
    return 0.5 * (
        F.cross_entropy(torch.cat([across, first], 1), labels)
        + F.cross_entropy(torch.cat([across.T, second], 1), labels)
    )


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))


save("vectors", vectors)
np.save(os.path.join(HERE, "groups.npy"), groups.numpy().astype(np.int64))
for name, same in [("grouped", groups[:, None] == groups[None]), ("all", torch.ones(11, 11, dtype=torch.bool))]:
    value = loss(same)
    (gradient,) = torch.autograd.grad(value, vectors)
    save(name + "-loss", value.reshape(1))
    save(name + "-gradient", gradient)
