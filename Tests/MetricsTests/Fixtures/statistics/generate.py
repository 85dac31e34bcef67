"""Wilcoxon's test, Student's and bootstrap intervals, quantiles by SciPy and NumPy. Run in this folder."""

import numpy as np
from scipy import stats

random = np.random.default_rng(1)
cases = {
    "plain5": random.normal(0.5, 1, 5),
    "plain21": random.normal(0.4, 1, 21),
    "plain50": random.normal(0.2, 1, 50),
    "plain51": random.normal(0.2, 1, 51),
    "plain200": random.normal(0.1, 1, 200),
    "ties10": random.integers(-3, 6, 10).astype(float),
    "ties13": random.choice([-2, -1, 1, 2, 3.0], 13),
    "ties14": random.choice([-2, -1, 1, 2, 3.0], 14),
    "zeros12": np.r_[np.zeros(4), random.normal(1, 1, 8)],
    "zeros30": np.r_[np.zeros(4), random.integers(-3, 6, 26).astype(float)],
    "one": np.array([0.3]),
    "one_sided": np.arange(1.0, 9.0),
}
for name, differences in cases.items():
    test = stats.wilcoxon(differences)
    np.save(f"wilcoxon_{name}.npy", differences)
    np.save(f"wilcoxon_{name}_expected.npy", np.array([test.statistic, test.pvalue]))

for count in [2, 3, 21, 400]:
    values = random.normal(0.3, 0.1, count)
    interval = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    quantiles = np.quantile(values, [0, 0.025, 0.5, 0.9, 1])
    np.save(f"values_{count}.npy", values)
    np.save(f"values_{count}_expected.npy", np.array([*interval, values.std(ddof=1), *quantiles]))

values = random.gamma(2, 1, 25)
interval = stats.bootstrap((values,), np.mean, n_resamples=200_000, method="percentile", rng=random)
np.save("bootstrap.npy", values)
np.save("bootstrap_expected.npy", np.array(interval.confidence_interval))

for name, differences in {
    "small5_ties": [1, 1, -1, 2, 3],
    "small5_zeros": [0, 0, 0.5, -0.25, 1],
    "small6_plain": [0.5, -0.25, 1, 2, 3, 4],
    "small6_both": [0, 1, 1, -1, 2, 0],
    "small7_ties": [1, 1, 1, -2, -2, 3, 3],
    "small7_zeros": [0, -1, 2, 3, 4, 5, 6],
    "small8_one": [0, 0, 0, 0, 0, 0, 0, 0.5],
    "small8_both": [0, 0.5, 0.5, -0.5, 1, 1, 0, 2],
    "small8_equal": [2, 2, 2, 2, 2, 2, 2, 2],
}.items():
    test = stats.wilcoxon(np.array(differences, dtype=float))
    np.save(f"wilcoxon_{name}.npy", np.array(differences, dtype=float))
    np.save(f"wilcoxon_{name}_expected.npy", np.array([test.statistic, test.pvalue]))
