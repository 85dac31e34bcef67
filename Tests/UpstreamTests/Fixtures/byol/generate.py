"""BYOL's loss, both ways, and its gradient by lightly 1.6.0: twice its negative cosine and 2."""
import os
import sys
from unittest.mock import MagicMock

import numpy as np
import torch

# Other losses of lightly want torchvision; this one does not.
for module in ("torchvision", "torchvision.ops"):
    sys.modules[module] = MagicMock()
from lightly.loss import NegativeCosineSimilarity

HERE = os.path.dirname(os.path.abspath(__file__))
generator = torch.Generator().manual_seed(6)
predictions = torch.randn(14, 5, generator=generator).requires_grad_()
targets = torch.randn(14, 5, generator=generator)
negative = NegativeCosineSimilarity()
(first, second), (first_target, second_target) = predictions.split(7), targets.split(7)
loss = (2 + 2 * negative(first, second_target)) + (2 + 2 * negative(second, first_target))
(gradient,) = torch.autograd.grad(loss, predictions)
for name, value in [
    ("predictions", predictions),
    ("targets", targets),
    ("loss", loss.reshape(1)),
    ("gradient", gradient),
]:
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))
