"""Maps resampled by PyTorch, turned and transformed by NumPy."""
import numpy as np
import torch

r = np.random.default_rng(6)
m = r.gamma(0.5, 40, (3, 64, 32)).astype(np.float32)
np.save("maps.npy", m)
d = m.astype(np.float64)
def resize(a, rows, columns):
    return torch.nn.functional.interpolate(
        torch.from_numpy(a)[:, None], size=(rows, columns), mode="bilinear", align_corners=False)[:, 0].numpy()
for rows, columns in ((10, 70), (64, 9), (1, 1)):
    np.save(f"bilinear_{rows}_{columns}.npy", resize(d, rows, columns).astype(np.float32))
for side in (32, 45):
    s = resize(d, side, side)
    f = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(s), axes=(1, 2))))
    np.save(f"views_{side}.npy", np.stack([s, *(np.rot90(s, k, (1, 2)) for k in (1, 2, 3)), f], 1)[:2 if side == 32 else 1].astype(np.float32))
np.save("spectrum_64_32.npy", np.abs(np.fft.fft2(d)).astype(np.float32))
np.save("spectrum_9_7.npy", np.abs(np.fft.fftshift(np.fft.fft2(d[:, :9, :7]), axes=(1, 2))).astype(np.float32))
np.save("spectrum_6_7.npy", np.abs(np.fft.fft2(d[:, :6, :7])).astype(np.float32))
