"""The masked autoencoder's patches, their normalisation, its loss and the loss's gradient, with PyTorch's own unfold."""
import os

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
generator = torch.Generator().manual_seed(8)


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))


def case(name, windows, patch):
    """Windows of planes, rows and columns; rows and columns that fill no patch are left out by unfold, too."""
    count, planes = windows.shape[:2]
    patches = F.unfold(windows, kernel_size=patch, stride=patch)  # windows, planes * cells, patches
    patches = patches.reshape(count, planes, -1, patches.shape[-1]).permute(0, 3, 1, 2)
    normal = (patches - patches.mean(-1, keepdim=True)) / (patches.var(-1, keepdim=True) + 1e-6) ** 0.5
    truth = normal.flatten(2)
    told = torch.randn(truth.shape, generator=generator).requires_grad_()
    hidden = (torch.rand(truth.shape[:2], generator=generator) < 0.5).float()
    loss = (((told - truth) ** 2).mean(-1) * hidden).sum() / hidden.sum()
    (gradient,) = torch.autograd.grad(loss, told)
    for part, value in [
        ("windows", windows),
        ("patches", patches),
        ("normal", normal),
        ("told", told),
        ("hidden", hidden),
        ("loss", loss.reshape(1)),
        ("gradient", gradient),
    ]:
        save(f"{name}-{part}", value)


case("maps", torch.rand(3, 1, 9, 7, generator=generator) * 4, (4, 3))
case("signals", torch.randn(2, 2, 1, 23, generator=generator), (1, 5))
