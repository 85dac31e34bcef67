"""What all peers share: inputs, checks, and training steps, plain or tuned."""
import os
import pathlib
import sys

FOLDER, THREADS, TUNED = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "tuned"
os.environ.update({name: str(THREADS) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")})

import numpy as np
import torch

torch.set_num_threads(THREADS)

# What is to be said of the benchmark that was prepared last.
notes = []


def load(name):
    return np.load(FOLDER / f"{name}.npy")


def magnitude(values):
    return float(np.abs(values.reshape(-1)[::1009]).sum(dtype=np.float64))


def compiled(function):
    """The function by `torch.compile` where the peers are tuned, or as it is, with a note, where that fails."""
    if not TUNED:
        return function
    fast, state = torch.compile(function), {}

    def call(*arguments):
        if "chosen" not in state:
            try:
                result = fast(*arguments)
                state["chosen"] = fast
                return result
            except Exception as error:
                words = str(error).strip().splitlines() or [""]
                notes.append(f"torch.compile failed, as it is instead: {type(error).__name__}: {words[0][:120]}")
                state["chosen"] = function
        return state["chosen"](*arguments)

    return call


def step(model, optimizer, loss, batch=lambda: (), after=None):
    """A training step of `loss`, of which `batch` gives the arguments; it gives the number of parameters."""
    parameters = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    model.train()
    loss = compiled(loss)

    def work():
        arguments = batch()
        optimizer.zero_grad()
        loss(*arguments).backward()
        if after:
            after()
        optimizer.step()
        return parameters

    return work


def fused(rule, parameters, **options):
    """An optimiser in one kernel where the peers are tuned, in PyTorch's own choice where not."""
    return rule(parameters, fused=True, **options) if TUNED else rule(parameters, **options)
