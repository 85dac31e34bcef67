"""Scores of scikit-learn's nearest centroids and nearest neighbours of five classes, of which the fourth has no vector. Run in this folder."""

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import normalize

CLASSES, KNOWN, K, TEMPERATURE, SMOOTHING = 5, [0, 1, 2, 4], 4, 0.2, 0.01
random = np.random.default_rng(5)
labels = np.array([0, 1, 2, 4, 0, 1, 2, 4, 0, 1, 2, 0, 1, 0])
places = random.normal(0, 1, (CLASSES, 6))
vectors = (places[labels] + random.normal(0, 0.8, (len(labels), 6)) + 0.5).astype(np.float32)
queries = (places[random.integers(0, CLASSES, 9)] + random.normal(0, 0.8, (9, 6)) + 0.5).astype(np.float32)
np.save("vectors.npy", vectors)
np.save("labels.npy", labels.astype(np.int64))
np.save("queries.npy", queries)

for centre in [False, True]:
    mean = vectors.astype(np.float64).mean(0) if centre else 0
    train, test = vectors.astype(np.float64) - mean, queries.astype(np.float64) - mean
    for metric in ["cosine", "euclidean"]:
        name = f"{metric}{'-centred' if centre else ''}"
        prepared = normalize(train) if metric == "cosine" else train
        centroids = NearestCentroid().fit(prepared, labels).centroids_
        near = cosine_similarity(test, centroids) if metric == "cosine" else -euclidean_distances(test, centroids) ** 2
        scores = np.full((len(test), CLASSES), -1e4)
        scores[:, KNOWN] = near / TEMPERATURE
        np.save(f"prototypes-{name}.npy", scores.astype(np.float32))

        # A vote is exp(nearness / temperature), less a shift that all votes of a window share.
        def votes(distances):
            nearness = -distances if metric == "cosine" else -(distances**2)
            return np.exp((nearness - nearness.max(1, keepdims=True)) / TEMPERATURE)

        shares = KNeighborsClassifier(K, metric=metric, weights=votes).fit(train, labels).predict_proba(test)
        scores = np.full((len(test), CLASSES), -1e4)
        scores[:, KNOWN] = np.log((shares + SMOOTHING) / (1 + CLASSES * SMOOTHING))
        np.save(f"neighbours-{name}.npy", scores.astype(np.float32))
