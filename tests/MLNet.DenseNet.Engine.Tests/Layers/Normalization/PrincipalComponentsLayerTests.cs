namespace MLNet.DenseNet.Engine.Tests.Layers;

public class PrincipalComponentsLayerTests
{
    private static readonly Dictionary<string, (int Inputs, PrincipalComponentsLayer Layer)> Kinds = new()
    {
        ["one of one"] = (1, new(1)),
        ["of all"] = (7, new(3)),
        ["of some"] = (40, new(17, [2, 3, 31, 39])),
        ["nearly bent"] = (5, new(5, limit: 0.3f)),
        ["alone"] = (33, new(20, limit: 50, keepsInputs: false)),
        ["of some, alone"] = (9, new(2, [8], keepsInputs: false)),
    };

    public static TheoryData<string, int> KindsAndRows => new MatrixTheoryData<string, int>(Kinds.Keys, [1, 6]);

    [Theory]
    [MemberData(nameof(KindsAndRows))]
    public void Both_passes_agree_with_naive_sums(string name, int rows)
    {
        var (inputs, layer) = Kinds[name];
        new LayerCheck(layer, inputs, Reference) { Rows = rows, Roundings = 1000 }.Run();
        new LayerCheck(layer, inputs, Reference) { Rows = rows, Roundings = 1000, IsTraining = false }.Run();

        double[] Reference(double[] x, int count, double[][] parameters) => [.. x.Chunk(inputs).SelectMany(row =>
            (double[])[.. layer.KeepsInputs ? row : [], .. Enumerable.Range(0, layer.Components).Select(k =>
            {
                var columns = layer.Columns ?? [.. Enumerable.Range(0, inputs)];
                var z = parameters[1][k] + columns.Select((column, i) => row[column] * parameters[0][i * layer.Components + k]).Sum();
                return z / Math.Sqrt(1 + Math.Pow(z / layer.Limit, 2));
            })])];
    }

