"""What contexts make of sequences of unequal length, by PyTorch 2.13, into contexts.safetensors.

Each sequence is read by itself, without padding: by `nn.LSTM` and `nn.GRU`, by `nn.TransformerEncoderLayer` with the norm first, and by
`nn.Conv1d` with dilation. Windows that were not measured stand in two sequences; attention may not look there.

A case has `<case>/parameter.<name>`, `<case>/output`, zeros behind each sequence's end, and for the loss sum(output * weights)
`<case>/gradient.input` and `<case>/gradient.<name>`. All share `input`, `lengths`, `attendable`, and `<case>/weights`. The input holds large
numbers behind each sequence's end, which must not be read.
"""
import math
import os

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
INPUTS, WIDTH, HIDDEN, LAYERS, HEADS, FORWARD, KERNEL = 4, 6, 3, 2, 2, 8, 3
LENGTHS = [5, 9, 1, 7]
LENGTH = 10

torch.manual_seed(4)
torch.set_num_threads(1)


class Recurrence(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.recurrent = nn.ModuleList(
            cell(INPUTS if layer == 0 else 2 * HIDDEN, HIDDEN, batch_first=True, bidirectional=True)
            for layer in range(LAYERS))

    def forward(self, x, attendable):
        for layer in self.recurrent:
            x = layer(x)[0]
        return x


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(INPUTS, WIDTH)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, FORWARD, dropout=0.0, batch_first=True, norm_first=True)
            for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x, attendable):
        places = torch.arange(x.shape[1])[:, None]
        angles = places * torch.exp(-math.log(10000.0) * torch.arange(0, WIDTH, 2) / WIDTH)
        positions = torch.zeros(x.shape[1], WIDTH)
        positions[:, 0::2], positions[:, 1::2] = torch.sin(angles), torch.cos(angles)
        x = self.projection(x) + positions
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=~attendable)
        return self.norm(x)


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(INPUTS, WIDTH)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, KERNEL, padding=KERNEL // 2 * 2**layer, dilation=2**layer) for layer in range(LAYERS))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(LAYERS))

    def forward(self, x, attendable):
        x = self.projection(x)
        for convolution, norm in zip(self.convolutions, self.norms):
            x = x + convolution(torch.relu(norm(x)).transpose(1, 2)).transpose(1, 2)
        return x


inputs = torch.randn(len(LENGTHS), LENGTH, INPUTS)
attendable = torch.zeros(len(LENGTHS), LENGTH, dtype=torch.bool)
for row, end in enumerate(LENGTHS):
    inputs[row, end:] = 1e4
    attendable[row, :end] = True
attendable[0, 2] = attendable[1, 4] = attendable[1, 5] = False
cases = {
    "input": inputs.clone(), "lengths": torch.tensor(LENGTHS), "attendable": attendable.to(torch.int64),
}
makers = {
    "bilstm": lambda: Recurrence(nn.LSTM), "bigru": lambda: Recurrence(nn.GRU), "transformer": Transformer,
    "tcn": Convolutions,
}
for name, make in makers.items():
    module = make()
    with torch.no_grad():
        for key, parameter in module.named_parameters():
            parameter.copy_(0.4 * torch.randn_like(parameter) + (1 if "norm" in key and "weight" in key else 0))
    x = inputs.clone().requires_grad_()
    rows = []
    for row, end in enumerate(LENGTHS):
        own = module(x[row : row + 1, :end], attendable[row : row + 1, :end])
        rows.append(torch.nn.functional.pad(own, (0, 0, 0, LENGTH - end)))
    output = torch.cat(rows)
    weights = torch.randn_like(output)
    for row, end in enumerate(LENGTHS):
        weights[row, end:] = 0
    (output * weights).sum().backward()
    values = {"output": output, "weights": weights, "gradient.input": x.grad}
    for key, parameter in module.named_parameters():
        values[f"parameter.{key}"] = parameter
        values[f"gradient.{key}"] = parameter.grad
    for key, value in values.items():
        cases[f"{name}/{key}"] = value.detach().clone().contiguous()
save_file(cases, os.path.join(HERE, "contexts.safetensors"))
