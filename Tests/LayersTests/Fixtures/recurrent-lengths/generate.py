"""Recurrent layers over sequences of unequal length, as PyTorch 2.13 packs them, into recurrent-lengths.safetensors.

A case has `<case>/input`, whose padding holds large numbers that must not be read, `<case>/lengths`, `<case>/parameter.<name>`,
`<case>/output`, zeros behind each sequence's end, fixed random `<case>/weights`, and for the loss sum(output * weights)
`<case>/gradient.input` and `<case>/gradient.<name>`.
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(21)
torch.set_num_threads(1)
cases = {}


def case(name, module, lengths, length):
    inputs = torch.randn(len(lengths), length, module.input_size)
    for row, end in enumerate(lengths):
        inputs[row, end:] = 1e6
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(0.5 * torch.randn_like(parameter))
    inputs.requires_grad_()
    packed = pack_padded_sequence(inputs, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    output, _ = pad_packed_sequence(module(packed)[0], batch_first=True, total_length=length)
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    values = {
        "input": inputs, "lengths": torch.tensor(lengths), "output": output, "weights": weights,
        "gradient.input": inputs.grad,
    }
    for key, parameter in module.named_parameters():
        values[f"parameter.{key}"] = parameter
        values[f"gradient.{key}"] = parameter.grad
    for key, value in values.items():
        cases[f"{name}/{key}"] = value.detach().clone().contiguous()


for cell, make in {"lstm": nn.LSTM, "gru": nn.GRU}.items():
    case(f"{cell} forwards", make(4, 5, batch_first=True), [3, 6, 1, 6], 6)
    # The longest sequence ends before the padding does.
    case(
        f"{cell} both ways, two layers", make(4, 3, num_layers=2, batch_first=True, bidirectional=True),
        [2, 5, 4, 1, 5], 7)
save_file(cases, "recurrent-lengths.safetensors")
