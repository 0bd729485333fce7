"""The rows that calls work on, as a user of NumPy holds them; written by calls/rows.ts."""

import os

import numpy as np


def pixels(folder, dtype):
    """[60000, 784] in [0, 1]."""
    rows = np.load(os.path.join(folder, "pixels.npy")).astype(dtype)
    rows /= 255
    return rows


def codes(folder, dtype):
    """[60000, 50], the first principal components."""
    return np.load(os.path.join(folder, "codes.npy")).astype(dtype, copy=False)


def labels(folder):
    """[60000], classes from 0 to 9."""
    return np.load(os.path.join(folder, "labels.npy"))


def first_centres(rows, count):
    """Rows at equal distances: where both sides start. [count, columns]"""
    return rows[:: len(rows) // count][:count]
