"""The logistic loss with its gradient, as PyTorch has it, and SciPy's natural cubic spline."""
import os

import numpy as np
import torch
import torch.nn.functional as F
from scipy.interpolate import CubicSpline

HERE = os.path.dirname(os.path.abspath(__file__))
generator = torch.Generator().manual_seed(5)


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), np.asarray(value, dtype=np.float32))


# Banville and others, equation 1, with labels of 1 and -1.
logits = (3 * torch.randn(9, 1, generator=generator)).requires_grad_()
labels = torch.tensor([1, -1, -1, 1, 1, -1, 1, -1, -1.0])[:, None]
loss = torch.log(1 + torch.exp(-labels * logits)).mean()
(gradient,) = torch.autograd.grad(loss, logits)
assert torch.allclose(loss, F.soft_margin_loss(logits, labels))
save("logits", logits.detach())
save("answers", (labels > 0).float())
save("loss", loss.detach().reshape(1))
save("gradient", gradient)

values = np.random.default_rng(5).normal(1, 0.2, 6)
values = np.asarray(values, dtype=np.float32).astype(float)
save("knots", values)
save("curve", CubicSpline(np.arange(6), values, bc_type="natural")(np.linspace(0, 5, 37)))
