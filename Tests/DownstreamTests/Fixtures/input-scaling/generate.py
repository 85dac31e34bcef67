"""Windows of 3 x 4 scaled by scikit-learn's MinMaxScaler, fitted on the first nine. Run in this folder."""

import numpy as np
from sklearn.preprocessing import MinMaxScaler

windows = np.random.default_rng(3).normal(-20, 9, (12, 3, 4)).astype(np.float32)
windows[:, 1, 2] = 5  # a cell that never changes
flat = windows.reshape(12, -1).astype(np.float64)
cells = MinMaxScaler().fit(flat[:9]).transform(flat)
whole = MinMaxScaler().fit(flat[:9].reshape(-1, 1)).transform(flat.reshape(-1, 1)).reshape(12, -1)
np.save("windows.npy", windows)
np.save("min-max.npy", whole.astype(np.float32))
np.save("min-max-cells.npy", cells.astype(np.float32))
