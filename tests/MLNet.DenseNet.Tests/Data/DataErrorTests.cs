using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>Data that cannot be trained on is refused in words; rows that cannot be used are skipped and reported.</summary>
public class DataErrorTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Features_of_variable_size_are_refused()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new { Features = new float[] { 1, 2 }, Label = 1f } });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.DenseNeuralNet().Fit(data));
        Assert.Contains("feature column 'Features': expected Vector<Single>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void No_rows(string task)
    {
        var data = _mlContext.Data.FilterRowsByColumn(_mlContext.Data.LoadFromEnumerable(Sample.Rows(10)), nameof(Sample.Weight), lowerBound: 2);
        var error = Assert.ThrowsAny<Exception>(() => Tasks.Pipeline(_mlContext, task).Fit(data));
        // ML.NET makes a key of one value from no rows, which is known before they are read.
        Assert.Contains(task == Tasks.Multiclass ? "'Label' is a key of 1 value;" : "no rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_usable_rows()
    {
        var rows = Sample.Rows(5);
        rows[0].Features[2] = float.NaN;
        rows[1].Features[0] = float.PositiveInfinity;
        rows[2].Number = float.NaN;
        rows[3].Weight = 0;
        rows[4].Weight = float.NaN;
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var error = Assert.Throws<InvalidOperationException>(
            () => Tasks.Pipeline(_mlContext, Tasks.Regression, o => (o.ExampleWeightColumnName, o.MissingFeatures) = (nameof(Sample.Weight), MissingFeatures.Skip)).Fit(data));
        Assert.Contains("None of the 5 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 with a missing or infinite feature in 'Features' (the first is in slot 2; ReplaceMissingValues fills missing ones in)", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 with a missing or infinite label in 'Number'", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 with a weight in 'Weight'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As where all columns of a table were made features.</summary>
    [Theory]
    [InlineData(nameof(Sample.Number))]
    [InlineData(nameof(Sample.Weight))]
    public void A_label_among_the_features_is_warned_of(string column)
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) => warnings.AddRange(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [e.RawMessage] : []);
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), FeatureColumnName = "All", NumberOfEpochs = 1 };
        _mlContext.Transforms.Concatenate("All", nameof(Sample.Features), column).Append(_mlContext.Regression.Trainers.DenseNeuralNet(options)).Fit(data);
        Assert.Equal(
            column == nameof(Sample.Number) ? ["The feature 'Number' in slot 4 of the column 'All' tells the label 'Number' of every row by itself: it may be the label, or made of it. Leave it out, unless it is known of rows whose label is not."] : [],
            warnings);
    }

    [Theory]
    [InlineData(Tasks.Regression)]
    [InlineData(Tasks.MultiOutput)]
    public void Rows_that_cannot_be_used_are_skipped_and_reported_once(string task)
    {
        var rows = Sample.Rows(30);
        var bad = Sample.Rows(3, seed: 9);
        bad[0].Features[0] = float.NaN;
        (bad[1].Number, bad[1].Numbers) = (float.NegativeInfinity, [1, float.NaN]);
        bad[2].Weight = -1;
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };

        var expected = Bits(rows);
        Assert.Empty(warnings);
        Assert.Equal(expected, Bits([bad[0], .. rows[..10], bad[1], .. rows[10..], bad[2]]));
        Assert.Contains("Skipped 3 of 33 rows", Assert.Single(warnings), StringComparison.Ordinal);

        List<string> Bits(List<Sample> training)
        {
            var model = Tasks.Pipeline(_mlContext, task, o => (o.ExampleWeightColumnName, o.MissingFeatures) = (nameof(Sample.Weight), MissingFeatures.Skip))
                .Fit(_mlContext.Data.LoadFromEnumerable(training));
            return Tasks.ScoreBits(model.Transform(_mlContext.Data.LoadFromEnumerable(rows)));
        }
    }

    [Fact]
    public void A_missing_feature_is_named_and_ReplaceMissingValues_helps()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new { Height = 1f + i, Age = float.NaN, Label = 2f * i }));
        var columns = _mlContext.Transforms.Concatenate("Features", "Height", "Age");
        var net = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 1, MissingFeatures = MissingFeatures.Skip });
        var error = Assert.Throws<InvalidOperationException>(() => columns.Append(net).Fit(data));
        Assert.Contains("None of the 20 rows of the training data can be used: 20 with a missing or infinite feature in 'Features' (the first is 'Age' in slot 1;", error.Message, StringComparison.Ordinal);
        Assert.Contains("ReplaceMissingValues", error.Message, StringComparison.Ordinal);
        columns.Append(_mlContext.Transforms.ReplaceMissingValues("Features")).Append(net).Fit(data);
    }

    [Fact]
    public void An_infinite_feature_of_a_sparse_vector_is_found()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new { Text = "a", Number = float.PositiveInfinity, Label = 1f * i }));
        var data = _mlContext.Transforms.Categorical.OneHotEncoding("Text").Append(_mlContext.Transforms.Categorical.OneHotHashEncoding("Hashed", "Text", numberOfBits: 10))
            .Append(_mlContext.Transforms.Concatenate("Features", "Hashed", "Number")).Fit(rows).Transform(rows);
        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.Transforms.DenseNeuralNet(hiddenLayers: [4]).Fit(data));
        Assert.Contains("an infinite feature in 'Features' (the first is 'Number' in slot 1024)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_labels_say_what_to_look_at()
    {
        var rows = Sample.Rows(3);
        rows.ForEach(row => row.Number = float.NaN);
        var error = Assert.Throws<InvalidOperationException>(() => Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(_mlContext.Data.LoadFromEnumerable(rows)));
        Assert.Contains("3 with a missing or infinite label in 'Number' (text that is no number is read as missing", error.Message, StringComparison.Ordinal);

        var known = _mlContext.Data.LoadFromEnumerable(new[] { new { Category = "nowhere" }, new { Category = "elsewhere" } });
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category), keyData: known);
        error = Assert.Throws<InvalidOperationException>(() => keys.Append(_mlContext.Transforms.DenseNeuralNet()).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(5))));
        Assert.Contains("5 with a missing or infinite label in 'Label' (values that the key lacks; MapValueToKey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_keys_are_skipped()
    {
        var rows = Sample.Rows(30);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var known = _mlContext.Data.LoadFromEnumerable(new[] { new { Category = "high" }, new { Category = "low" } });
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category), keyData: known);
        var pipeline = keys.Append(_mlContext.Transforms.DenseNeuralNet(hiddenLayers: [4], numberOfEpochs: 1));
        var warnings = new List<string>();
        _mlContext.Log += (_, e) => warnings.Add(e.RawMessage);
        pipeline.Fit(data);
        Assert.Contains(warnings, w => w.Contains($"{rows.Count(r => r.Category == "middle")} with a missing or infinite label in 'Label'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_class()
    {
        var rows = Sample.Rows(200);
        var oneFlag = _mlContext.Data.LoadFromEnumerable(rows.Where(r => r.Flag));
        var binary = Assert.Throws<InvalidOperationException>(() => Tasks.Pipeline(_mlContext, Tasks.Binary).Fit(oneFlag));
        Assert.Contains("same class in the label column 'Flag'", binary.Message, StringComparison.Ordinal);

        var oneCategory = _mlContext.Data.LoadFromEnumerable(rows.Where(r => r.Category == "low"));
        var multiclass = Assert.ThrowsAny<ArgumentException>(() => Tasks.Pipeline(_mlContext, Tasks.Multiclass).Fit(oneCategory));
        Assert.Contains("label column 'Label' is a key of 1 value;", multiclass.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Divergence_is_an_error_and_not_a_model()
    {
        var rows = Sample.Rows(50);
        rows.ForEach(r => r.Features[0] *= 1e6f);
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.Regression, o => (o.Optimizer, o.LearningRate, o.NormalizeFeatures) = (new StochasticGradientDescent(), 1f, FeatureNormalization.Off));
        var error = Assert.Throws<TrainingDivergedException>(() => pipeline.Fit(_mlContext.Data.LoadFromEnumerable(rows)));
        Assert.Equal(1, error.Epoch);
        Assert.Contains("let a pipeline's option NormalizeFeatures be On", error.Message, StringComparison.Ordinal);
    }
}
