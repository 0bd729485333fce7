"""Metrics of samples in torch-fidelity and prdc, each call as calls/metrics.ts makes it with Verisim.

A task is a function of the rows' folder. It loads the rows and returns a Call.
"""

from classical import whole
from rows import pixels

COUNT = 10_000
DIMMING = 0.8


def two_sets(folder):
    rows = pixels(folder, "float32")
    return rows[:COUNT], rows[COUNT : 2 * COUNT] * rows.dtype.type(DIMMING)


def fid(folder):
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    real, samples = (torch.from_numpy(rows) for rows in two_sets(folder))

    def work():
        statistics = [fid_features_to_statistics(rows) for rows in (real, samples)]
        return fid_statistics_to_metric(*statistics, False)

    return whole(work, lambda result: result["frechet_inception_distance"])


def kid(folder):
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    real, samples = (torch.from_numpy(rows) for rows in two_sets(folder))
    options = {
        "kid_subsets": 100,
        "kid_subset_size": 1000,
        "kid_kernel": "poly",
        "kid_kernel_poly_degree": 3,
        "kid_kernel_poly_gamma": None,
        "kid_kernel_poly_coef0": 1,
        "rng_seed": 2020,
        "verbose": False,
    }
    return whole(
        lambda: kid_features_to_metric(real, samples, **options),
        lambda result: result["kernel_inception_distance_mean"],
    )


def neighbourhoods(folder):
    from prdc import compute_prdc

    real, samples = two_sets(folder)
    return whole(lambda: compute_prdc(real, samples, nearest_k=5), lambda result: sum(result.values()))


TASKS = {"metrics-fid": fid, "metrics-kid": kid, "metrics-neighbourhoods": neighbourhoods}
