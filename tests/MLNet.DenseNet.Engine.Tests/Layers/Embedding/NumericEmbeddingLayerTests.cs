namespace MLNet.DenseNet.Engine.Tests.Layers;

public class NumericEmbeddingLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 0f)]
    [InlineData(3, 4, 5, 0f)]
    [InlineData(2, 32, 3, 0f)]
    [InlineData(4, 7, 33, 0f)]
    [InlineData(2, 2, 9, 0f)]
    [InlineData(2, 3, 64, 0f)]
    [InlineData(1, 6, 127, 0f)]
    [InlineData(4, 5, 6, 0f, 1, 4)]
    [InlineData(5, 32, 4, 0f, 3)]
    [InlineData(1, 1, 1, 6f)]
    [InlineData(3, 4, 5, 1f)]
    [InlineData(37, 15, 3, 0.5f)]
    [InlineData(2, 3, 64, 20f)]
    [InlineData(5, 5, 6, 6f, 1, 3, 4)]
    [InlineData(40, 32, 4, 2f, 3, 39)]
    // Work for several threads, with an odd number of numbers for some.
    [InlineData(41, 3, 4, 2f)]
    public void Functions_and_their_gradients_agree_with_the_formula(int inputs, int units, int bins, float scaleRate, params int[] columns)
    {
        var rowCount = inputs > 40 ? 40 : 9;
        int[] embedded = columns.Length == 0 ? [.. Enumerable.Range(0, inputs)] : [.. columns.Where(column => column < inputs)];
        new LayerCheck(new NumericEmbeddingLayer(units, bins, columns.Length == 0 ? null : embedded, scaleRate), inputs, Reference)
        {
            Rows = rowCount,
            // From below the first edge to above the last one.
            Features = [.. Samples.Numbers(rowCount * inputs, seed: 3).Select(x => 1.3f * x)],
            Prepare = network => NumericEmbeddingLayer.Set(network.Layers[0], [.. Enumerable.Range(0, embedded.Length).SelectMany(i => Edges(bins, seed: i))]),
        }.Run();

        double[] Reference(double[] x, int rows, double[][] parameters)
        {
            var (edges, weights) = (parameters[0], parameters[1]);
            var y = new List<double>();
            for (var row = 0; row < rows; row++)
            {
                for (var input = 0; input < inputs; input++)
                    y.Add(Factor(Array.IndexOf(embedded, input)) * x[row * inputs + input]);
                for (var j = 0; j < embedded.Length; j++)
                {
                    for (var unit = 0; unit < units; unit++)
                        y.Add(Factor(j) * Enumerable.Range(0, bins).Sum(bin => weights[(j * bins + bin) * units + unit] * Part(x[row * inputs + embedded[j]], edges[j * (bins + 1) + bin], edges[j * (bins + 1) + bin + 1])));
                }
            }

            return [.. y];

            double Factor(int number) => scaleRate == 0 || number < 0 ? 1 : 1 + scaleRate * parameters[2][number];
        }

        static double Part(double x, double lower, double upper) => Math.Clamp((x - lower) / (upper - lower), 0, 1);
    }

    /// <summary>The last bins are not used where a column has few values.</summary>
    private static float[] Edges(int bins, int seed)
    {
        float[] edges = [.. Samples.Numbers(bins + 1, seed).Order()];
        if (bins > 4)
            edges.AsSpan(bins - 1).Fill(float.MaxValue);
        return edges;
    }

    /// <summary>Indicators between numbers have no gradient that anybody reads, and it is not computed; a layer in front that is trained, and puts out what it takes, needs all of it.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(6f)]
    public void Gradients_are_the_same_whether_that_of_the_input_is_needed_or_not(float scaleRate)
    {
        const int Inputs = 90;
        const int Rows = 40;
        Layer[] layers = [new NumericEmbeddingLayer(3, 4, [5, 40, 41, 79], scaleRate), new DenseLayer(70, Activation.Tanh), new DenseLayer(2)];
        var (alone, behind) = (Network.Create(Inputs, layers, seed: 1), Network.Create(Inputs, [new DenseLayer(Inputs), .. layers], seed: 2));
        float[] same = [.. Enumerable.Range(0, Inputs * Inputs).Select(i => i % (Inputs + 1) == 0 ? 1f : 0)];
        DenseLayer.Set(behind.Layers[0], same, new float[Inputs]);
        foreach (var (parameter, i) in alone.Parameters.Select((parameter, i) => (parameter, i)))
        {
            if (parameter.Name == "weights")
                alone.SetParameter(parameter, Samples.Numbers(parameter.Shape.Size, seed: i));
            behind.SetParameter(behind.Parameters[i + 2], parameter.ToArray());
        }

        var (features, targets) = (Samples.Numbers(Rows * Inputs, seed: 3), Samples.Numbers(Rows * 2, seed: 4));
        var (trainer, other) = (new NetworkTrainer(alone, new TrainingOptions()), new NetworkTrainer(behind, new TrainingOptions()));
        trainer.ComputeGradient(features, targets);
        other.ComputeGradient(features, targets);
        foreach (var (parameter, i) in alone.Parameters.Select((parameter, i) => (parameter, i)).Where(pair => pair.parameter.IsTrained))
            Assert.Equal(Samples.Bits(other.Gradient(behind.Parameters[i + 2])), Samples.Bits(trainer.Gradient(parameter)));
    }

    [Fact]
    public void A_network_begins_as_one_without()
    {
        foreach (var scaleRate in (float[])[0, 6])
        {
            var network = Network.Create(3, [new NumericEmbeddingLayer(2, 4, scaleRate: scaleRate)], seed: 1);
            Assert.Equal([0.1f, -2, 5, 0, 0, 0, 0, 0, 0], network.Predict([0.1f, -2, 5]));
            Assert.Equal([-3f, -1.5f, 0, 1.5f, 3], network.Parameters[0].ToArray()[..5]);
            (string, bool, bool)[] expected = [("edges", false, false), ("weights", true, true), .. scaleRate == 0 ? ((string, bool, bool)[])[] : [("scales", true, false)]];
            Assert.Equal(expected, network.Parameters.Select(parameter => (parameter.Name, parameter.IsTrained, parameter.IsDecayed)));
        }
    }

    /// <summary>Sums, factors and products that are too large are limited; what is turned down to nothing is 0.</summary>
    [Fact]
    public void Scaled_numbers_of_any_size_are_finite()
    {
        foreach (var scale in (float[])[-1, 0, 1, 1e38f, -1e38f, 3e38f])
        {
            var network = Network.Create(1, [new NumericEmbeddingLayer(1, 2, scaleRate: 1)], seed: 1);
            NumericEmbeddingLayer.Set(network.Layers[0], [0, 1, 2]);
            network.SetParameter(network.Parameters[1], [3e38f, 3e38f]);
            network.SetParameter(network.Parameters[2], [scale]);
            foreach (var x in (float[])[2, 1.5f, -3e38f])
            {
                var y = network.Predict([x]);
                Assert.All(y, value => Assert.True(float.IsFinite(value), $"{x} by {scale}: {value}"));
                Assert.Equal(scale == -1 || x < 0 ? 0 : Math.Sign(1 + scale), Math.Sign(y[1]));
            }
        }
    }

    [Fact]
    public void Saved_scales_without_a_rate_are_damage()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(-2);
        writer.Write(4);
        writer.Write(0);
        writer.Write(0f);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        Assert.Contains("scale rate of 0", Assert.Throws<FormatException>(() => NumericEmbeddingLayer.Read(reader)).Message, StringComparison.Ordinal);
    }

    /// <summary>Values at an edge and beyond all of them, infinite ones and what is no number.</summary>
    [Fact]
    public void Functions_are_finite_wherever_they_are_looked_up()
    {
        var network = Network.Create(1, [new NumericEmbeddingLayer(1, 2)], seed: 1);
        NumericEmbeddingLayer.Set(network.Layers[0], [0, 2, float.MaxValue]);
        network.SetParameter(network.Parameters[1], [10, 100]);
        foreach (var (x, y) in ((float, float)[])[(-1, 0), (0, 0), (0.5f, 2.5f), (2, 10), (3, 10), (1e38f, 10 + 100 * (1e38f / float.MaxValue)), (float.PositiveInfinity, 110), (float.NegativeInfinity, 0), (float.NaN, 0)])
            Assert.Equal(y, network.Predict([x])[1], 1e-4f);
    }

    /// <summary>Nobody may predict then, but who does must not leave behind what lasts.</summary>
    [Fact]
    public void What_was_predicted_in_the_middle_of_a_step_is_not_kept()
    {
        float[] row = Samples.Numbers(3, seed: 5);
        var network = Network.Create(3, [new NumericEmbeddingLayer(2, 6), new DenseLayer(1)], seed: 1);
        var update = new ParameterUpdate(network, new TrainingOptions { Optimizer = new AdamW() });
        var backpropagation = new Backpropagation(network, new MeanSquaredError(), maxRows: 1);
        using var batch = new MiniBatch(inputs: 3, rows: 1, hasWeights: false, new BatchLayout(Outputs: 1, MaxRows: 1)) { Data = Dataset.FromTargets(3, 1, row, new float[] { 1 }) };
        batch.Take([0]);
        var step = new TrainingStep(1, 0);
        backpropagation.Forward(batch.Features, batch.Targets, step, team: null, countsCorrect: false);
        backpropagation.Backward(step, team: null, update.Begin(0.05f, rows: 1));
        var before = network.Predict(row)[0];
        update.End(backpropagation.Gradients, team: null);
        Assert.NotEqual(before, network.Predict(row)[0]);
        Assert.Equal(network.Copy().Predict(row), network.Predict(row));
    }

    /// <summary>A network keeps its functions at the edges for predictions. Whatever changes weights or edges, it predicts as a copy does that has predicted nothing before.</summary>
    [Fact]
    public void Predictions_follow_every_change_of_the_parameters()
    {
        var (features, targets) = (Samples.Numbers(40 * 3, seed: 5), Samples.Numbers(40, seed: 6));
        var row = features[..3];
        var data = Dataset.FromTargets(3, 1, features, targets);
        var network = Network.Create(3, [new EnsembleLayer(2, [new NumericEmbeddingLayer(2, 6, scaleRate: 3), new DenseLayer(1)])], seed: 1);
        var folder = Directory.CreateTempSubdirectory("densenet");
        try
        {
            Check(() => network.SetParameter(network.Members[0].Layers[0].Parameters[1], Samples.Numbers(36, seed: 7)));
            Check(() => network.SetParameter(network.Members[0].Layers[0].Parameters[0], [.. Samples.Numbers(21, seed: 8).Order()]));
            Check(() => network.SetParameter(network.Members[0].Layers[0].Parameters[2], Samples.Numbers(3, seed: 9)));
            Check(() => new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 1 }).Train(data));
            var trainer = new NetworkTrainer(network, new TrainingOptions());
            Check(() => trainer.ComputeGradient(features, targets), changes: false);
            Check(trainer.Step);
            // The best weights come back at the end, and when annealing begins.
            Check(() => new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 9, LearningRate = 1, EarlyStopping = new EarlyStopping(patience: 2) { AnnealingEpochs = 2 }, ValidationFraction = 0.3f, Seed = 1 }).Train(data));
            Check(() => network.CopyParameters(Network.Create(3, [new EnsembleLayer(2, [new NumericEmbeddingLayer(2, 6, scaleRate: 3), new DenseLayer(1)])], seed: 2)));

            var options = new TrainingOptions { NumberOfEpochs = 2, Seed = 1, Checkpoints = new Checkpoints(folder.FullName) };
            var copy = network.Copy();
            new NetworkTrainer(copy, options).Train(data);
            Check(() => new NetworkTrainer(network, options).Train(data));
            Assert.Equal(copy.Predict(row), network.Predict(row));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Check(Action change, bool changes = true)
        {
            float[][] before = [network.Predict(row), network.Predict(features)];
            change();
            float[][] after = [network.Predict(row), network.Predict(features)];
            Assert.Equal([network.Copy().Predict(row), network.Copy().Predict(features)], after);
            Assert.Equal(changes, before[0][0] != after[0][0]);
        }
    }

    /// <summary>Every bin of every count, at its lower edge and in its middle.</summary>
    [Fact]
    public void Every_number_is_found_in_its_bin()
    {
        for (var bins = 1; bins <= 140; bins++)
        {
            var network = Network.Create(1, [new NumericEmbeddingLayer(1, bins)], seed: 1);
            NumericEmbeddingLayer.Set(network.Layers[0], [.. Enumerable.Range(0, bins + 1).Select(edge => (float)(edge * edge))]);
            network.SetParameter(network.Parameters[1], [.. Enumerable.Repeat(1f, bins)]);
            for (var bin = 0; bin < bins; bin++)
            {
                Assert.Equal(bin, network.Predict([bin * bin])[1]);
                Assert.Equal(bin + 0.5f, network.Predict([bin * bin + bin + 0.5f])[1], 1e-5f);
            }
        }
    }

    [Fact]
    public void Edges_are_quantiles_of_the_distinct_values_of_a_column()
    {
        // Nearly always 0, three values, and one.
        float[] features = [.. Enumerable.Range(0, 1000).SelectMany(row => new float[] { row < 900 ? 0 : row - 899, row % 3, 7 })];
        var statistics = RowSubset.All(Dataset.FromTargets(3, 1, features, new float[1000])).Features;
        Assert.Equal([0, 1], ColumnBins.WithSeveralValues(statistics));
        Assert.Equal([0, 25, 50, 75, 100], Edges(0, 4));
        Assert.Equal([0, 1, 2, float.MaxValue, float.MaxValue], Edges(1, 4));
        Assert.Equal([0, 1, 2], Edges(1, 2));
        Assert.Equal([0, 2], Edges(1, 1));
        Assert.Equal([100, 2, 100, 4], [ColumnBins.Needed(statistics, [0], 128), ColumnBins.Needed(statistics, [1], 128), ColumnBins.Needed(statistics, [1, 0], 100), ColumnBins.Needed(statistics, [0, 1], 4)]);

        float[] Edges(int column, int bins) => ColumnBins.Edges(statistics.TableSample!.DistinctValues(column), bins);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(RowSample.MostRows, RowSample.MostRows)]
    [InlineData(RowSample.MostRows + 1, RowSample.MostRows / 2 + 1)]
    [InlineData(100_000, 12_500)]
    public void A_sample_is_spread_evenly_over_all_rows(int rows, int kept)
    {
        var sample = new RowSample([0, 1]);
        for (var row = 0; row < rows; row++)
            sample.Add([row, -row]);
        Assert.Equal(kept, sample.Rows);
        var step = sample.DistinctValues(0).ElementAtOrDefault(1);
        Assert.Equal(Enumerable.Range(0, kept).Select(i => i * step), sample.DistinctValues(0));
        Assert.Equal(Enumerable.Range(0, kept).Select(i => -i * step).Reverse(), sample.DistinctValues(1));
    }

    [Theory]
    [InlineData(256, RowSample.MostRows)]
    [InlineData(257, RowSample.MostRows / 2)]
    [InlineData(1024, RowSample.MostRows / 4)]
    [InlineData(2048, RowSample.MostRows / 8)]
    public void Of_many_columns_fewer_rows_are_kept(int columns, int kept)
    {
        var sample = new RowSample(Enumerable.Range(0, columns));
        var row = new float[columns];
        for (var i = 0; i < RowSample.MostRows; i++)
            sample.Add(row);
        Assert.InRange(sample.Rows, kept / 2 + 1, kept);
    }

    [Fact]
    public void A_sample_tells_columns_of_several_values_from_others()
    {
        var sample = new RowSample([0, 1, 2, 3]);
        for (var row = 0; row < 20; row++)
            sample.Add([row == 10 ? float.NaN : 5, row == 17 ? -1 : 4, row, row < 3 ? float.NaN : row % 2]);
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(sample.HasSeveralValues));
        Assert.Equal([-1f, 4f], sample.DistinctValues(1));
        sample.Add([0, 7, 0, 2]);
        Assert.Equal([false, true, true, true], Enumerable.Range(0, 4).Select(sample.HasSeveralValues));
        Assert.Equal([-1f, 4f, 7f], sample.DistinctValues(1));
    }

    /// <summary>Of sparse rows, a sample has the columns of which all rows store a value, and those of several values, zeros included.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(3 * RowSample.MostRows)]
    public void A_sample_of_sparse_rows_has_the_columns_of_numbers(int rows)
    {
        var (statistics, dense) = (new FeatureStatistics(5000, isSparse: true), new RowSample([7, 9, 30, 4000]));
        for (var row = 0; row < rows; row++)
        {
            // A number, one that is 0 in two of three rows, an indicator, one with a missing value, and two values of all rows.
            var (often, half) = (row % 3 == 0 ? row / 7 % 2 + 2 : 0, row / 7 % 2);
            (int Column, float Value)[] stored = [(7, row), (9, often), (11, row % 4 == 0 ? 1 : 0), (12, row % 5 == 0 ? float.NaN : 0), (30, row % 64 == 0 ? -row : 0), (4000, half)];
            var kept = stored.Where(value => value.Value != 0 || value.Column is 7 or 4000).ToArray();
            statistics.Add([.. kept.Select(value => value.Column)], [.. kept.Select(value => value.Value)]);
            dense.Add([row, often, row % 64 == 0 ? -row : 0, half]);
        }

        var sample = statistics.TableSample!;
        Assert.Equal(rows > 100 ? [7, 9, 30, 4000] : [7, 9, 4000], sample.Columns);
        Assert.Equal(rows > 100 ? [7, 9, 30] : [7, 9], ColumnBins.WithSeveralValues(statistics));
        Assert.All(sample.Columns, column => Assert.Equal(dense.DistinctValues(column), sample.DistinctValues(column)));
        Assert.Null(sample.BulkBelow(1e9, 11));
        Assert.Equal((true, false, 0), (sample.Has(9), sample.Has(12), sample.DistinctValues(11).Length));

        // A column that a row does not store, and that has no several values, is no longer there.
        statistics.Add([7], [1]);
        Assert.DoesNotContain(4000, statistics.TableSample!.Columns);
    }

    /// <summary>Rows of so many stored values that room for values, not for rows, is what ends: of any number of them, those that are kept are evenly spread.</summary>
    [Fact]
    public void A_sample_of_long_sparse_rows_is_spread_evenly()
    {
        var (statistics, columns, values) = (new FeatureStatistics(400_000, isSparse: true), Enumerable.Range(0, 300_000).ToArray(), new float[300_000]);
        for (var row = 0; row < 25; row++)
        {
            values[5] = row;
            statistics.Add(columns.AsSpan(..(300_000 - row % 2)), values.AsSpan(..(300_000 - row % 2)));
        }

        Assert.Equal([0, 8, 16, 24], statistics.TableSample!.DistinctValues(5));
    }

    /// <summary>More columns of several values are words: bins of those are no use.</summary>
    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1025, 0)]
    public void Many_columns_of_several_values_are_no_numbers(int columns, int numbers)
    {
        var statistics = new FeatureStatistics(3000, isSparse: true);
        for (var row = 0; row < 4; row++)
            statistics.Add(row == 0 ? [] : [.. Enumerable.Range(0, columns)], row == 0 ? [] : [.. Enumerable.Repeat((float)row, columns)]);
        Assert.Equal(numbers, ColumnBins.WithSeveralValues(statistics).Length);
    }

    [Fact]
    public void Bins_of_all_members_are_those_of_standardized_values()
    {
        float[] features = [.. Enumerable.Range(0, 101).SelectMany(row => new float[] { row, row % 2 })];
        var data = Dataset.FromTargets(2, 1, features, new float[101]);
        var network = Network.Create(2, [new StandardizationLayer(), new EnsembleLayer(2, [new NumericEmbeddingLayer(3, 4, [0]), new DenseLayer(1)])], seed: 1);
        InputStatistics.Standardize(network, RowSubset.All(data));
        InputStatistics.SetBins(network, RowSubset.All(data));
        var standardized = Network.Create(2, [new StandardizationLayer()], seed: 1);
        InputStatistics.Standardize(standardized, RowSubset.All(data));
        float[] expected = [.. ((float[])[0, 25, 50, 75, 100]).Select(value => standardized.Predict([value, 0])[0])];
        Assert.All(network.Members.ToArray(), member => Assert.Equal(expected, member.Layers[1].Parameters[0].ToArray()));
    }

    [Fact]
    public void A_step_that_a_dense_layer_smooths_is_learned()
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 400).Select(_ => (float)random.NextDouble())];
        float[] targets = [.. features.Select(x => (int)(x * 10) % 2 == 0 ? 1f : 0)];
        var data = Dataset.FromTargets(1, 1, features, targets);
        double Error(params Layer[] layers)
        {
            var network = Network.Create(1, layers, seed: 1);
            var trainer = new NetworkTrainer(network, new TrainingOptions { Seed = 2, NumberOfEpochs = 40, LearningRate = 0.01f, Optimizer = new Adam() });
            trainer.Standardize(data);
            trainer.Train(data);
            return network.Predict(features).Zip(targets, (y, target) => (double)(y - target) * (y - target)).Average();
        }

        Assert.InRange(Error(new StandardizationLayer(), new NumericEmbeddingLayer(4, 32), new DenseLayer(16, Activation.SiLU), new DenseLayer(1)), 0, 0.05);
        Assert.InRange(Error(new StandardizationLayer(), new DenseLayer(16, Activation.SiLU), new DenseLayer(1)), 0.2, 0.3);
    }

    /// <summary>Two columns of forty tell the target, the others are chance.</summary>
    [Fact]
    public void Scales_turn_down_what_tells_nothing()
    {
        const int Inputs = 40;
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 600 * Inputs).Select(_ => 2 * random.NextSingle() - 1)];
        float[] targets = [.. Enumerable.Range(0, 600).Select(row => MathF.Sin(3 * features[row * Inputs]) + features[row * Inputs + 1])];
        var learned = 400 * Inputs;
        var (network, error) = Train(6);
        Assert.InRange(error, 0, 0.6 * Train(0).Error);
        float[] factors = [.. network.Parameters.Single(parameter => parameter.Name == "scales").ToArray().Select(scale => Math.Abs(1 + 6 * scale))];
        Assert.InRange(factors[2..].Average(), 0, 0.5 * Math.Min(factors[0], factors[1]));

        (Network Network, double Error) Train(float scaleRate)
        {
            var network = Network.Create(Inputs, [new NumericEmbeddingLayer(2, 16, scaleRate: scaleRate), new DenseLayer(16, Activation.SiLU), new DenseLayer(1)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions { Seed = 2, NumberOfEpochs = 30, LearningRate = 0.005f, Optimizer = new AdamW(), WeightDecay = 0.1f }).Train(Dataset.FromTargets(Inputs, 1, features.AsMemory(0, learned), targets.AsMemory(0, 400)));
            return (network, network.Predict(features.AsSpan(learned)).Zip(targets.Skip(400), (y, target) => (double)(y - target) * (y - target)).Average());
        }
    }

    [Fact]
    public void Options_are_told_and_limited()
    {
        var layer = new NumericEmbeddingLayer(4, 16, [1, 3]);
        Assert.Equal((4, 16, 0, "Numeric embedding 4, 16 bins, 2 columns"), (layer.Units, layer.Bins, layer.ScaleRate, layer.ToString()));
        Assert.Equal("Numeric embedding 2, 8 bins, scales 1.5", new NumericEmbeddingLayer(2, 8, scaleRate: 1.5f).ToString());
        Assert.Equal([1, 3], layer.Columns!);
        Assert.Null(new NumericEmbeddingLayer(1).Columns);
        foreach (var units in (int[])[0, -1, 33])
            Assert.Throws<ArgumentOutOfRangeException>("units", () => new NumericEmbeddingLayer(units));
        foreach (var bins in (int[])[0, -1, 1025])
            Assert.Throws<ArgumentOutOfRangeException>("bins", () => new NumericEmbeddingLayer(1, bins));
        foreach (var scaleRate in (float[])[-0.1f, 100.1f, float.NaN, float.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>("scaleRate", () => new NumericEmbeddingLayer(1, scaleRate: scaleRate));
        foreach (var columns in (int[][])[[], [-1], [1, 1], [2, 1]])
            Assert.Throws<ArgumentException>("columns", () => new NumericEmbeddingLayer(1, 2, columns));
        Assert.Contains("needs at least 4 inputs", Assert.Throws<ArgumentException>(() => Network.Create(3, [layer], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs a plain row of numbers", Assert.Throws<ArgumentException>(() => Network.Create(new Shape(3, 2), [layer], seed: 1)).Message, StringComparison.Ordinal);
    }
}
