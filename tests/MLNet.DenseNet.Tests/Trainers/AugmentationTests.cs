using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>Rows are varied in a pipeline as the engine varies them: wherever they come from, and only those that are learned from.</summary>
public class AugmentationTests
{
    private const int Rows = 187;

    private static readonly Augmentation Images = new ImageAugmentation(2, 2, shift: 1, rotation: 90, zoom: 0.3f, flipHorizontally: true, brightness: 0.1f, noise: 0.1f);
    private static readonly Augmentation Tables = new TableAugmentation(noise: 0.1f, mixup: 0.3f);

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, bool> TasksAndKinds => new(from task in Tasks.All from images in (bool[])[false, true] select (task.Data, images));

    [Theory]
    [MemberData(nameof(TasksAndKinds))]
    public void Streamed_rows_become_the_variants_of_rows_in_memory(string task, bool images)
    {
        var samples = Sample.Rows(Rows);
        for (var i = 0; i < Rows; i++)
            samples[i].Weight = 1 + i % 3;
        // A row that cannot be used shifts all after it.
        samples[33].Features[1] = float.PositiveInfinity;
        var memory = Fit(DataCaching.Memory, threads: 1, images ? Images : Tables);
        Assert.Equal(memory, Fit(DataCaching.Stream, threads: 1, images ? Images : Tables));
        Assert.Equal(memory, Fit(DataCaching.Stream, threads: 3, images ? Images : Tables));
        Assert.NotEqual(memory, Fit(DataCaching.Stream, threads: 1, null));

        List<string> Fit(DataCaching caching, int threads, Augmentation? augmentation) => ScoreBits(task, samples, options =>
        {
            (options.DataCaching, options.NumberOfThreads, options.Augmentation) = (caching, threads, augmentation);
            // Seven rows are left over by the batches, and 27 by chunks of two batches.
            (options.BatchSize, options.DataLimits, options.Shuffle) = (20, new DataLimits(Chunk: 2 * 20 * 20 + 19), false);
            options.ExampleWeightColumnName = nameof(Sample.Weight);
        });
    }

    [Theory]
    [MemberData(nameof(TasksAndKinds))]
    public void Networks_of_an_ensemble_learn_from_the_same_variants_and_are_measured_on_rows_as_they_are(string task, bool images)
    {
        var augmentation = images ? Images : Tables;
        var (scores, _) = Fit(augmentation, rate: 0.01f);
        Assert.Equal(scores, Fit(augmentation, rate: 0.01f).Scores);
        Assert.NotEqual(scores, Fit(null, rate: 0.01f).Scores);

        // At a rate that changes nothing, rows held out are measured alike with variants and without; those learned from are not.
        var (varied, plain) = (Fit(augmentation, rate: 1e-20f).Epoch, Fit(null, rate: 1e-20f).Epoch);
        Assert.Equal(plain.ValidationLoss, varied.ValidationLoss);
        Assert.NotEqual(plain.Loss, varied.Loss, 1e-4);

        (List<string> Scores, EpochSummary Epoch) Fit(Augmentation? augmentation, float rate)
        {
            EpochSummary? epoch = null;
            var scores = ScoreBits(task, Sample.Rows(300), options =>
            {
                (options.NumberOfEpochs, options.EnsembleSize, options.ValidationFraction) = (1, 3, 0.2f);
                (options.Augmentation, options.LearningRate, options.Optimizer) = (augmentation, rate, new StochasticGradientDescent());
                options.EpochCompleted = e => epoch = e;
            });
            return (scores, epoch!);
        }
    }

    /// <summary>ExtractPixels writes into the type in which order it gives the pixels.</summary>
    [Theory]
    [InlineData(new[] { 3, 6, 5 }, null)]
    [InlineData(new[] { 6, 5, 3 }, null)]
    [InlineData(new[] { 3, 5, 6 }, "be without sizes, or of images of 6 x 5 x 3, width x height x channels, as the input shape of the network, 5 x 6 x 3, says")]
    [InlineData(new[] { 5, 6, 3 }, "be without sizes, or of images of 6 x 5 x 3")]
    [InlineData(new[] { 90 }, null)]
    [InlineData(new[] { 6, 15 }, null)]
    [InlineData(new[] { 18, 5 }, "which the input shape of the network, 18 x 5, does not say")]
    public void Images_of_another_shape_than_the_type_tells_are_refused(int[] dimensions, string? expected)
    {
        var reads = 0;
        var data = new MadeDataView(30) { Moving = _ => reads++ }
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, dimensions), row => new VBuffer<float>(90, [.. Enumerable.Range(0, 90).Select(i => (float)(i * row % 7))]))
            .Add("Label", NumberDataViewType.Single, row => (float)row);
        var trainer = new MLContext(seed: 1).Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [2], NumberOfEpochs = 1, Augmentation = new ImageAugmentation(width: 5, height: 6, channels: 3, shift: 1) });
        var error = Record.Exception(() => trainer.Fit(data));
        Assert.Equal(expected is null, error is null);
        if (expected is null)
            return;
        Assert.Contains(expected, error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, reads);
    }

    /// <summary>Mostly zeros, so that they would stay sparse otherwise.</summary>
    [Fact]
    public void Sparse_vectors_are_varied_as_dense_ones()
    {
        var random = new Random(1);
        var dense = Enumerable.Range(0, 100).Select(_ =>
        {
            var features = new float[300];
            for (var i = 0; i < 10; i++)
                features[random.Next(300)] = random.NextSingle();
            return new Wide { Features = new VBuffer<float>(300, features), Number = features[..20].Sum() };
        }).ToArray();
        var sparse = dense.Select(row => new Wide { Features = Sparse(row.Features), Number = row.Number }).ToArray();
        Assert.Equal(Fit(dense, Tables), Fit(sparse, Tables));
        Assert.NotEqual(Fit(dense, Tables), Fit(dense, null));

        List<string> Fit(Wide[] rows, Augmentation? augmentation)
        {
            var view = _mlContext.Data.LoadFromEnumerable(rows, SchemaDefinitionOf(300));
            var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Wide.Number), HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1, Augmentation = augmentation };
            return Tasks.ScoreBits(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(view).Transform(view));
        }

        static VBuffer<float> Sparse(VBuffer<float> row)
        {
            var stored = row.DenseValues().Select((value, column) => (value, column)).Where(x => x.value != 0).ToArray();
            return new VBuffer<float>(row.Length, stored.Length, [.. stored.Select(x => x.value)], [.. stored.Select(x => x.column)]);
        }

        static SchemaDefinition SchemaDefinitionOf(int columns)
        {
            var schema = SchemaDefinition.Create(typeof(Wide));
            schema[nameof(Wide.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
            return schema;
        }
    }

    [Fact]
    public void Images_of_another_size_than_the_features_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Augmentation", () => ScoreBits(Tasks.Regression, Sample.Rows(30), options => options.Augmentation = new ImageAugmentation(3, 2)));
        Assert.Contains("width * height * channels, here 6, is the number of features, 4", error.Message, StringComparison.Ordinal);
    }

    private List<string> ScoreBits(string task, IEnumerable<Sample> samples, Action<DenseNeuralNetOptions> change)
    {
        var model = Tasks.Pipeline(_mlContext, task, change).Fit(_mlContext.Data.LoadFromEnumerable(samples));
        return Tasks.ScoreBits(model.Transform(_mlContext.Data.LoadFromEnumerable(Sample.Rows(20, seed: 9))));
    }

    private sealed class Wide
    {
        public VBuffer<float> Features { get; set; }

        public float Number { get; set; }
    }
}
