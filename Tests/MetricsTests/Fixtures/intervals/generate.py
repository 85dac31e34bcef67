"""Student's and bootstrap intervals by SciPy, the bootstrap's on draws that are kept beside them. Run in this folder."""

import numpy as np
from scipy import stats

random = np.random.default_rng(2)

for name, values in {
    "two": np.array([0.1, 0.4]),
    "three": np.array([-0.2, 0.1, 0.4]),
    "eight": random.normal(0.06, 0.05, 8),
    "twenty_one": random.exponential(1, 21),
    "thirty": random.choice([-0.05, 0, 0.05, 0.1], 30),
}.items():
    test = stats.ttest_1samp(values, 0)
    intervals = [test.confidence_interval(level) for level in [0.95, 0.8]]
    np.save(f"student_{name}.npy", values)
    np.save(f"student_{name}_expected.npy", np.array(intervals))

# The share of one subject's windows that are right, of all subjects together: right ones, then windows.
windows = random.integers(5, 200, 9).astype(float)
share = lambda right, windows, axis=-1: right.sum(axis) / windows.sum(axis)
for name, (data, statistic) in {
    "mean": ((random.gamma(1, 1, 12),), np.mean),
    # Multiples of 1/8, so that sums are exact and draws equal the estimate.
    "tied": ((np.array([0, 0, 0, 0, 1, 1, 2, 5]) / 8,), np.mean),
    "share": ((np.round(windows * random.beta(6, 2, 9)), windows), share),
}.items():
    few = stats.bootstrap(data, statistic, n_resamples=400, paired=True, method="BCa", rng=random)
    many = stats.bootstrap(data, statistic, n_resamples=200_000, paired=True, method="BCa", rng=random)
    draws, n = few.bootstrap_distribution, len(data[0])
    estimate = statistic(*data)
    leaving_one_out = np.array([statistic(*(np.delete(each, i) for each in data)) for i in range(n)])
    bias = stats.norm.ppf(stats.percentileofscore(draws, estimate, kind="mean") / 100)
    acceleration = stats.skew(-leaving_one_out) / (6 * np.sqrt(n))
    shares = stats.norm.cdf(np.sqrt(n / (n - 1)) * stats.t.ppf([0.025, 0.975], n - 1))
    np.save(f"bootstrap_{name}.npy", np.concatenate(data))
    np.save(f"bootstrap_{name}_draws.npy", draws)
    np.save(f"bootstrap_{name}_correction.npy", np.array([bias, acceleration, *few.confidence_interval]))
    np.save(f"bootstrap_{name}_expanded.npy", np.array([*shares, *np.quantile(many.bootstrap_distribution, shares)]))
    np.save(f"bootstrap_{name}_expected.npy", np.array(many.confidence_interval))
