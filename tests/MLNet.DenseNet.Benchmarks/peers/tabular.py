"""Trains scikit-learn's multilayer perceptrons and its gradient boosting on a standardized table, for comparison.

Usage: tabular.py FOLDER INPUTS CLASSES THREADS
FOLDER holds features.f32 (rows x inputs) and labels.f32 (rows: classes from 0, or numbers where CLASSES is 0).
Commands come by standard input, a line each: VARIANT SEED ROW ..., the rows being those to predict, all others those to learn from.
Every answer is a line of numbers: the seconds that training took, then the predictions (probabilities of the classes, or numbers) row by row.
"""
import os
import sys
import time
import warnings

folder, inputs, classes, threads = sys.argv[1], *map(int, sys.argv[2:])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")
variants = {
    "default": (MLPClassifier, MLPRegressor, {}),
    "early-stopping": (MLPClassifier, MLPRegressor, {"hidden_layer_sizes": (128, 64), "early_stopping": True}),
    "batch-32": (MLPClassifier, MLPRegressor, {"hidden_layer_sizes": (128, 64), "batch_size": 32, "max_iter": 100}),
    "boosting": (HistGradientBoostingClassifier, HistGradientBoostingRegressor, {}),
}
features = np.fromfile(f"{folder}/features.f32", np.float32).reshape(-1, inputs).astype(np.float64)
labels = np.fromfile(f"{folder}/labels.f32", np.float32).astype(np.float64)


def standardize(values, rows):
    deviation = values[rows].std(axis=0)
    return values[rows].mean(axis=0), np.where(deviation > 0, deviation, 1)


def answer(variant, seed, test):
    training = np.setdiff1d(np.arange(len(labels)), test)
    start = time.perf_counter()
    mean, deviation = standardize(features, training)
    classifier, regressor, options = variants[variant]
    # Trees take features as they are.
    x = features if regressor is HistGradientBoostingRegressor else np.clip((features - mean) / deviation, -10, 10)
    if classes > 0:
        model = classifier(random_state=seed, **options).fit(x[training], labels[training].astype(int))
        seconds = time.perf_counter() - start
        predictions = np.zeros((len(test), classes))
        predictions[:, model.classes_] = model.predict_proba(x[test])
    else:
        mean, deviation = standardize(labels, training)
        model = regressor(random_state=seed, **options).fit(x[training], (labels[training] - mean) / deviation)
        seconds = time.perf_counter() - start
        predictions = model.predict(x[test]) * deviation + mean
    return seconds, *predictions.ravel()


print("ready", flush=True)
for line in sys.stdin:
    variant, seed, *rows = line.split()
    print(*answer(variant, int(seed), np.array(rows, dtype=int)), flush=True)
