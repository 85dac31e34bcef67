"""Squares of maps and signals, turned and transformed by NumPy, stretched back by PyTorch, standardised."""
import os

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(5)


def save(name, value):
    np.save(os.path.join(HERE, name + ".npy"), np.ascontiguousarray(value, dtype=np.float32))


def views(square, back):
    turned = [back(np.rot90(square, k, axes=(1, 2))) for k in range(4)]
    axes = tuple(range(1, turned[0].ndim))
    return np.stack([(v - v.mean(axes, keepdims=True)) / v.std(axes, keepdims=True) for v in turned])


def spectrum(square):
    return np.log1p(np.abs(np.fft.fft2(square)))


# Maps of 13 x 6: of 13 rows the first 12 in pairs.
maps = random.gamma(0.5, 1, (3, 13, 6))
square = maps[:, :12].reshape(3, 6, 2, 6).mean(2)
save("maps", maps)
save("maps-views", views(square, lambda v: F.interpolate(
    torch.tensor(v.copy())[:, None], size=(13, 6), mode="bilinear", align_corners=False)[:, 0].numpy()))
save("maps-squares", square)
save("maps-spectrum", spectrum(square))

# Windows of 2 channels of 40 samples: 36 of them, from the third on.
signals = random.standard_normal((3, 2, 40))
square = signals.reshape(6, 40)[:, 2:38].reshape(6, 6, 6)
save("signals", signals)
save("signals-views", views(square, lambda v: F.interpolate(
    torch.tensor(v.copy()).reshape(6, 1, 36), size=40, mode="linear", align_corners=False)[:, 0].numpy()))
save("signals-squares", square)
save("signals-spectrum", spectrum(square))
