using MLNet.DenseNet.Engine.Numerics;
using MLNet.DenseNet.Engine.Tests.Numerics;
using MLNet.DenseNet.Engine.Tests.Persistence;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>What holds for every kind of layer.</summary>
public class LayerKindTests
{
    private const int Rows = 6;

    public static TheoryData<string> Kinds => [.. Samples.Layers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_network_predicts_the_same_bits(string kind)
    {
        var network = NewNetwork(kind, members: 1);
        var features = Features(kind);
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));
        Assert.Equal(network.ToString(), loaded.ToString());
        Assert.Equal(Samples.Bits(network.Predict(features)), Samples.Bits(loaded.Predict(features)));
        Assert.Equal(SavedNetworks.Save(network), SavedNetworks.Save(loaded));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_is_predicted_alike_in_any_batch_and_on_any_number_of_threads(string kind)
    {
        var network = NewNetwork(kind, members: 1);
        var features = Features(kind);
        var together = network.Predict(features);
        for (var row = 0; row < Rows; row++)
        {
            var alone = network.Predict(features.AsSpan(row * network.InputShape.Size, network.InputShape.Size));
            Assert.Equal(Samples.Bits(alone), Samples.Bits(together.AsSpan(row * alone.Length, alone.Length)));
        }

        using var workspace = network.CreateWorkspace(Rows, threads: 3);
        Assert.Equal(Samples.Bits(together), Samples.Bits(network.Forward(features, workspace)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Members_of_an_ensemble_learn_what_they_learn_alone(string kind)
    {
        var (alone, ensemble) = (NewNetwork(kind, members: 1, trained: true), NewNetwork(kind, members: 2, trained: true));
        Assert.Equal(Samples.ParameterBits(alone), Samples.ParameterBits(ensemble.Members[0]));
        Assert.All(ensemble.Predict(Features(kind)), value => Assert.True(float.IsFinite(value)));
    }

    public static bool IsSupported => GuardedMemory.IsSupported;

    /// <summary>All memory that a pass is given ends where memory that may not be touched begins.</summary>
    [Theory(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    [MemberData(nameof(Kinds))]
    public unsafe void Both_passes_stay_within_their_memory(string kind)
    {
        var (layer, input) = Samples.Layers[kind];
        var network = Network.Create(input, [layer], seed: 1);
        var size = network.OutputShape.Size;
        using var x = new GuardedMemory(Features(kind));
        using var y = new GuardedMemory(new float[Rows * size]);
        using var cache = new GuardedMemory(new float[layer.Cache(input).For(Rows)]);
        using var scratch = new GuardedMemory(new float[layer.Scratch(input).For(Rows)]);
        using var dy = new GuardedMemory(Samples.Numbers(Rows * size, seed: 2));
        using var dx = new GuardedMemory(new float[x.Length]);
        using var team = new ThreadTeam(2, adapts: false);
        fixed (float* elements = x.Span)
        {
            InputRows rows = new MatrixRows(elements, Rows, input.Size);
            var step = new TrainingStep(3, 0);
            var gradients = new Engine.Gradients(network.TrainedLength);
            gradients.Begin();
            SinglePass.Forward(network.Passes[0], in rows, y.Span, [], scratch.Span, training: null, team, saturates: true);
            SinglePass.Forward(network.Passes[0], in rows, y.Span, cache.Span, scratch.Span, step, team);
            SinglePass.Backward(network.Passes[0], in rows, y.Span, cache.Span, scratch.Span, dy.Span, dx.Span, gradients, step, team);
        }

        Assert.All(dx.Span.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    private static float[] Features(string kind) => Samples.WholeNumbersWhereNeeded(Samples.Layers[kind].Layer, Samples.Numbers(Rows * Samples.Layers[kind].Input.Size, seed: 1));

    private static Network NewNetwork(string kind, int members, bool trained = false)
    {
        var (layer, input) = Samples.Layers[kind];
        Layer[] layers = [layer, new DenseLayer(2)];
        var network = Network.Create(input, members == 1 ? layers : [new EnsembleLayer(members, layers)], seed: 1);
        if (trained)
        {
            new NetworkTrainer(network, new TrainingOptions { Seed = 2, NumberOfEpochs = 2, BatchSize = 4, LearningRate = 0.01f, NumberOfThreads = members })
                .Train(Dataset.FromTargets(input.Size, 2, Features(kind), Samples.Numbers(Rows * 2, seed: 3)));
        }

        return network;
    }
}
