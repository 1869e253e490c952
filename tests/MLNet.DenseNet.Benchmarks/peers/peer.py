"""Trains a workload with PyTorch or scikit-learn, for comparison.

Usage: peer.py torch|sklearn FOLDER THREADS
FOLDER holds workload.json, features.f32, targets.f32 or classes.i32, and weights.f32 (layer by layer: weights inputs x units, then bias;
of a recurrent layer weights, recurrent weights, bias, and of a GRU recurrent bias; of a convolution weights height x width x channels x filters,
then bias; of a batch normalization scale, shift, running mean, running variance).
The environment's CHANNELS_LAST asks PyTorch to keep images with their channels last.
Commands come by standard input, a line each; every answer is a line of numbers:
  loss      the mean loss of all rows under the given weights, then after one epoch in the given order (torch only; else repeated)
  epochs N  trains N epochs in new random orders and answers the seconds
"""
import json
import os
import sys
import time
import warnings

library, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np

workload = json.load(open(f"{folder}/workload.json"))
rows, units, batch = workload["rows"], workload["units"], workload["batchSize"]
textbook, classification = workload["isTextbook"], workload["isClassification"]
features = np.fromfile(f"{folder}/features.f32", np.float32).reshape(rows, units[0])
if classification:
    classes = np.fromfile(f"{folder}/classes.i32", np.int32).astype(np.int64)
    targets = np.eye(units[-1], dtype=np.float32)[classes] if textbook else classes
else:
    targets = np.fromfile(f"{folder}/targets.f32", np.float32).reshape(rows, 1)
weights = np.fromfile(f"{folder}/weights.f32", np.float32)
recurrence, steps = workload["recurrence"], workload["steps"]
convolutions = workload["convolutions"]
if recurrence:
    features = features.reshape(rows, steps, -1)
if convolutions:
    features = features.reshape(rows, 1, 28, 28)


class Parameters:
    """The weights in the order of the file."""
    def __init__(self):
        self.start = 0

    def take(self, *shape):
        size = int(np.prod(shape))
        values = weights[self.start:self.start + size].reshape(shape)
        self.start += size
        return values.copy()

    def dense(self, layers):
        for inputs, outputs in zip(layers, layers[1:]):
            yield self.take(inputs, outputs), self.take(outputs)


def last_state(torch, parameters):
    """A recurrent layer whose output is its last state. PyTorch's gates of an LSTM are in our order; of a GRU ours are z, r, n and PyTorch's r, z, n."""
    channels, hidden = features.shape[2], units[1]
    gates, order = (4, [0, 1, 2, 3]) if recurrence == "lstm" else (3, [1, 0, 2])

    def reordered(values):
        parts = np.split(values, gates, axis=-1)
        return torch.from_numpy(np.ascontiguousarray(np.concatenate([parts[gate] for gate in order], axis=-1).T))

    class LastState(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = (torch.nn.LSTM if recurrence == "lstm" else torch.nn.GRU)(channels, hidden, batch_first=True)
            with torch.no_grad():
                self.layer.weight_ih_l0.copy_(reordered(parameters.take(channels, gates * hidden)))
                self.layer.weight_hh_l0.copy_(reordered(parameters.take(hidden, gates * hidden)))
                self.layer.bias_ih_l0.copy_(reordered(parameters.take(gates * hidden)))
                if recurrence == "gru":
                    self.layer.bias_hh_l0.copy_(reordered(parameters.take(gates * hidden)))
                else:
                    # Two biases that add up would learn twice as fast as one.
                    self.layer.bias_hh_l0.zero_()
                    self.layer.bias_hh_l0.requires_grad_(False)

        def forward(self, x):
            return self.layer(x)[0][:, -1]

    return LastState()


def image_layers(torch, parameters):
    """The layers over images, and the channels and positions of their output."""
    def convolution(channels, filters, kernel, padding):
        layer = torch.nn.Conv2d(channels, filters, kernel, padding=padding)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(parameters.take(kernel, kernel, channels, filters).transpose(3, 2, 0, 1))))
            layer.bias.copy_(torch.from_numpy(parameters.take(filters)))
        return layer

    def normalized(channels, filters):
        layers = [convolution(channels, filters, 3, 1), torch.nn.BatchNorm2d(filters), torch.nn.ReLU()]
        with torch.no_grad():
            for own in (layers[1].weight, layers[1].bias, layers[1].running_mean, layers[1].running_var):
                own.copy_(torch.from_numpy(parameters.take(filters)))
        return layers

    relu, sigmoid = torch.nn.ReLU, torch.nn.Sigmoid
    largest, mean = (lambda: torch.nn.MaxPool2d(2)), (lambda: torch.nn.AvgPool2d(2))
    if convolutions == "pooled":
        return [convolution(1, 32, 3, 1), relu(), largest(), convolution(32, 64, 3, 1), relu(), largest()], 64, 7
    if convolutions == "lenet":
        return [convolution(1, 6, 5, 2), sigmoid(), mean(), convolution(6, 16, 5, 0), sigmoid(), mean()], 16, 5
    return [*normalized(1, 32), *normalized(32, 32), largest(), *normalized(32, 64), largest()], 64, 7


