"""The classical models in scikit-learn, each call as calls/classical.ts makes it with Verisim.

A task is a function of the rows' folder and their number type. It loads the rows and returns a Call.
"""

import time
from dataclasses import dataclass
from typing import Callable

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import BernoulliNB, GaussianNB

from rows import codes, first_centres, labels, pixels

COMPONENTS = 10


@dataclass
class Call:
    # One whole call: the seconds it took, and the figure it reached.
    run: Callable[[], tuple[float, float]]
    # The seconds that are compared: of a call, or of an iteration.
    time: Callable[[], float]


def whole(work, figure):
    """A call that counts as a whole."""

    def run():
        start = time.perf_counter()
        result = work()
        return time.perf_counter() - start, figure(result)

    return Call(run, lambda: run()[0])


def iterations(fit, figure, few, many):
    """A fit that counts by its iterations: what `many` take longer than `few`, so that start and end count nothing."""
    short, long = (whole(lambda count=count: fit(count), figure) for count in (few, many))

    def time_of_one():
        # The process was idle: bring caches and threads back.
        short.run()
        return (-short.time() + long.time()) / (many - few)

    return Call(long.run, time_of_one)


def em_diagonal(folder, dtype):
    rows = pixels(folder, dtype)
    return mixture(rows, "diag", np.full((COMPONENTS, rows.shape[1]), 10.0, dtype), 1, 5)


def em_full(folder, dtype):
    rows = codes(folder, dtype)
    return mixture(rows, "full", np.stack([np.eye(rows.shape[1], dtype=dtype)] * COMPONENTS), 1, 6)


def mixture(rows, covariance, precisions, few, many):
    start = {
        "weights_init": np.full(COMPONENTS, 1 / COMPONENTS, rows.dtype),
        "means_init": first_centres(rows, COMPONENTS),
        "precisions_init": precisions,
    }

    def fit(count):
        return GaussianMixture(COMPONENTS, covariance_type=covariance, tol=0, max_iter=count, **start).fit(rows)

    return iterations(fit, lambda model: model.lower_bound_, few, many)


def k_means(folder, dtype):
    rows = pixels(folder, dtype)
    start = first_centres(rows, COMPONENTS)

    def fit(count):
        return KMeans(COMPONENTS, init=start, n_init=1, max_iter=count, tol=0, algorithm="lloyd").fit(rows)

    return iterations(fit, lambda model: model.inertia_, 1, 21)


def pca(folder, dtype):
    rows = pixels(folder, dtype)
    return whole(lambda: PCA(50).fit(rows), lambda model: model.explained_variance_ratio_.sum())


def gaussian_bayes(folder, dtype):
    return fit_and_predict(GaussianNB(), pixels(folder, dtype), labels(folder))


def bernoulli_bayes(folder, dtype):
    return fit_and_predict(BernoulliNB(binarize=0.5), pixels(folder, dtype), labels(folder))


def fit_and_predict(model, rows, classes):
    return whole(lambda: model.fit(rows, classes).predict(rows), lambda answers: np.mean(answers == classes))


TASKS = {
    "classical-em-diagonal": em_diagonal,
    "classical-em-full": em_full,
    "classical-k-means": k_means,
    "classical-pca": pca,
    "classical-gaussian-bayes": gaussian_bayes,
    "classical-bernoulli-bayes": bernoulli_bayes,
}
