"""VICReg's loss and its gradient by lightly 1.6.0, and the terms that its authors' code adds up."""
import os
import sys
from unittest.mock import MagicMock

import numpy as np
import torch

# Other losses of lightly want torchvision; these do not.
for module in ("torchvision", "torchvision.ops"):
    sys.modules[module] = MagicMock()
from lightly.loss.vicreg_loss import VICRegLoss, covariance_loss, invariance_loss, variance_loss

HERE = os.path.dirname(os.path.abspath(__file__))
generator = torch.Generator().manual_seed(5)
# Deviations on both sides of 1, and features that tell of each other.
mixing = torch.randn(6, 6, generator=generator) * torch.linspace(0.1, 1, 6)
embeddings = (torch.randn(18, 6, generator=generator) @ mixing).requires_grad_()
first, second = embeddings.split(9)
loss = VICRegLoss()(first, second)
(gradient,) = torch.autograd.grad(loss, embeddings)
terms = [
    invariance_loss(first, second),
    variance_loss(first),
    variance_loss(second),
    covariance_loss(first),
    covariance_loss(second),
]
for name, value in [
    ("embeddings", embeddings),
    ("loss", loss.reshape(1)),
    ("gradient", gradient),
    ("terms", torch.stack(terms)),
]:
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))
