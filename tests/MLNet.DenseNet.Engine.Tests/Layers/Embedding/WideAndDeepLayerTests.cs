using MLNet.DenseNet.Engine.Tests.Gradients;
using static MLNet.DenseNet.Engine.Tests.NumbersAmongWords;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class WideAndDeepLayerTests
{
    private static readonly Dictionary<string, (int Inputs, int[] Columns, Layer[] Layers)> Kinds = new()
    {
        ["one of one"] = (1, [0], [new DenseLayer(1)]),
        ["first and last"] = (7, [0, 6], [new DenseLayer(5, Activation.Tanh), new DenseLayer(3)]),
        ["all"] = (3, [0, 1, 2], [new DenseLayer(4, Activation.Sigmoid)]),
        ["33 units"] = (40, [2, 3, 17, 31], [new DenseLayer(9, Activation.GELU), new DenseLayer(33)]),
        ["more than the layers take"] = (130, [128], [new DenseLayer(2, Activation.Tanh), new DenseLayer(40)]),
    };

    public static TheoryData<string, int> KindsAndRows => new MatrixTheoryData<string, int>(Kinds.Keys, [1, 6]);

    [Theory]
    [MemberData(nameof(KindsAndRows))]
    public void Both_passes_agree_with_a_naive_sum(string name, int rows)
    {
        var (inputs, columns, layers) = Kinds[name];
        var layer = new WideAndDeepLayer(columns, layers);
        new LayerCheck(layer, inputs, Reference) { Rows = rows, Roundings = 1000 }.Run();
        new LayerCheck(layer, inputs, Reference) { Rows = rows, Roundings = 1000, IsTraining = false }.Run();

        double[] Reference(double[] x, int count, double[][] parameters)
        {
            var y = x.Chunk(inputs).SelectMany(row => columns.Select(column => row[column])).ToArray();
            for (var i = 0; i < layers.Length; i++)
            {
                var (dense, bias) = ((DenseLayer)layers[i], parameters[2 * i + 2]);
                y = [.. Product(y, parameters[2 * i + 1], dense.Units).Chunk(dense.Units).SelectMany(row => ReferenceFunctions.Activate(dense.Activation, [.. row.Zip(bias, (sum, b) => sum + b)]))];
            }

            return [.. y.Zip(Product(x, parameters[0], ((DenseLayer)layers[^1]).Units), (deep, wide) => deep + wide)];
        }
    }

    /// <summary>The same bits in predictions, whether rows are dense, sparse, or sparse without the zeros of what is shifted.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void However_rows_are_stored_predictions_are_the_same(bool isEnsemble)
    {
        var (rows, network) = (Make(), Standardized(isEnsemble));
        var expected = network.Predict(rows);
        Assert.Equal(Rows, expected.Distinct().Count());
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: true)));
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: false)));
    }

    /// <summary>A training step has the gradients of dense rows, and changes weights as those: plain gradient descent does so for weights whose gradient is 0 too.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Training_is_as_on_dense_rows(bool isEnsemble, bool storesZeros)
    {
        var rows = Make();
        var (sparse, dense, begun) = (Standardized(isEnsemble), Standardized(isEnsemble), Standardized(isEnsemble));
        Train(sparse, Dataset.FromTargets(Store(rows, storesZeros), 1, Targets(rows), default));
        Train(dense, Dataset.FromTargets(Inputs, 1, rows, Targets(rows), default));
        foreach (var ((one, other), before) in sparse.Parameters.Zip(dense.Parameters).Zip(begun.Parameters))
        {
            Assert.All(one.ToArray().Zip(other.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
            if (one.IsTrained)
                Assert.NotEqual(before.ToArray(), one.ToArray());
        }

        static void Train(Network network, Dataset data) =>
            new NetworkTrainer(network, new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.01f, NumberOfEpochs = 3, BatchSize = 16, Seed = 1 }).Train(data);
    }

    /// <summary>Bins are those of the columns that the layer selects, in all members of an ensemble.</summary>
    [Fact]
    public void Bins_are_set_by_the_columns_that_it_selects()
    {
        var network = Standardized(isEnsemble: true);
        var edges = network.Members.ToArray().Select(member => EmbeddingOf(member).Parameter(0).ToArray()).ToArray();
        Assert.Equal(edges[0], edges[1]);
        // 13 years and 4 counts, with a bin between each two.
        Assert.Equal((13, 4), (edges[0][..33].Count(edge => edge < float.MaxValue), edges[0][33..].Count(edge => edge < float.MaxValue)));

        var numbers = Network.Create(2, [new StandardizationLayer(), new NumericEmbeddingLayer(3, 32)], seed: 1);
        float[] features = [.. Column(Make(), Year).Zip(Column(Make(), Count), (year, count) => (float[])[year, count]).SelectMany(row => row)];
        new NetworkTrainer(numbers, new TrainingOptions()).Standardize(Dataset.FromTargets(2, 1, features, new float[Rows]));
        Assert.All(numbers.Layers[1].Parameter(0).ToArray().Zip(edges[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>In front or inside: there is no sample of a column of two values that some row does not store.</summary>
    [Fact]
    public void Bins_of_columns_without_a_sample_stay_as_they_are()
    {
        var rows = Make();
        for (var row = 0; row < Rows; row++)
            rows[row * Inputs + Count] = row % 2;
        Layer[] layers = [new NumericEmbeddingLayer(1, 4, [Year, Count]), new WideAndDeepLayer([Year, Count], [new NumericEmbeddingLayer(1, 4)])];
        Assert.All(layers, layer =>
        {
            var network = Network.Create(Inputs, [new StandardizationLayer(), layer, new DenseLayer(1)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(Store(rows, storesZeros: false), 1, new float[Rows], default));
            var place = network.Layers[1];
            var edges = NumericEmbeddingLayer.EdgesOf(place.Inner.Count > 0 ? place.Inner[0] : place);
            Assert.Equal([-3, -1.5f, 0, 1.5f, 3], edges[5..]);
            Assert.InRange(edges[0], -1.5f, -1.3f);
        });
    }

    /// <summary>Rows that miss values, which are replaced first, and do not store the zeros of what is shifted then, are predicted from as dense ones.</summary>
    [Fact]
    public void Missing_values_and_zeros_that_are_not_stored_are_as_in_dense_rows()
    {
        var rows = Make();
        for (var row = 0; row < Rows; row += 3)
            rows[row * Inputs + Year] = float.NaN;
        var network = Network.Create(
            Inputs, [new MissingValueLayer([Year]), new StandardizationLayer(), new WideAndDeepLayer([Year, Count, Inputs], [new NumericEmbeddingLayer(3, 8), new DenseLayer(9, Activation.Tanh), new DenseLayer(4)]), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(Store(rows, storesZeros: true), 1, new float[Rows], default));
        network.SetParameter(network.Layers[2].Inner[0].Parameter(1), Samples.Numbers(3 * 8 * 3, seed: 7));
        var expected = network.Predict(rows);
        Assert.All(expected, output => Assert.True(float.IsFinite(output)));
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: true)));
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: false)));
    }

    [Fact]
    public void Parameters_are_named_after_the_places_of_their_layers()
    {
        var network = Network.Create(9, [new WideAndDeepLayer([2, 5], [new NumericEmbeddingLayer(3, 4), new DenseLayer(6, Activation.Tanh)])], seed: 1);
        Assert.Equal(
            ["weights 9 x 6", "1.edges 2 x 5", "1.weights 2 x 4 x 3", "2.weights 8 x 6", "2.bias 6"],
            network.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}"));
        var limit = MathF.Sqrt(6f / 15);
        Assert.All(network.Parameters[0].ToArray(), weight => Assert.InRange(weight, -limit, limit));
        Assert.InRange(network.Parameters[0].ToArray().Max(Math.Abs), 0.8f * limit, limit);
        Assert.Equal("Wide and deep, 2 columns [Numeric embedding 3, 4 bins, Dense 6 tanh]: 9 -> 6, 132 parameters", $"{network}");
        var layer = Assert.IsType<WideAndDeepLayer>(network.Layers[0].Layer);
        Assert.Equal([2, 5], layer.Columns);
        Assert.Equal(2, layer.Layers.Count);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("at least one column", Assert.Throws<ArgumentException>("columns", () => new WideAndDeepLayer([], [new DenseLayer(1)])).Message, StringComparison.Ordinal);
        Assert.Contains("number 1 of them is 2", Assert.Throws<ArgumentException>("columns", () => new WideAndDeepLayer([2, 2], [new DenseLayer(1)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("layers", () => new WideAndDeepLayer([1], []));
        Assert.Contains("at least 6 inputs", Assert.Throws<ArgumentException>(() => Network.Create(5, [new WideAndDeepLayer([1, 5], [new DenseLayer(1)])], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("plain row", Assert.Throws<ArgumentException>(() => Network.Create(new Shape(5, 2), [new WideAndDeepLayer([1], [new DenseLayer(1)])], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("plain units", Assert.Throws<ArgumentException>(() => Network.Create(5, [new WideAndDeepLayer([1, 3], [new ReshapeLayer(new Shape(2, 1))])], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at most", Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(1 << 28, [new WideAndDeepLayer([1], [new DenseLayer(1 << 10)])], seed: 1)).Message, StringComparison.Ordinal);
    }

    private static Network Standardized(bool isEnsemble)
    {
        Layer[] layers = [new WideAndDeepLayer([Year, Count], [new NumericEmbeddingLayer(3, 32, scaleRate: 2), new DenseLayer(20)]), new ActivationLayer(Activation.Tanh), new DenseLayer(1)];
        var network = Standardize(Network.Create(Inputs, isEnsemble ? [new StandardizationLayer(), new EnsembleLayer(2, layers)] : [new StandardizationLayer(), .. layers], seed: 1));
        foreach (var member in network.Members)
        {
            var functions = EmbeddingOf(member).Parameter(1);
            Assert.All(functions.ToArray(), weight => Assert.Equal(0, weight));
            network.SetParameter(functions, Samples.Numbers(functions.Shape.Size, seed: 7));
        }

        return network;
    }

    private static NetworkLayer EmbeddingOf(Network member) => member.Layers.Single(place => place.Layer is WideAndDeepLayer).Inner[0];

    private static double[] Product(double[] x, double[] weights, int units) =>
        [.. x.Chunk(weights.Length / units).SelectMany(row => Enumerable.Range(0, units).Select(unit => row.Select((value, i) => value * weights[i * units + unit]).Sum()))];
}