class Torch:
    def __init__(self):
        import torch
        self.torch = torch
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        layers = []
        parameters, dense = Parameters(), units
        if recurrence:
            layers.append(last_state(torch, parameters))
            dense = units[1:]
        if convolutions:
            images, channels, side = image_layers(torch, parameters)
            layers.extend([*images, torch.nn.Flatten()])
            dense = [channels * side * side, *units[1:]]
        for index, (w, b) in enumerate(parameters.dense(dense)):
            if convolutions and index == 0:
                # Ours come pixel by pixel, PyTorch's channel by channel.
                w = w.reshape(side * side, channels, -1).transpose(1, 0, 2).reshape(w.shape)
            linear = torch.nn.Linear(*w.shape)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(w.T.copy()))
                linear.bias.copy_(torch.from_numpy(b.copy()))
            layers.append(linear)
            last = index == len(dense) - 2
            if textbook or (convolutions == "lenet" and not last):
                layers.append(torch.nn.Sigmoid())
            elif not last:
                layers.append(torch.nn.ReLU())
            if workload["dropoutRate"] > 0 and not last:
                layers.append(torch.nn.Dropout(workload["dropoutRate"]))
        self.model = torch.nn.Sequential(*layers)
        if os.environ.get("CHANNELS_LAST"):
            self.model = self.model.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=workload["learningRate"])
        self.loss_function = torch.nn.CrossEntropyLoss() if classification and not textbook else torch.nn.MSELoss()
        self.x, self.y = torch.from_numpy(features), torch.from_numpy(targets)

    def measure(self):
        self.model.eval()
        with self.torch.inference_mode():
            loss = self.loss_function(self.model(self.x), self.y).item()
        self.model.train()
        return loss

    def epoch(self, shuffle=True):
        order = self.torch.randperm(rows) if shuffle else self.torch.arange(rows)
        for start in range(0, rows, batch):
            index = order[start:start + batch]
            self.optimizer.zero_grad(set_to_none=True)
            self.loss_function(self.model(self.x[index]), self.y[index]).backward()
            self.optimizer.step()

    def loss(self):
        before = self.measure()
        self.epoch(shuffle=False)
        return before, self.measure()


class ScikitLearn:
    def __init__(self):
        warnings.filterwarnings("ignore")
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        self.is_classifier = classification
        self.y = targets if self.is_classifier else targets.ravel()
        kind = MLPClassifier if self.is_classifier else MLPRegressor
        self.model = kind(hidden_layer_sizes=tuple(units[1:-1]), activation="relu", solver="sgd", alpha=0,
                          batch_size=batch, learning_rate_init=workload["learningRate"], momentum=0, nesterovs_momentum=False, random_state=1)
        self.fit()
        for own, bias, (w, b) in zip(self.model.coefs_, self.model.intercepts_, Parameters().dense(units)):
            own[...] = w
            bias[...] = b

    def fit(self):
        if self.is_classifier:
            self.model.partial_fit(features, self.y, classes=np.arange(units[-1]))
        else:
            self.model.partial_fit(features, self.y)

    def epoch(self):
        self.fit()

    def loss(self):
        if self.is_classifier:
            probabilities = self.model.predict_proba(features)
            value = float(-np.log(probabilities[np.arange(rows), targets]).mean())
        else:
            value = float(((self.model.predict(features).reshape(rows, -1) - targets) ** 2).mean())
        return value, value


peer = Torch() if library == "torch" else ScikitLearn()
print("ready", flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    if command == "loss":
        answer = peer.loss()
    elif command == "product":
        size, repetitions = map(int, rest)
        left, right = (np.random.default_rng(seed).random((size, size), dtype=np.float32) for seed in (1, 2))
        left @ right
        start = time.perf_counter()
        for _ in range(repetitions):
            left @ right
        answer = (time.perf_counter() - start,)
    else:
        start = time.perf_counter()
        for _ in range(int(rest[0])):
            peer.epoch()
        answer = (time.perf_counter() - start,)
    print(*answer, flush=True)
