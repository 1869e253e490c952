using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Features and outputs that have names are not taken for others.</summary>
public class SlotNamesTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly IDataView _data;

    public SlotNamesTests()
    {
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                _warnings.Add(e.Message);
        };
        _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60).Select(row => new Named { a = row.Features[0], b = row.Features[1], c = row.Features[2], Number = row.Number }));
    }

    [Fact]
    public void Features_in_another_order_are_refused_in_a_validation_set_and_after_a_model()
    {
        var trainer = Trainer();
        var model = trainer.Fit(With("Features", Names)).Model;
        foreach (var fit in (Action<IDataView>[])[data => trainer.Fit(With("Features", Names), data), data => trainer.Fit(data, model)])
        {
            fit(With("Features", Names));
            var error = Assert.ThrowsAny<ArgumentException>(() => fit(With("Features", ["b", "a", "c"])));
            Assert.Contains("[b, a, c]", error.Message, StringComparison.Ordinal);
            Assert.Contains("[a, b, c]", error.Message, StringComparison.Ordinal);
            Assert.Contains("'Features'", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Features_in_another_order_are_refused_in_predictions(bool hidden)
    {
        ITransformer model = Trainer().Fit(With("Features", Names));
        if (hidden)
            model = _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(With("Features", Names));
        foreach (var used in (ITransformer[])[model, SavedModel.Reload(model, With("Features", Names).Schema)])
        {
            Assert.NotEmpty(Values(used, With("Features", Names)));
            var error = Assert.ThrowsAny<ArgumentException>(() => Values(used, With("Features", ["a", "c", "b"])));
            Assert.Contains("The slots of the feature column 'Features' are [a, c, b], and were [a, b, c] when the model was trained: 'c' is slot 1 now and was slot 2 then.", error.Message, StringComparison.Ordinal);
        }

        object[] Values(ITransformer used, IDataView data) => hidden ? [.. used.Transform(data).GetColumn<float[]>("HiddenFeatures")] : [.. used.Transform(data).GetColumn<float>("Score").Cast<object>()];
    }

    [Fact]
    public void Features_of_other_names_may_be_the_same_renamed_and_are_warned_of()
    {
        var trainer = Trainer();
        var model = (DenseNeuralNetRegressionModelParameters)SavedModel.Reload(trainer.Fit(With("Features", Names)), _data.Schema).GetDenseNeuralNet();
        var renamed = _mlContext.Transforms.CopyColumns("age", "a").Append(_mlContext.Transforms.Concatenate("Features", "age", "b", "c")).Fit(_data).Transform(_data);
        trainer.Fit(renamed, model);
        Assert.Contains("[age, b, c]", Assert.Single(_warnings), StringComparison.Ordinal);

        // Rows without names are taken as they come.
        _warnings.Clear();
        trainer.Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(60).Select(row => new Unnamed { Features = row.Features[..3], Number = row.Number })), model);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Outputs_in_another_order_are_refused_too()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions { LabelColumnName = "Numbers", FeatureColumnName = "Features", HiddenLayers = [4], NumberOfEpochs = 1 });
        var data = With("Features", Names);
        var model = trainer.Fit(With("Numbers", ["a", "b"], data)).Model;
        Assert.Contains("[b, a]", Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(With("Numbers", ["b", "a"], data), model)).Message, StringComparison.Ordinal);
        Assert.Contains("[b, a]", Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(With("Numbers", ["a", "b"], data), With("Numbers", ["b", "a"], data))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_several_numbers_have_the_names_of_their_label()
    {
        var data = With("Numbers", Names, With("Features", Names));
        var model = MultiOutput().Fit(data);
        var scored = model.Transform(data);
        Assert.Equal(Names, NamesOf(scored));
        var loaded = SavedModel.Reload(model, data.Schema).Transform(data);
        Assert.Equal(Names, NamesOf(loaded));
        Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(loaded));

        // As a version saved it that did not keep what columns stand for.
        var old = LoadedWithoutMeanings(model, data.Schema).Transform(data);
        Assert.False(old.Schema["Score"].HasSlotNames());
        Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(old));
    }

    [Fact]
    public void Scores_of_a_label_without_names_have_none()
    {
        var unnamed = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        Assert.False(MultiOutput().Fit(unnamed).Transform(unnamed).Schema["Score"].HasSlotNames());
    }

    private DenseNeuralNetMultiOutputRegressionTrainer MultiOutput() =>
        _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions { LabelColumnName = "Numbers", HiddenLayers = [4], NumberOfEpochs = 1, Seed = 1 });

    private static string[] NamesOf(IDataView scored)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private ITransformer LoadedWithoutMeanings(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, schema, stream);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            zip.Entries.Single(entry => entry.Name == "ColumnMeanings").Delete();
        stream.Position = 0;
        return _mlContext.Model.Load(stream, out _);
    }

    private DenseNeuralNetRegressionTrainer Trainer() =>
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [4], NumberOfEpochs = 1 });

    private IDataView With(string column, string[] names, IDataView? data = null)
    {
        data ??= _data;
        return _mlContext.Transforms.Concatenate(column, names).Fit(data).Transform(data);
    }

    private sealed class Named
    {
#pragma warning disable SA1300, IDE1006 // Names of slots.
        public float a { get; set; }

        public float b { get; set; }

        public float c { get; set; }
#pragma warning restore SA1300, IDE1006

        public float Number { get; set; }
    }

    private sealed class Unnamed
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }
    }
}
