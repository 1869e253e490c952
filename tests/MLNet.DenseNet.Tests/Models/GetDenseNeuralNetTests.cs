using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>The network of a pipeline is found wherever it stands.</summary>
public class GetDenseNeuralNetTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void It_is_found_in_fitted_and_loaded_pipelines_of_every_task(string task)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var chain = Tasks.Pipeline(_mlContext, task).Append(_mlContext.Transforms.CopyColumns("Copy", "Score")).Fit(data);
        var model = chain.GetDenseNeuralNet();
        Assert.Equal(5, model.History!.Count);

        using var stream = new MemoryStream();
        _mlContext.Model.Save(chain, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _).GetDenseNeuralNet();
        Assert.Equal(model.Summary().ToString(), loaded.Summary().ToString());
        Assert.Equal(model.History[^1].Loss, loaded.History![^1].Loss);
    }

    [Fact]
    public void It_is_found_alone_and_in_chains_of_chains()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var alone = Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(data);
        Assert.Same(alone.GetDenseNeuralNet(), alone.Append(_mlContext.Transforms.CopyColumns("Copy", "Score").Fit(alone.Transform(data))).GetDenseNeuralNet());
    }

    [Fact]
    public void None_and_several_are_refused()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var none = _mlContext.Transforms.CopyColumns("Copy", nameof(Sample.Number)).Append(_mlContext.Transforms.DropColumns("Copy")).Fit(data);
        var error = Assert.Throws<ArgumentException>("transformer", () => none.GetDenseNeuralNet());
        Assert.StartsWith("There is no dense neural network in [ColumnCopyingTransformer, ColumnSelectingTransformer].", error.Message, StringComparison.Ordinal);

        var several = Tasks.Pipeline(_mlContext, Tasks.Regression).Append(Tasks.Pipeline(_mlContext, Tasks.Binary)).Fit(data);
        Assert.StartsWith("There are 2 dense neural networks", Assert.Throws<ArgumentException>("transformer", () => several.GetDenseNeuralNet()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("transformer", () => default(ITransformer)!.GetDenseNeuralNet());
    }
}
