"""Trains scikit-learn's multilayer perceptrons on a standardized table with several labels a row, and computes its metrics of any scores, for comparison.

Usage: multilabel.py FOLDER INPUTS LABELS THREADS
FOLDER holds features.f32 (rows x inputs) and labels.f32 (rows x labels: 0 or 1).
Commands come by standard input, a line each: VARIANT SEED ROW ..., the rows being those to score, all others those to learn from.
Every answer is a line of numbers: the seconds that training took, then the logits of the labels, row by row.
The command "metrics" has the rows' logits in scores.f32; its answer is micro and macro F1, subset accuracy and ranking loss, labels being predicted above zero.
"""
import os
import sys
import time
import warnings

folder, inputs, label_count, threads = sys.argv[1], *map(int, sys.argv[2:])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, label_ranking_loss
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
variants = {
    "default": {},
    "early-stopping": {"hidden_layer_sizes": (128, 64), "early_stopping": True},
    "batch-32": {"hidden_layer_sizes": (128, 64), "batch_size": 32, "max_iter": 100},
}
features = np.fromfile(f"{folder}/features.f32", np.float32).reshape(-1, inputs).astype(np.float64)
labels = np.fromfile(f"{folder}/labels.f32", np.float32).reshape(-1, label_count).astype(int)


def metrics(rows):
    scores = np.fromfile(f"{folder}/scores.f32", np.float32).reshape(-1, label_count)
    true, predicted = labels[rows], scores > 0
    return f1_score(true, predicted, average="micro"), f1_score(true, predicted, average="macro"), accuracy_score(true, predicted), label_ranking_loss(true, scores)


def train(variant, seed, test):
    training = np.setdiff1d(np.arange(len(labels)), test)
    start = time.perf_counter()
    mean, deviation = features[training].mean(axis=0), features[training].std(axis=0)
    x = np.clip((features - mean) / np.where(deviation > 0, deviation, 1), -10, 10)
    model = MLPClassifier(random_state=seed, **variants[variant]).fit(x[training], labels[training])
    seconds = time.perf_counter() - start
    # Logits, since probabilities near 1 are the same number in float32.
    probabilities = np.clip(model.predict_proba(x[test]), 1e-15, 1 - 1e-15)
    return seconds, *(np.log(probabilities) - np.log1p(-probabilities)).ravel()


print("ready", flush=True)
for line in sys.stdin:
    variant, seed, *rows = line.split()
    rows = np.array(rows, dtype=int)
    print(*(metrics(rows) if variant == "metrics" else train(variant, int(seed), rows)), flush=True)
