"""DINO's head, three losses in a row with the centre that moves between them, and the last one's gradient, by lightly 1.6.0."""
import os
import sys
from unittest.mock import MagicMock

import numpy as np
import torch

# Other losses of lightly want torchvision; this one does not.
for module in ("torchvision", "torchvision.ops"):
    sys.modules[module] = MagicMock()
from lightly.loss import DINOLoss
from lightly.models.modules.heads import DINOProjectionHead

HERE = os.path.dirname(os.path.abspath(__file__))


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), value.detach().numpy().astype(np.float32))


torch.manual_seed(7)
head = DINOProjectionHead(input_dim=5, hidden_dim=6, bottleneck_dim=4, output_dim=7)
for parameter in head.parameters():
    if parameter.requires_grad:
        torch.nn.init.normal_(parameter)
vectors = torch.randn(3, 2, 8, 5)  # steps, views, pairs, width
weights = [
    parameter
    for name, parameter in head.named_parameters()
    if not name.endswith(("weight_g", "original0"))
]
save("weights", torch.cat([parameter.flatten() for parameter in weights]))
save("vectors", vectors.reshape(3, 16, 5))
likeness = head(vectors.reshape(48, 5)).reshape(3, 2, 8, 7)
save("likeness", likeness.reshape(3, 16, 7))

criterion = DINOLoss(output_dim=7)
losses, centers = [], []
for step in range(3):
    # The teacher has seen the views of the step before.
    student = likeness[step].detach().requires_grad_()
    loss = criterion(list(likeness[(step + 2) % 3].detach()), list(student))
    losses.append(loss.reshape(1))
    centers.append(criterion.center.reshape(7).clone())
save("losses", torch.cat(losses))
save("centers", torch.stack(centers))
save("gradient", torch.autograd.grad(loss, student)[0].reshape(16, 7))
