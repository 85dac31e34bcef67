"""A small network in bfloat16 by PyTorch's `torch.autocast`, on the processor, into one safetensors file.

Convolution, batch norm, layer norm, attention, LSTM, GRU and a linear layer; the loss, a cross-entropy, is outside of autocast. The file has
`input`, `classes`, `parameter.<PyTorch's name>`, `output` as float32, `loss`, `gradient.<name>`, and `after.<name>` of the running statistics; the
same of float32 under `float32.`.
"""

import copy

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(21)
torch.set_num_threads(1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 8, 5, padding=2, bias=False)
        self.norm = nn.BatchNorm1d(8)
        self.layer = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.lstm = nn.LSTM(8, 6, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(12, 6, batch_first=True, bidirectional=True)
        self.output = nn.Linear(12, 3)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.norm(self.conv(x))), 4).transpose(1, 2)
        y = self.layer(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return self.output(self.gru(self.lstm(x)[0])[0])


def step(network, x, classes, prefix, enabled):
    network = copy.deepcopy(network)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
        output = network(x)
    assert output.dtype == (torch.bfloat16 if enabled else torch.float32)
    output = output.float()
    loss = F.cross_entropy(output.reshape(-1, 3), classes)
    loss.backward()
    values = {"output": output, "loss": loss}
    values |= {f"gradient.{name}": parameter.grad for name, parameter in network.named_parameters()}
    values |= {f"after.{name}": buffer for name, buffer in network.named_buffers()}
    return {prefix + name: value.detach().clone().contiguous() for name, value in values.items()}


network = Network().train()
with torch.no_grad():
    for parameter in network.parameters():
        parameter.add_(0.2 * torch.randn_like(parameter))
x = torch.randn(6, 2, 32)
classes = torch.randint(0, 3, (6 * 8,))
tensors = {"input": x, "classes": classes}
tensors |= {f"parameter.{name}": value.clone() for name, value in network.state_dict().items()}
tensors |= step(network, x, classes, "", True)
tensors |= step(network, x, classes, "float32.", False)
save_file(tensors, "autocast.safetensors")
