using BenchmarkDotNet.Attributes;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>One training step of a single dense layer, dominated by the products of backpropagation.</summary>
public class KernelBenchmarks
{
    private NetworkTrainer? _trainer;
    private float[] _features = [];
    private float[] _targets = [];

    [Params("64x784x128", "128x512x256", "256x2048x2048", "32x64x32")]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var sizes = Size.Split('x').Select(int.Parse).ToArray();
        // A first layer in front, so that the gradient of the second one's inputs is computed too.
        var network = Network.Create(sizes[1], [new DenseLayer(sizes[1]), new DenseLayer(sizes[2])], seed: 1);
        _trainer = new NetworkTrainer(network, new TrainingOptions { Optimizer = new StochasticGradientDescent() });
        var random = new Random(1);
        _features = [.. Enumerable.Range(0, sizes[0] * sizes[1]).Select(_ => random.NextSingle())];
        _targets = [.. Enumerable.Range(0, sizes[0] * sizes[2]).Select(_ => random.NextSingle())];
    }

    [Benchmark]
    public double ComputeGradient() => _trainer!.ComputeGradient(_features, _targets);
}
