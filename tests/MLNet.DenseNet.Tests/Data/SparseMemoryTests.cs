using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>What sparse rows take. The memory of all threads is counted, so nothing else may run meanwhile.</summary>
[Collection(nameof(SparseMemoryTests))]
[CollectionDefinition(nameof(SparseMemoryTests), DisableParallelization = true)]
public class SparseMemoryTests
{
    /// <summary>Written out, these rows would take 8 GB.</summary>
    [Fact]
    public void Rows_of_a_million_features_are_never_written_out()
    {
        const int Count = 2000, Width = 1_000_000;
        var mlContext = new MLContext(seed: 1);
        var random = new Random(1);
        int[][] slots = [.. Enumerable.Range(0, Count).Select(i => new[] { i % 2, 10 + random.Next(1000), 2000 + random.Next(900_000) })];
        var data = new MadeDataView(Count)
            .Add("Label", new KeyDataViewType(typeof(uint), 2), row => (uint)(row % 2 + 1))
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, Width), row => new VBuffer<float>(Width, 3, [1, 1, 1], [.. slots[row]]));
        var before = GC.GetTotalAllocatedBytes();
        var model = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 5 }).Fit(data);
        var accuracy = mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy;
        Assert.True(accuracy > 0.99, $"accuracy {accuracy}");
        // The parameters, their copies and what is remembered of them: some hundred megabytes.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1L << 30);
    }
}
