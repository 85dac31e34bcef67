"""What labels can be told from vectors, with scikit-learn; effective rank, alignment and uniformity with NumPy.

Three classes that overlap, in vectors of four numbers: those of people who are known, and those of others.
"""
import os

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, normalized_mutual_info_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, normalize

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(6)
centres = np.array([[2.0, 0.0, 0.5, 0.0], [-1.0, 1.5, 0.0, 0.5], [0.0, -1.5, -1.0, 0.0]])


def draw(count):
    labels = random.choice(3, size=count, p=[0.2, 0.5, 0.3])
    return (centres[labels] + 0.8 * random.normal(size=(count, 4))).astype(np.float32), labels.astype(np.int64)


known, known_labels = draw(160)
others, other_labels = draw(120)
neighbours = KNeighborsClassifier(20, metric="cosine").fit(known, known_labels).predict(others)
logistic = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000)).fit(known, known_labels).predict(others)
clusters = KMeans(3, n_init=50, random_state=0).fit_predict(normalize(others))
purity = sum(np.bincount(other_labels[clusters == cluster]).max() for cluster in range(3)) / len(others)

values = np.linalg.svd(known.astype(np.float64) - known.astype(np.float64).mean(0), compute_uv=False)
shares = values / values.sum()
rank = np.exp(-(shares * np.log(shares)).sum())
first, second = normalize(known[:80].astype(np.float64)), normalize(known[80:].astype(np.float64))
alignment = ((first - second) ** 2).sum(1).mean()
everyone = np.concatenate([first, second])
distances = ((everyone[:, None] - everyone[None]) ** 2).sum(2)
uniformity = np.log(np.exp(-2 * distances[~np.eye(160, dtype=bool)]).mean())

for name, array in {
    "known": known, "known-labels": known_labels, "others": others, "other-labels": other_labels,
    "kappas": np.array([cohen_kappa_score(other_labels, neighbours), cohen_kappa_score(other_labels, logistic)]),
    "clusters": np.array([purity, normalized_mutual_info_score(other_labels, clusters)]),
    "health": np.array([rank, alignment, uniformity]),
}.items():
    np.save(os.path.join(HERE, f"{name}.npy"), array)
