// Learns whether two numbers have the same sign with the engine alone, compiled to machine code ahead of time.

using System.Runtime.CompilerServices;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

var random = new Random(1);
float[] features = [.. Enumerable.Range(0, 2 * 500).Select(_ => 2 * random.NextSingle() - 1)];
int[] classes = [.. features.Chunk(2).Select(row => row[0] * row[1] > 0 ? 1 : 0)];

var network = Network.Create(inputShape: 2, [new DenseLayer(16, Activation.SiLU), new DenseLayer(2, Activation.Softmax)], seed: 1);
var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new SoftmaxCrossEntropy(), Optimizer = new Adam(), LearningRate = 0.01f, NumberOfEpochs = 50, Seed = 1 });
var history = trainer.Train(Dataset.FromClasses(inputs: 2, classCount: 2, features, classes));
Console.WriteLine(RuntimeFeature.IsDynamicCodeSupported ? "compiled as it runs" : "compiled ahead of time");
Console.WriteLine(history[^1].Accuracy >= 0.95 ? "accuracy as expected" : $"accuracy {history[^1].Accuracy}");

using var saved = new MemoryStream();
network.Save(saved);
saved.Position = 0;
var loaded = Network.Load(saved);
Console.WriteLine($"the same after loading: {loaded.Predict(features).SequenceEqual(network.Predict(features))}");
Console.WriteLine(history[^1].ToString().Contains("Epoch = 50, ") ? "text as expected" : history[^1].ToString());
