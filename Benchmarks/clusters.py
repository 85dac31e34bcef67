"""Clusters of vectors by scikit-learn."""
import sklearn.cluster

from common import load


def k_means():
    points = load("k-means")

    def work():
        return sklearn.cluster.KMeans(17, init=points[:17], n_init=1, max_iter=300, tol=1e-4).fit(points).inertia_

    return work


def optics():
    points = load("optics")

    def work():
        return sklearn.cluster.OPTICS(min_samples=5).fit(points).core_distances_.sum()

    return work


WORKS = {"k-means": k_means, "optics": optics}
