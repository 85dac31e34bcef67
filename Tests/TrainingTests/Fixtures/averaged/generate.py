"""Means of a linear layer's and a batch norm's weights over the last epochs, by PyTorch's `AveragedModel`, into one safetensors file.

`end.<epoch>.<name>` are the weights at an epoch's end, `mean<K>.<epoch>.<name>` the mean of the last K ends up to it.
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim.swa_utils import AveragedModel

torch.manual_seed(23)


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(3, 2))
        self.register_buffer("running_mean", torch.zeros(3))


part = Part()
ends = [{"weight": torch.randn(3, 2), "running_mean": torch.randn(3)} for _ in range(6)]
tensors = {f"end.{epoch}.{name}": value for epoch, end in enumerate(ends) for name, value in end.items()}
for most in [2, 3]:
    for epoch in range(6):
        averaged = AveragedModel(part, use_buffers=True)
        for end in ends[max(0, epoch + 1 - most) : epoch + 1]:
            part.load_state_dict(end)
            averaged.update_parameters(part)
        for name, value in averaged.module.state_dict().items():
            tensors[f"mean{most}.{epoch}.{name}"] = value.clone()
save_file(tensors, "averaged.safetensors")
