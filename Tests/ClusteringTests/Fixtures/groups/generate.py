"""Groupings of made-up points by scikit-learn: KMeans from given centres, OPTICS with its xi clusters.

Run: python generate.py
"""
import numpy as np
from sklearn.cluster import KMeans, OPTICS, cluster_optics_xi

random = np.random.default_rng(11)


def save(name, values):
    np.save(f"{name}.npy", np.ascontiguousarray(values))


def blobs():
    """Four groups of unequal density, one inside another's halo, and scattered points."""
    parts = [
        random.normal([0, 0, 0], 0.3, (70, 3)),
        random.normal([4, 0, 1], 0.8, (60, 3)),
        random.normal([0, 5, -1], [0.2, 1.5, 0.2], (50, 3)),
        random.normal([4.3, 0.4, 1.1], 0.08, (30, 3)),
        random.uniform(-6, 9, (40, 3)),
    ]
    points = np.concatenate(parts)
    return points[random.permutation(len(points))]


def chain():
    """A dense line that fans out, 11 numbers a point."""
    position = np.sort(random.uniform(0, 1, 160)) ** 2
    return np.outer(position, np.arange(1, 12)) + random.normal(0, 0.02 + 0.3 * position[:, None], (160, 11))


for name, points in [("blobs", blobs()), ("chain", chain())]:
    points = points.astype(np.float32)
    save(f"{name}_points", points)
    exact = points.astype(np.float64)
    for clusters in (2, 5):
        begin = exact[random.choice(len(exact), clusters, replace=False)]
        fitted = KMeans(clusters, init=begin, n_init=1, algorithm="lloyd").fit(exact)
        save(f"{name}_kmeans{clusters}_begin", begin.astype(np.float32))
        save(f"{name}_kmeans{clusters}_labels", fitted.labels_.astype(np.int64))
        save(f"{name}_kmeans{clusters}_centers", fitted.cluster_centers_.astype(np.float32))
        save(f"{name}_kmeans{clusters}_inertia", np.array([fitted.inertia_]))
    for neighbours in (5, 12):
        fitted = OPTICS(min_samples=neighbours).fit(exact)
        save(f"{name}_optics{neighbours}_order", fitted.ordering_.astype(np.int64))
        save(f"{name}_optics{neighbours}_reach", fitted.reachability_)
        save(f"{name}_optics{neighbours}_core", fitted.core_distances_)
        save(f"{name}_optics{neighbours}_from", fitted.predecessor_.astype(np.int64))
        for xi in (0.02, 0.1, 0.3):
            for smallest in (neighbours, 25):
                labels, _ = cluster_optics_xi(
                    reachability=fitted.reachability_, predecessor=fitted.predecessor_, ordering=fitted.ordering_,
                    min_samples=neighbours, min_cluster_size=smallest, xi=xi)
                save(f"{name}_optics{neighbours}_xi{xi}_{smallest}", labels.astype(np.int64))