    /// <summary>Components of what a standardization makes of rows, and bins of functions of them, in all members of an ensemble.</summary>
    [Fact]
    public void Statistics_are_set_by_the_rows_to_learn_from()
    {
        const int Rows = 300;
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows).SelectMany(row => { var all = 10 * random.NextSingle(); return (float[])[all, row % 2, all + random.NextSingle(), 3 * all - random.NextSingle()]; })];
        var data = Dataset.FromTargets(4, 1, features, new float[Rows]);
        var network = Network.Create(4, [new StandardizationLayer(10), new PrincipalComponentsLayer(5, [0, 2, 3], limit: 1000), new EnsembleLayer(2, [new NumericEmbeddingLayer(1, 6, [0, 4, 6]), new DenseLayer(1)])], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(data);

        var member = network.Members[0];
        using var workspace = member.CreateWorkspace(1);
        double[][] made = [.. Enumerable.Range(0, Rows).Select(row =>
        {
            member.Forward(features.AsSpan(row * 4, 4), workspace);
            return workspace.Output(1).ToArray().Select(value => (double)value).ToArray();
        })];
        Assert.Equal(9, made[0].Length);
        for (var k = 4; k < 9; k++)
        {
            Assert.Equal(0, made.Average(row => row[k]), 1e-4);
            for (var other = 4; other <= k; other++)
                Assert.Equal(k == other && k < 7 ? 1 : 0, made.Average(row => row[k] * row[other]), 1e-3);
        }

        // Columns that go together have one large direction.
        var deviations = PrincipalComponentsLayer.DeviationsOf(network.Layers[1]);
        Assert.InRange(deviations[0], 1.6, 1.8);
        Assert.InRange(deviations[1], 0, 0.3);
        Assert.Equal((0, 0), (deviations[3], deviations[4]));

        // A component that there is not has one value.
        network.Members.ToArray().ToList().ForEach(each =>
        {
            var edges = NumericEmbeddingLayer.EdgesOf(each.Layers[2]);
            Assert.Equal(made.Min(row => row[4]), edges[7], 1e-4);
            Assert.Equal(made.Max(row => row[4]), edges[13], 1e-4);
            Assert.Equal((made.Min(row => row[6]), made.Max(row => row[6])), (edges[14], edges[20]));
        });
    }

    /// <summary>They need no standardization before them. A row that misses a value does not count, nor for the bins of functions behind them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_network_may_begin_with_them(bool isStandardized)
    {
        var features = Samples.Numbers(60 * 3, seed: 1);
        features[4] = isStandardized ? float.NaN : 0;
        Layer[] layers = [new PrincipalComponentsLayer(2), new NumericEmbeddingLayer(2), new DenseLayer(1)];
        var network = Network.Create(3, isStandardized ? [new StandardizationLayer(takesMissingForMean: false), .. layers] : layers, seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(3, 1, features, new float[60]));
        var place = network.Layers[isStandardized ? 1 : 0];
        Assert.All(PrincipalComponentsLayer.DeviationsOf(place), deviation => Assert.InRange(deviation, 0.1, 100));
        Assert.All(network.Parameters, parameter => Assert.All(parameter.ToArray(), value => Assert.True(float.IsFinite(value))));
    }

    /// <summary>Sparse rows have the components of dense ones; rows of no weight, and those that miss a value, do not count.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Rows_that_do_not_count_change_nothing(bool isStandardized, bool isSparse)
    {
        const int Rows = 50;
        var features = Samples.Numbers(Rows * 6, seed: 1);
        // What the row with a missing value tells of its other columns, a standardization takes in.
        float[] more = [.. features, 100, -100, 0, 100, 3, 1, float.NaN, 1, 2, 3, 4, 5];
        float[] weights = [.. Enumerable.Repeat(1f, Rows), 0, isStandardized ? 0 : 1];
        var expected = Of(Dataset.FromTargets(6, 1, features, new float[Rows]));
        Assert.All(expected.Zip(Of(Dataset.FromTargets(6, 1, more, new float[Rows + 2], weights))), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        if (!isSparse)
            return;
        int[] starts = [.. Enumerable.Range(0, Rows + 1).Select(row => 6 * row)];
        var columns = Enumerable.Range(0, Rows * 6).Select(i => i % 6).ToArray();
        Assert.Equal(expected, Of(Dataset.FromTargets(new SparseFeatures(6, features, columns, starts), 1, new float[Rows], default)));

        float[] Of(Dataset data)
        {
            var network = Network.Create(6, isStandardized ? [new StandardizationLayer(), new PrincipalComponentsLayer(3)] : [new PrincipalComponentsLayer(3)], seed: 1);
            if (isStandardized)
                InputStatistics.Standardize(network, RowSubset.All(data));
            InputStatistics.SetComponents(network, RowSubset.All(data));
            return network.Layers[^1].Parameters[0].ToArray();
        }
    }

    /// <summary>Each member's output layer tells what the rows that it learns from do, and tells it at once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_regression_of_components_begins_at_its_solution(bool isScaled)
    {
        const int Rows = 60;
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows).SelectMany(_ => { var (many, few) = (random.NextSingle(), random.NextSingle()); return Enumerable.Range(0, 80).Select(column => 100 * many + few * column / 80); })];
        float[] targets = [.. Enumerable.Range(0, Rows).SelectMany(row => { var few = 40 * (features[row * 80 + 79] - features[row * 80]); return (float[])[few, 7 - few]; })];
        var rows = RowSubset.All(Dataset.FromTargets(80, 2, features, targets));
        var network = Network.Create(80, [new StandardizationLayer(1000), new PrincipalComponentsLayer(2, limit: 1000, keepsInputs: false), new EnsembleLayer(2, [new DenseLayer(2)])], seed: 1);
        InputStatistics.Standardize(network, rows);
        InputStatistics.SetComponents(network, rows);
        var scaling = isScaled ? TargetScaling.For(rows.Targets, new MeanSquaredError(), trained: null) : null;
        InitialOutputs.BeginAtRidge(network, rows, HeldOutFolds.Of(rows.Data, members: 2, folds: 4, seed: 1), scaling);
        scaling?.Fold(network);
        Assert.InRange(targets.Zip(network.Predict(features), (target, prediction) => Math.Abs(target - prediction)).Max(), 0, 0.5);
        Assert.NotEqual(network.Members[0].Layers[^1].Parameters[0].ToArray(), network.Members[1].Layers[^1].Parameters[0].ToArray());
    }

    [Fact]
    public void Rows_that_are_far_from_all_others_stay_within_the_limit()
    {
        var network = Network.Create(2, [new PrincipalComponentsLayer(2, limit: 4, keepsInputs: false)], seed: 1);
        PrincipalComponentsLayer.Set(network.Layers[0], [1e30f, 1, -1e30f, 1], [0, 0]);
        Assert.All(network.Predict([1e30f, 1e20f]), value => Assert.Equal(4, value, 1e-5f));
        Assert.All(network.Predict([3e38f, -3e38f, 3e38f, 3e38f]), value => Assert.InRange(value, -4, 4));
    }

    [Fact]
    public void Parameters_and_text_tell_what_it_is()
    {
        var network = Network.Create(9, [new PrincipalComponentsLayer(4, [2, 5, 7], limit: 8)], seed: 1);
        Assert.Equal(["weights 3 x 4", "bias 4"], network.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}"));
        Assert.All(network.Parameters, parameter => Assert.False(parameter.IsTrained));
        Assert.Equal("Principal components 4, 3 columns: 9 -> 13, 0 parameters", $"{network}");
        Assert.Equal("Principal components 2 alone", $"{new PrincipalComponentsLayer(2, keepsInputs: false)}");
        var layer = Assert.IsType<PrincipalComponentsLayer>(network.Layers[0].Layer);
        Assert.Equal((4, 8, true), (layer.Components, layer.Limit, layer.KeepsInputs));
        Assert.Equal([2, 5, 7], layer.Columns);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("0 was given", Assert.Throws<ArgumentOutOfRangeException>("components", () => new PrincipalComponentsLayer(0)).Message, StringComparison.Ordinal);
        Assert.Contains("0 was given", Assert.Throws<ArgumentOutOfRangeException>("limit", () => new PrincipalComponentsLayer(1, limit: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => new PrincipalComponentsLayer(1, limit: float.NaN));
        Assert.Contains("at least one column", Assert.Throws<ArgumentException>("columns", () => new PrincipalComponentsLayer(1, [])).Message, StringComparison.Ordinal);
        Assert.Contains("at least 6 inputs", Assert.Throws<ArgumentException>(() => Network.Create(5, [new PrincipalComponentsLayer(1, [5])], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("plain row", Assert.Throws<ArgumentException>(() => Network.Create(new Shape(2, 3), [new PrincipalComponentsLayer(1)], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Network.Create(5, [new PrincipalComponentsLayer(int.MaxValue)], seed: 1));
        Assert.Contains("weights; at most", Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(100_000, [new PrincipalComponentsLayer(100_000)], seed: 1)).Message, StringComparison.Ordinal);
    }
}
