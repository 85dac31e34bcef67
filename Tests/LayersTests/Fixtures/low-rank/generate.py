"""A linear layer and two convolutions whose weights change by (alpha / rank) B A, as PyTorch 2.13 computes them. Run in this folder."""

import torch
from safetensors.torch import save_file
from torch import nn

RANK, ALPHA = 2, 5.0
torch.manual_seed(3)
tensors = {}
cases = {
    "linear": (nn.Linear(5, 4), torch.randn(3, 5)),
    "conv1d": (nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2), torch.randn(2, 4, 9)),
    "conv2d": (nn.Conv2d(2, 3, (3, 5), padding=(1, 2), bias=False), torch.randn(2, 2, 6, 7)),
}
for name, (layer, x) in cases.items():
    outputs = layer.weight.shape[0]
    a = torch.randn(RANK, layer.weight[0].numel(), requires_grad=True)
    b = torch.randn(outputs, RANK, requires_grad=True)
    for key, value in layer.state_dict().items():
        tensors[f"{name}/{key}"] = value.clone()
    tensors[f"{name}/weight.lora_a"], tensors[f"{name}/weight.lora_b"] = a.detach().clone(), b.detach().clone()
    tensors[f"{name}/input"], tensors[f"{name}/plain"] = x, layer(x).detach()
    whole = layer.weight.detach() + ALPHA / RANK * (b @ a).reshape(layer.weight.shape)
    parameters = {"weight": whole, **({"bias": layer.bias.detach()} if layer.bias is not None else {})}
    output = torch.func.functional_call(layer, parameters, (x,))
    output.square().sum().backward()
    tensors[f"{name}/output"] = output.detach()
    tensors[f"{name}/gradient.a"], tensors[f"{name}/gradient.b"] = a.grad, b.grad
save_file({key: value.contiguous() for key, value in tensors.items()}, "low-rank.safetensors")
