"""Changes and views of windows in PyTorch."""
import math

import torch
from torch.nn.functional import affine_grid, grid_sample, interpolate, pad


def changed_signals(windows):
    shape = windows.shape[:2] + (1,)
    windows = windows * ((torch.rand(shape) - 0.5) * 0.6).exp() + (torch.rand(shape) - 0.5) * 0.4
    return windows + 0.2 * torch.randn_like(windows)


def changed_maps(maps, degrees=0.0):
    count, rows, columns = maps.shape
    turn, tall, wide, across, exponent, gain, deviation = (2 * torch.rand(7, count) - 1).unbind()
    angle, aspect = (turn * 8 + degrees) * (math.pi / 180), rows / columns
    height, width = 1 + 0.12 * tall, 1 + 0.12 * wide
    # All maps of a person lie one way round; two people are in a batch.
    flip = torch.where(torch.rand(2)[torch.randint(2, (count,))] < 0.5, -1.0, 1.0)
    zeros = torch.zeros(count)
    theta = torch.stack([
        flip * angle.cos() * width, -flip * angle.sin() * aspect * width, flip * across * 0.3,
        angle.sin() / aspect * height, angle.cos() * height, zeros], dim=1).reshape(count, 2, 3)
    grid = affine_grid(theta, (count, 1, rows, columns), align_corners=False)
    x = grid_sample(maps.unsqueeze(1), grid, align_corners=False)[:, 0]

    def each(values):
        return values[:, None, None]

    x = (x.clamp(min=1e-4).log() * each((exponent * 0.25).exp())).exp() * each((gain * 0.2).exp())
    return x + torch.randn_like(x) * each((deviation * 0.05).abs())


def square(windows):
    """Signals folded row by row, 54 x 54; maps with their rows averaged by twos."""
    if windows.shape[-1] == 3000:
        return windows[..., 42:2958].reshape(*windows.shape[:-1], 54, 54)
    return windows.reshape(len(windows), 32, 2, 32).mean(2)


def stretched(squares):
    if squares.dim() == 4:
        return interpolate(squares.flatten(2), 3000, mode="linear")
    return interpolate(squares.unsqueeze(1), (64, 32), mode="bilinear")[:, 0]


def matched(values, others):
    """Values, in their order, replaced by others, row by row: of a channel, or of a map."""
    flat = values.flatten(-2) if values.shape[-1] != 3000 else values
    wanted = others.reshape(flat.shape).sort(-1).values
    return torch.empty_like(flat).scatter_(-1, flat.sort(-1).indices, wanted).reshape(values.shape)


def turned(windows, turn):
    squares = square(windows)
    return matched(stretched(torch.rot90(squares, turn, (-2, -1))), stretched(squares))


def spectrum(windows):
    squares = square(windows)
    side = squares.shape[-1]
    spectra = torch.fft.fft2(squares).abs().log1p().reshape(-1, side, side)
    # Each has its frequency 0 somewhere else.
    shifts = torch.randint(side, (2, len(spectra), 1))
    rows, columns = (torch.arange(side) - shifts) % side
    spectra = spectra.gather(1, rows[:, :, None].expand(-1, -1, side)).gather(2, columns[:, None, :].expand(-1, side, -1))
    return matched(stretched(matched(spectra.reshape(squares.shape), squares)), stretched(squares))


def shuffled(windows, orders, shortest, gap):
    """Signals cut into segments of random lengths, which `orders`, `[windows, segments]`, puts together; the mean about each cut."""
    count, channels, samples = windows.shape
    segments = orders.shape[1]
    free = torch.randint(samples - segments * shortest + 1, (count, segments - 1)).sort(1).values
    edges = pad(free + shortest * torch.arange(1, segments), (1, 0))
    lengths = pad(edges, (0, 1), value=samples).diff(dim=1).gather(1, orders)
    ends, place = lengths.cumsum(1), torch.arange(samples)
    moved = edges.gather(1, orders) - (ends - lengths)
    seams = ends[:, :-1, None]
    source = place + moved.gather(1, (place >= seams).sum(1))
    result = windows.gather(2, source[:, None].expand(-1, channels, -1))
    if gap == 0:
        return result
    blank = ((place >= seams - gap // 2) & (place < seams + (gap + 1) // 2)).any(1)
    return torch.where(blank[:, None], windows.mean(2, keepdim=True), result)
