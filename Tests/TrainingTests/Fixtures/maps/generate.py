"""Maps shifted, turned, scaled and mirrored by PyTorch 2.13's affine_grid and grid_sample, from the seed that the test uses.

The transforms are built here in pixels about the map's centre, so that they check the ones that the program builds in
PyTorch's coordinates of -1...1.
"""

import math

import numpy
import torch
from torch.nn.functional import affine_grid, grid_sample

count, rows, columns = 4, 12, 7
mirrored = [False, True, False, True]
maps = torch.rand(count, rows, columns, generator=torch.Generator().manual_seed(1))
generator = torch.Generator().manual_seed(9)


def draw(limit):
    return [(2 * float(u) - 1) * limit for u in torch.rand(count, generator=generator)]


angles, tall, wide = draw(math.radians(8)), draw(0.12), draw(0.12)
down, across = draw(0.1 * rows), draw(0.15 * columns)  # pixels
to_pixels = numpy.diag([columns / 2, rows / 2, 1])
transforms = []
for i in range(count):
    turn = numpy.array([
        [math.cos(angles[i]), -math.sin(angles[i]), 0], [math.sin(angles[i]), math.cos(angles[i]), 0], [0, 0, 1]])
    size = numpy.diag([1 + wide[i], 1 + tall[i], 1])
    shift = numpy.array([[1, 0, across[i]], [0, 1, down[i]], [0, 0, 1]])
    mirror = numpy.diag([-1 if mirrored[i] else 1, 1, 1])
    transforms.append(numpy.linalg.inv(to_pixels) @ mirror @ shift @ size @ turn @ to_pixels)
grid = affine_grid(torch.tensor(numpy.array(transforms)[:, :2]).float(), [count, 1, rows, columns], align_corners=False)
numpy.save("maps.npy", maps.numpy())
numpy.save("expected.npy", grid_sample(maps[:, None], grid, align_corners=False)[:, 0].numpy())
