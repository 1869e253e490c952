using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Rows that look the same, of one class with weight 3 and of the other with weight 1: the first has 3 / (3 + 1), however the rows come and whatever is trained.</summary>
public class WeightMeaningTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(DataCaching.Memory, 1, 1)]
    [InlineData(DataCaching.Memory, 32, 1)]
    [InlineData(DataCaching.Stream, 1, 1)]
    [InlineData(DataCaching.Stream, 32, 1)]
    [InlineData(DataCaching.Memory, 1, 3)]
    [InlineData(DataCaching.Memory, 32, 3)]
    public void A_weight_is_as_many_rows(DataCaching caching, int batchSize, int ensembleSize)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 800).Select(row => new Weighted { Label = row % 2 == 1, Weight = row % 2 == 1 ? 3 : 1 }).ToArray());
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            ExampleWeightColumnName = nameof(Weighted.Weight),
            HiddenLayers = [],
            BatchSize = batchSize,
            DataCaching = caching,
            EnsembleSize = ensembleSize,
            LearningRate = 0.01f,
            NumberOfEpochs = 60,
            ValidationFraction = 0.2f,
            WeightDecay = 0,
            Seed = 1,
        }).Fit(data);
        Assert.All(model.Transform(data).GetColumn<float>("Probability"), probability => Assert.Equal(0.75, probability, 0.015));
        // The entropy of 3 / 4: rows that measure count by their weights too.
        Assert.Equal(0.5623, model.Model.History![^1].ValidationLoss!.Value, 0.03);
    }

    private sealed class Weighted
    {
        public bool Label { get; set; }

        public float Weight { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [1];
    }
}
