using MLNet.DenseNet.Engine.Tests.Gradients;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class EnsembleLayerTests
{
    private const int Inputs = 4;
    private const int Outputs = 3;
    private const int Rows = 37;

    private static readonly float[] Features = Samples.Numbers(Rows * Inputs, seed: 1);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(101)]
    public void Numbers_of_members_outside_their_range_are_refused(int members) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(members), () => new EnsembleLayer(members, [new DenseLayer(1)]));

    [Fact]
    public void Layers_that_make_no_member_are_refused()
    {
        Assert.Throws<ArgumentNullException>("layers", () => new EnsembleLayer(2, null!));
        Assert.Throws<ArgumentNullException>("layers", () => new EnsembleLayer(2, [null!]));
        Assert.Throws<ArgumentException>("layers", () => new EnsembleLayer(2, []));
        Assert.Throws<ArgumentException>("layers", () => new EnsembleLayer(100, [.. Enumerable.Repeat(new DenseLayer(1), 101)]));
        Assert.Throws<ArgumentException>("layers", () => new EnsembleLayer(2, [new EnsembleLayer(2, [new DenseLayer(1)])]));
    }

    [Fact]
    public void An_ensemble_whose_members_could_not_be_trained_alone_is_refused()
    {
        var ensemble = new EnsembleLayer(2, [new DenseLayer(2)]);
        foreach (var layers in (Layer[][])[[ensemble, new DenseLayer(1)], [ensemble, ensemble], [new DenseLayer(3), ensemble]])
            Assert.Contains("must be the last layer", Assert.Throws<ArgumentException>("layers", () => Network.Create(2, layers, seed: 1)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Network.Create(2, [new StandardizationLayer(), new DropoutLayer(0.1f), ensemble], seed: 1).OutputShape.Size);
    }

    [Fact]
    public void Text_names_members_and_layers() => Assert.Equal(
        "Ensemble of 4 [Dense 64 ReLU, Dense 1 identity]: 30 -> 1, 8196 parameters",
        Network.Create(30, [new EnsembleLayer(4, [new DenseLayer(64, Activation.ReLU), new DenseLayer(1)])], seed: 1).ToString());

    [Fact]
    public void The_first_member_begins_as_a_network_of_its_own_and_the_others_otherwise()
    {
        var network = NewNetwork("identity", members: 3);
        var alone = Network.Create(Inputs, [new StandardizationLayer(), .. MemberLayers("identity")], seed: 5);
        Assert.Equal(["mean", "scale", "weights 1.1", "bias 1.1", "weights 1.3", "bias 1.3", "weights 2.1"], network.Parameters.Select(p => p.Name).Take(7));
        Assert.Equal(2 + 3 * 4, network.Parameters.Count);
        Assert.Equal(3 * alone.ParameterCount, network.ParameterCount);

        var weights = network.Parameters.Where(p => p.Name.StartsWith("weights", StringComparison.Ordinal)).Select(p => Samples.Bits(p.ToArray())).ToList();
        Assert.Equal(Samples.Bits(alone.Parameters[2].ToArray()), weights[0]);
        Assert.Equal(Samples.Bits(alone.Parameters[4].ToArray()), weights[1]);
        Assert.Equal(weights.Count, weights.Distinct(new SequenceComparer()).Count());
    }

    [Theory]
    [InlineData("identity", 1)]
    [InlineData("softmax", 2)]
    [InlineData("sigmoid", 3)]
    [InlineData("tanh", 4)]
    [InlineData("GELU", 5)]
    public void Prediction_is_the_activation_of_the_mean_of_the_members_sums(string output, int members)
    {
        var network = NewNetwork(output, members);
        var alone = Network.Create(Inputs, [new StandardizationLayer(), .. MemberLayers("identity")], seed: 0);
        var sums = new double[Rows * Outputs];
        for (var member = 0; member < members; member++)
        {
            foreach (var (to, from) in alone.Parameters.Zip([.. network.Parameters.Take(2), .. network.Parameters.Skip(2 + 4 * member)]))
                alone.SetParameter(to, from.ToArray());
            foreach (var (y, i) in alone.Predict(Features).Select((y, i) => (y, i)))
                sums[i] += y;
        }

        var predicted = network.Predict(Features);
        for (var row = 0; row < Rows; row++)
        {
            var expected = ReferenceFunctions.Activate(Samples.Activations[output], [.. sums.AsSpan(row * Outputs, Outputs).ToArray().Select(sum => sum / members)]);
            for (var j = 0; j < Outputs; j++)
                Tolerance.Check(expected[j], predicted[row * Outputs + j], roundings: 40, magnitude: 1);
        }
    }

    [Fact]
    public void Prediction_of_a_row_depends_neither_on_its_batch_nor_on_threads()
    {
        var network = Network.Create(
            Inputs, [new EnsembleLayer(3, [new DenseLayer(400, Activation.GELU), new DenseLayer(300, Activation.ReLU), new DenseLayer(Outputs, Activation.Softmax)])], seed: 2);
        var expected = Samples.Bits(network.Predict(Features));
        foreach (var (maxRows, threads) in ((int, int)[])[(Rows, 2), (Rows, 3), (1, 1), (7, 2)])
        {
            using var workspace = network.CreateWorkspace(maxRows, threads);
            Assert.Equal(expected, Features.Chunk(maxRows * Inputs).SelectMany(rows => Samples.Bits(network.Forward(rows, workspace))));
        }
    }

    [Fact]
    public void Prediction_allocates_nothing()
    {
        var network = NewNetwork("softmax", members: 4);
        var workspace = network.CreateWorkspace(Rows);
        network.Forward(Features, workspace);
        Assert.Equal(0, AllocatedBytes.Of(() => network.Forward(Features, workspace)));
    }

    [Fact]
    public void Mean_of_large_numbers_is_finite()
    {
        var network = Network.Create(1, [new EnsembleLayer(3, [new DenseLayer(1)])], seed: 1);
        foreach (var bias in network.Parameters.Where(p => p.Shape.Dimensions.Length == 1))
            network.SetParameter(bias, [3e38f]);
        Assert.Equal(3e38f, network.Predict([0])[0], 1e32f);
    }

    private static Network NewNetwork(string output, int members)
    {
        var network = Network.Create(Inputs, [new StandardizationLayer(), new EnsembleLayer(members, MemberLayers(output))], seed: 5);
        foreach (var (parameter, i) in network.Parameters.Where(p => p.Shape.Dimensions.Length == 1).Select((p, i) => (p, i)))
            network.SetParameter(parameter, Samples.Numbers(parameter.Shape.Size, seed: i));
        return network;
    }

    private static Layer[] MemberLayers(string output) =>
        [new DenseLayer(9, Activation.SiLU), new DropoutLayer(0.4f), new DenseLayer(Outputs, Samples.Activations[output])];

    private sealed class SequenceComparer : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x!.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj) => obj[0];
    }
}
