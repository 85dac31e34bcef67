"""Scores, curves and cluster agreement by scikit-learn. Run in this folder."""

import warnings

import numpy as np
from sklearn import metrics

warnings.filterwarnings("ignore")
random = np.random.default_rng(0)


def some_labels(kind):
    if kind == "ordinary":
        truth = random.integers(0, 5, 400)
        guess = np.where(random.random(400) < 0.6, truth, random.integers(0, 5, 400))
    elif kind == "rare":  # class 3 is never true, class 4 never predicted
        truth = random.choice([0, 1, 2, 4], 200, p=[0.7, 0.2, 0.08, 0.02])
        guess = random.choice([0, 1, 2, 3], 200, p=[0.7, 0.2, 0.05, 0.05])
    elif kind == "absent":  # class 3 is nowhere
        truth = random.choice([0, 1, 2, 4], 100)
        guess = random.choice([0, 1, 2, 4], 100)
    elif kind == "constant":  # always the same guess
        truth = random.integers(0, 5, 50)
        guess = np.full(50, 2)
    elif kind == "single":  # truth and guess all of one class
        truth = guess = np.full(10, 1)
    elif kind == "wrong":
        truth = random.integers(0, 5, 60)
        guess = (truth + 1) % 5
    return truth, guess


for kind in ["ordinary", "rare", "absent", "constant", "single", "wrong"]:
    truth, guess = some_labels(kind)
    np.save(f"{kind}_truth.npy", truth.astype(np.int64))
    np.save(f"{kind}_predicted.npy", guess.astype(np.int64))
    f1 = lambda average: metrics.f1_score(truth, guess, average=average, zero_division=0)
    np.save(
        f"{kind}_scores.npy",
        np.array(
            [
                metrics.accuracy_score(truth, guess),
                metrics.balanced_accuracy_score(truth, guess),
                f1("macro"),
                f1("micro"),
                f1("weighted"),
                np.nan_to_num(metrics.cohen_kappa_score(truth, guess), nan=-9),  # undefined: -9
                metrics.matthews_corrcoef(truth, guess),
            ]
        ),
    )
    classes = metrics.precision_recall_fscore_support(truth, guess, labels=range(5), zero_division=0)
    np.save(f"{kind}_classes.npy", np.array(classes, dtype=float))
    np.save(f"{kind}_matrix.npy", metrics.confusion_matrix(truth, guess, labels=range(5)))

for name, scores in {
    "smooth": random.normal(size=300),
    "tied": random.integers(0, 8, 300) / 8,
    "one_level": np.full(300, 0.5),
}.items():
    truth = random.random(300) < 1 / (1 + np.exp(1 - 2 * scores))
    fpr, tpr, thresholds = metrics.roc_curve(truth, scores)
    precision, recall, levels = metrics.precision_recall_curve(truth, scores)
    np.save(f"curve_{name}_truth.npy", truth.astype(np.int64))
    np.save(f"curve_{name}_scores.npy", scores)
    np.save(f"curve_{name}_roc.npy", np.concatenate([fpr, tpr, thresholds[1:]]))
    np.save(f"curve_{name}_pr.npy", np.concatenate([precision, recall, levels]))
    areas = [metrics.roc_auc_score(truth, scores), metrics.average_precision_score(truth, scores)]
    np.save(f"curve_{name}_areas.npy", np.array(areas))

first = np.array([random.integers(0, 4, 120) for _ in range(6)])
second = np.array([(first[i] + (random.random(120) < i / 6) * random.integers(0, 5, 120)) % 5 for i in range(6)])
second[4] = 1  # one group only
first[5] = np.arange(120)  # as many groups as windows
np.save("groups_first.npy", first.astype(np.int64))
np.save("groups_second.npy", second.astype(np.int64))
np.save(
    "groups_agreement.npy",
    np.array(
        [
            [metrics.adjusted_rand_score(a, b), metrics.normalized_mutual_info_score(a, b)]
            for a, b in zip(first, second)
        ]
    ),
)


def information(clusters, classes):
    table = metrics.cluster.contingency_matrix(classes, clusters)
    return [table.max(axis=0).sum() / table.sum(), metrics.mutual_info_score(classes, clusters)]


np.save("groups_information.npy", np.array([information(a, b) for a, b in zip(first, second)]))

# Noise in the clusters, unscored windows in the classes.
clusters = random.integers(-1, 4, 120)
classes = np.where(random.random(120) < 0.5, clusters, random.integers(-1, 5, 120))
both = (clusters >= 0) & (classes >= 0)
a, b = clusters[both], classes[both]
np.save("partial_clusters.npy", clusters.astype(np.int64))
np.save("partial_classes.npy", classes.astype(np.int64))
np.save(
    "partial_agreement.npy",
    np.array([metrics.adjusted_rand_score(a, b), *information(a, b), metrics.normalized_mutual_info_score(a, b)]),
)
