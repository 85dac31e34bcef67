"""Weights, inputs and labels by formula, so that no fixture has to hold them: splitmix64 of a name's FNV-1a hash and a place.

The tests make the same numbers (`Formula.swift`), bit for bit.
"""
import numpy as np
import torch


def hash_of(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def bits(name, count):
    with np.errstate(over="ignore"):
        z = np.uint64(hash_of(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (z ^ (z >> np.uint64(31))) >> np.uint64(40)


def uniform(name, shape):
    """In -1..<1."""
    values = bits(name, int(np.prod(shape))).astype(np.float32) / np.float32(1 << 23) - np.float32(1)
    return torch.from_numpy(values.reshape(shape))


def classes(name, shape, count):
    values = (bits(name, int(np.prod(shape))) % np.uint64(count)).astype(np.int64)
    return torch.from_numpy(values.reshape(shape))


def fill(model):
    """Matrices and kernels: uniform, of variance 1 over their inputs. Vectors: near 1 for scales and variances, near 0 else."""
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.dtype == torch.int64:
                tensor.zero_()
                continue
            values = uniform(name, tuple(tensor.shape))
            if tensor.dim() > 1:
                values = values * np.float32(np.sqrt(3 / np.prod(tensor.shape[1:])))
            elif name.endswith("weight") or name.endswith("running_var"):
                values = values * np.float32(0.1) + 1
            else:
                values = values * np.float32(0.1)
            tensor.copy_(values)


def trained(model, optimizer, batches, steps=20, schedule=None):
    """The losses of `steps` steps over the batches in turn: functions of no argument that give scores and labels."""
    losses = []
    model.train()
    for step in range(steps):
        scores, labels = batches[step % len(batches)]()
        loss = torch.nn.functional.cross_entropy(scores.reshape(-1, scores.shape[-1]), labels.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if schedule:
            schedule.step()
        losses.append(loss.item())
    return losses


def write(folder, model, inputs, labels, optimizer, schedule=None, steps=20):
    """Parameter count, logits and losses of a reference.

    inputs: a list of batches, each a tuple of the model's arguments; labels: one tensor a batch.
    """
    fill(model)
    model.eval()
    with torch.no_grad():
        logits = model(*inputs[0])
    np.save(folder / "logits.npy", logits.numpy().astype(np.float32))
    count = sum(parameter.numel() for parameter in model.parameters())
    np.save(folder / "parameters.npy", np.array([count], dtype=np.int64))
    rule = optimizer(model.parameters())
    batches = [lambda x=x, y=y: (model(*x), y) for x, y in zip(inputs, labels)]
    losses = trained(model, rule, batches, steps, schedule(rule) if schedule else None)
    np.save(folder / "losses.npy", np.array(losses, dtype=np.float64))
    print(folder.name, count, "parameters, losses", losses[0], "to", losses[-1])
