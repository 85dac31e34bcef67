"""A file of every element type, written by safetensors 0.8 for PyTorch."""

import torch
from safetensors.torch import save_file

quarters = torch.arange(6, dtype=torch.float64).reshape(2, 3) / 4 - 0.5
save_file(
    {
        "encoder.blocks.0.weight": quarters.float(),
        "half": quarters.half(),
        "brain": quarters.bfloat16(),
        "double": quarters,
        "long": torch.tensor([-(2**63), -1, 2**63 - 1]),
        "int": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "signed": torch.tensor([-128, 127, 0], dtype=torch.int8),
        "byte": torch.tensor([0, 255], dtype=torch.uint8),
        "flags": torch.tensor([True, False, True]),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 4),
        'odd "name"\\ \n\t\x01 é 😀': torch.tensor([7.0]),
    },
    "all-types.safetensors",
    metadata={"recipe": 'first: "line"\nsecond: ü'},
)
