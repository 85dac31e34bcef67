"""SwAV's codes, its loss of two views and the gradient, by lightly 1.6.0."""
import os
import sys
from unittest.mock import MagicMock

import numpy as np
import torch

# Other losses of lightly want torchvision; this one does not.
for module in ("torchvision", "torchvision.ops"):
    sys.modules[module] = MagicMock()
from lightly.loss import SwaVLoss
from lightly.loss.swav_loss import sinkhorn

HERE = os.path.dirname(os.path.abspath(__file__))


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))


torch.manual_seed(11)
likeness = (torch.rand(2, 12, 5) * 2 - 1).requires_grad_()  # views, pairs, prototypes
loss = SwaVLoss(temperature=0.1, sinkhorn_iterations=3, sinkhorn_epsilon=0.05)([likeness[0], likeness[1]], [])
save("likeness", likeness.reshape(24, 5))
save("codes", torch.cat([sinkhorn(view.detach(), iterations=3, epsilon=0.05) for view in likeness]))
save("loss", loss.reshape(1))
save("gradient", torch.autograd.grad(loss, likeness)[0].reshape(24, 5))
