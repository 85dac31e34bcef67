"""Views of windows by NumPy and SciPy."""
import functools

import numpy as np
import scipy.fft
import scipy.signal

from common import load


def square(windows):
    if windows.shape[-1] == 3000:
        return windows[..., 42:2958].reshape(-1, 54, 54)
    return windows.reshape(-1, 32, 2, 32).mean(2)


def steps(old, new):
    places = np.maximum(0, (np.arange(new) + 0.5) * old / new - 0.5)
    first = np.minimum(places.astype(int), old - 1)
    return first, np.minimum(first + 1, old - 1), (places - first).astype(np.float32)


def stretched(squares):
    """Signals to 3000 samples, maps to 64 rows; straight lines between."""
    if squares.shape[-1] == 54:
        lines = squares.reshape(len(squares), -1)
        first, second, weight = steps(54 * 54, 3000)
        return lines[:, first] * (1 - weight) + lines[:, second] * weight
    first, second, weight = steps(32, 64)
    rows = squares[:, first] * (1 - weight)[:, None] + squares[:, second] * weight[:, None]
    return rows.reshape(len(squares), -1)


def matched(values, wanted):
    """Values, in their order, replaced by others, row by row, which are sorted."""
    result = np.empty_like(values)
    np.put_along_axis(result, values.argsort(1), wanted, axis=1)
    return result


def standardised(rows):
    return (rows - rows.mean(1, keepdims=True)) / rows.std(1, keepdims=True)


def five_views(name):
    windows, random = load(name), np.random.default_rng(1)

    def work():
        squares = square(windows)
        side = squares.shape[-1]
        raw = stretched(squares)
        ordered = np.sort(raw, axis=1)
        views = [standardised(raw)]
        for turn in (1, 2, 3):
            views.append(standardised(matched(stretched(np.rot90(squares, turn, (1, 2))), ordered)))
        spectra = np.log1p(np.abs(scipy.fft.fft2(squares)))
        for number, (down, across) in enumerate(random.integers(side, size=(len(spectra), 2))):
            spectra[number] = np.roll(spectra[number], (down, across), (0, 1))
        cells = squares.reshape(len(squares), -1)
        seen = matched(spectra.reshape(cells.shape), np.sort(cells, axis=1)).reshape(squares.shape)
        views.append(standardised(matched(stretched(seen), ordered)))
        return np.abs(np.stack(views)[:4]).sum(dtype=np.float64)

    return work


def masked_spectra():
    windows = load("masked-spectra").reshape(-1, 3000)
    edges = (0, 3, 7, 18, 49, 129)

    def work():
        _, _, spectrum = scipy.signal.stft(windows, nperseg=256)
        power = spectrum.real**2 + spectrum.imag**2
        cells = np.stack([power[:, a:b].mean(1) for a, b in zip(edges, edges[1:])], axis=2)
        near = np.pad(cells, ((0, 0), (1, 1), (0, 0)))
        counts = np.pad(np.ones(cells.shape[1]), 1)
        cells = (near[:, :-2] + near[:, 1:-1] + near[:, 2:]) / (counts[:-2] + counts[1:-1] + counts[2:])[:, None]
        np.log(cells + 1e-8)
        spectrum[:, :, 6:14] = 0
        spectrum[:, 5:20] = 0
        _, result = scipy.signal.istft(spectrum, nperseg=256)
        return np.abs(result[:, :3000]).sum(dtype=np.float64)

    return work


WORKS = {
    "views-of-psg": functools.partial(five_views, "views-of-psg"),
    "views-of-map": functools.partial(five_views, "views-of-map"),
    "masked-spectra": masked_spectra,
}
