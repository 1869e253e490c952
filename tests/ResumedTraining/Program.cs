// Usage: ResumedTraining NETWORK FOLDER: trains a dense, convolutional or recurrent network with checkpoints in a folder, slowly enough to be killed in the middle, and writes a line for each epoch done
// and at last a hash of the bits of its weights.

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

const int Rows = 60;
(Shape Input, Layer[] Layers) kind = args[0] switch
{
    "dense" => (5, [new DenseLayer(20, Activation.Tanh), new DropoutLayer(0.2f)]),
    "convolutional" => (new Shape(6, 5, 2), [new ConvolutionLayer(8, 3, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU), new MaxPoolingLayer(2), new DropoutLayer(0.2f)]),
    "recurrent" => (new Shape(7, 3), [new BidirectionalLayer(new LstmLayer(6, returnSequences: true, dropoutRate: 0.2f)), new GruLayer(5)]),
    var other => throw new ArgumentException($"Unknown network '{other}'."),
};
var inputs = kind.Input.Size;
var network = Network.Create(kind.Input, [.. kind.Layers, new DenseLayer(3, Activation.Softmax)], seed: 1);
var random = new Random(1);
var features = Enumerable.Range(0, Rows * inputs).Select(_ => random.NextSingle() * 2 - 1).ToArray();
var data = Dataset.FromClasses(inputs, 3, features, Enumerable.Range(0, Rows).Select(_ => random.Next(3)).ToArray());

new NetworkTrainer(network, new TrainingOptions
{
    Optimizer = new AdamW(),
    LearningRate = 0.02f,
    LearningRateSchedule = new WarmUpSchedule(2, new PlateauSchedule(0.5f, patience: 1)),
    BatchSize = 16,
    NumberOfEpochs = 60,
    ValidationFraction = 0.25f,
    RestoreBestWeights = true,
    Checkpoints = new Checkpoints(args[1], everyEpochs: 2),
    Seed = 7,
    NumberOfThreads = 1,
    EpochCompleted = epoch =>
    {
        Console.WriteLine(epoch.Epoch);
        Thread.Sleep(15);
    },
}).Train(data);

using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
foreach (var parameter in network.Parameters)
    hash.AppendData(MemoryMarshal.AsBytes(parameter.ToArray()));
Console.WriteLine(Convert.ToHexStringLower(hash.GetHashAndReset()));
