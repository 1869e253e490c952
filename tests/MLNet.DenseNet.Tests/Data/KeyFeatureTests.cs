using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>Keys as features give what ML.NET's own one-hot encoding before the trainer gives, to the bit.</summary>
public class KeyFeatureTests
{
    private const string Color = KeyRows.Color;
    private const string Colors = KeyRows.Colors;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, DataCaching, int> Ways
    {
        get
        {
            var ways = new TheoryData<string, DataCaching, int>();
            foreach (var task in Tasks.All.Select(row => row.Data))
            {
                ways.Add(task, DataCaching.Memory, 3);
                // More than are always dense.
                ways.Add(task, DataCaching.Stream, 300);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void One_key_is_as_its_one_hot_vector(string task, DataCaching caching, int colors)
    {
        var (train, test) = (KeyRows.View(_mlContext, 400, colors, seed: 1), KeyRows.View(_mlContext, 50, colors, seed: 2));
        var expected = Trainer(task, KeyRows.OneHot, caching).Fit(train);
        var actual = Trainer(task, Color, caching).Fit(train);
        Assert.Equal(Tasks.ScoreBits(expected.Transform(test)), Tasks.ScoreBits(actual.Transform(test)));
        Assert.Equal(Tasks.ScoreBits(expected.Transform(test)), Tasks.ScoreBits(SavedModel.Reload(actual, train.Schema).Transform(test)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_vector_of_keys_is_as_its_one_hot_vectors_one_after_the_other(string task, DataCaching caching, int colors)
    {
        var (train, test) = (KeyRows.View(_mlContext, 400, colors, seed: 1), KeyRows.View(_mlContext, 50, colors, seed: 2));
        var expected = Trainer(task, nameof(KeyRows.OneHots), caching).Fit(train);
        var actual = Trainer(task, Colors, caching).Fit(train);
        Assert.Equal(Tasks.ScoreBits(expected.Transform(test)), Tasks.ScoreBits(actual.Transform(test)));
        Assert.Equal(Tasks.ScoreBits(expected.Transform(test)), Tasks.ScoreBits(SavedModel.Reload(actual, train.Schema).Transform(test)));
    }

    [Theory]
    [InlineData(typeof(byte))]
    [InlineData(typeof(ushort))]
    [InlineData(typeof(uint))]
    [InlineData(typeof(ulong))]
    public void Keys_are_of_any_type(Type type)
    {
        var key = new KeyDataViewType(type, 3);
        var data = new MadeDataView(60).Add("Vectors", new VectorDataViewType(NumberDataViewType.Single, 3), row => row % 4 == 0 ? new(3, 0, [], []) : new VBuffer<float>(3, 1, [1], [(int)(row % 4) - 1]))
            .Add("Label", NumberDataViewType.Single, row => (float)(row % 4));
        _ = Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => data.Add("Keys", key, row => (byte)(row % 4)),
            TypeCode.UInt16 => data.Add("Keys", key, row => (ushort)(row % 4)),
            TypeCode.UInt32 => data.Add("Keys", key, row => (uint)(row % 4)),
            _ => data.Add("Keys", key, row => (ulong)(row % 4)),
        };
        var (vectors, keys) = (Regression("Vectors").Fit(data), Regression("Keys").Fit(data));
        Assert.Equal(Tasks.ScoreBits(vectors.Transform(data)), Tasks.ScoreBits(keys.Transform(data)));
        Assert.Equal(4, Tasks.ScoreBits(keys.Transform(data)).Distinct().Count());
    }

    [Fact]
    public void Values_come_from_a_pipeline_and_the_model_predicts_row_by_row()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Features", nameof(Sample.Category)).Append(Regression("Features", nameof(Sample.Number))).Fit(rows);
        var scores = model.Transform(rows).GetColumn<float>("Score").ToArray();
        Assert.Equal(3, scores.Distinct().Count());
        var engine = _mlContext.Model.CreatePredictionEngine<Sample, Prediction>(SavedModel.Reload(model, rows.Schema));
        Assert.Equal(scores, Sample.Rows(300).Select(row => engine.Predict(row).Score));
        // A value that was not there is a missing key.
        Assert.DoesNotContain(engine.Predict(new Sample { Category = "other" }).Score, scores);
    }

    [Fact]
    public void Cross_validation_takes_them()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Features", nameof(Sample.Category))
            .Append(_mlContext.Transforms.CopyColumns("Label", nameof(Sample.Number))).Append(Regression("Features"));
        var folds = _mlContext.Regression.CrossValidate(rows, pipeline, 3);
        Assert.All(folds, fold => Assert.Equal(3, fold.Model.Transform(rows).GetColumn<float>("Score").Distinct().Count()));
    }

    [Fact]
    public void Features_are_named_after_column_or_slot_and_value()
    {
        var one = KeyRows.View(_mlContext, 50, 3, seed: 1);
        var model = Trainer(Tasks.Regression, Color).Fit(one);
        var text = new StringWriter();
        ((RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters>)model).Model.SaveAsText(text, one.Schema[Color]);
        Assert.All((string[])["Color.v0", "Color.v1", "Color.v2"], name => Assert.Contains(name, text.ToString(), StringComparison.Ordinal));

        var several = Trainer(Tasks.Regression, Colors).Fit(one);
        text = new StringWriter();
        ((RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters>)several).Model.SaveAsText(text, one.Schema[Colors]);
        Assert.All((string[])["Colors[0].v0", "Colors[1].v2"], name => Assert.Contains(name, text.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Contributions_are_those_of_the_vector_in_the_place_of_the_key()
    {
        var rows = KeyRows.View(_mlContext, 200, 3, seed: 1);
        var keys = Trainer(Tasks.Regression, Color).Fit(rows);
        var vectors = Trainer(Tasks.Regression, KeyRows.OneHot).Fit(rows);
        var explained = _mlContext.Transforms.Conversion.MapKeyToVector(Color).Append(_mlContext.Transforms.CalculateDenseNeuralNetContribution(keys, normalize: false)).Fit(rows).Transform(rows);
        var expected = _mlContext.Transforms.CalculateDenseNeuralNetContribution(vectors, normalize: false).Fit(rows).Transform(rows);
        Assert.Equal(expected.GetColumn<float[]>("FeatureContributions"), explained.GetColumn<float[]>("FeatureContributions"));
        Assert.Contains(explained.GetColumn<float[]>("FeatureContributions"), row => row.Any(value => value != 0));
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        explained.Schema["FeatureContributions"].GetSlotNames(ref names);
        Assert.Equal(["v0", "v1", "v2"], names.DenseValues().Select(name => name.ToString()));
    }

    /// <summary>What ML.NET's own steps say to keys that no step before made vectors of, as the guide tells it.</summary>
    [Fact]
    public void Steps_of_MLNet_that_take_vectors_only_say_so()
    {
        var rows = KeyRows.View(_mlContext, 100, 3, seed: 1);
        var binary = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(KeyRows.Flag), FeatureColumnName = Color, NumberOfEpochs = 1, Seed = 1 });
        Assert.StartsWith("Incompatible features column type", Message(() => _mlContext.MulticlassClassification.Trainers.OneVersusAll(binary).Fit(rows)), StringComparison.Ordinal);
        Assert.StartsWith("Incompatible features column type", Message(() => _mlContext.MulticlassClassification.Trainers.PairwiseCoupling(binary).Fit(rows)), StringComparison.Ordinal);

        var model = (RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters>)Trainer(Tasks.Regression, Color).Fit(rows);
        const string Mismatch = "Schema mismatch for feature column 'Color': expected vector of Single, got Key<UInt32, 0-2>";
        Assert.StartsWith(Mismatch, Message(() => _mlContext.Transforms.CalculateFeatureContribution(model).Fit(rows)), StringComparison.Ordinal);
        Assert.StartsWith(Mismatch, Message(() => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model).Fit(rows)), StringComparison.Ordinal);
        Assert.Empty(_mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), nameof(KeyRows.Number)));

        static string Message(Func<object> fit) => Assert.ThrowsAny<Exception>(fit).GetBaseException().Message;
    }

    [Fact]
    public void An_embedding_looks_keys_up_as_numbers()
    {
        var rows = KeyRows.View(_mlContext, 200, 5, seed: 1);
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(KeyRows.Number), Layers = [new EmbeddingLayer(6, 3), new GlobalMaxPoolingLayer(), new DenseLayer(8)], NumberOfEpochs = 3, Seed = 1 };
        var expected = _mlContext.Regression.Trainers.DenseNeuralNet(With(options, nameof(KeyRows.KeyNumbers))).Fit(rows);
        var actual = _mlContext.Regression.Trainers.DenseNeuralNet(With(options, Colors)).Fit(rows);
        Assert.Equal(Tasks.ScoreBits(expected.Transform(rows)), Tasks.ScoreBits(actual.Transform(rows)));
        Assert.Equal(Tasks.ScoreBits(expected.Transform(rows)), Tasks.ScoreBits(SavedModel.Reload(actual, rows.Schema).Transform(rows)));

        options.Layers = [new EmbeddingLayer(5, 3), new GlobalMaxPoolingLayer(), new DenseLayer(8)];
        Assert.Contains("has the feature 5 (in slot", Assert.ThrowsAny<Exception>(() => _mlContext.Regression.Trainers.DenseNeuralNet(With(options, Colors)).Fit(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_features_come_of_them()
    {
        var rows = KeyRows.View(_mlContext, 100, 3, seed: 1);
        var (keys, vectors) = (Trainer(Tasks.Regression, Color).Fit(rows), Trainer(Tasks.Regression, KeyRows.OneHot).Fit(rows));
        var expected = Hidden(vectors);
        Assert.Equal(expected, Hidden(keys));
        Assert.Equal(4, expected.Select(row => string.Join(' ', row)).Distinct().Count());

        float[][] Hidden(ITransformer model) => [.. _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden").Fit(rows).Transform(rows).GetColumn<float[]>("Hidden")];
    }

    [Fact]
    public void Training_goes_on_from_a_model_of_them()
    {
        var rows = KeyRows.View(_mlContext, 100, 3, seed: 1);
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(Options(Tasks.Regression, Color));
        var ofVectors = _mlContext.Regression.Trainers.DenseNeuralNet(Options(Tasks.Regression, KeyRows.OneHot));
        Assert.Equal(
            Tasks.ScoreBits(ofVectors.Fit(rows, ofVectors.Fit(rows).Model).Transform(rows)), Tasks.ScoreBits(trainer.Fit(rows, trainer.Fit(rows).Model).Transform(rows)));
    }

    [Theory]
    [InlineData(Color, "expected a key of 3 values, as the model was trained, got Key<UInt32, 0-3>")]
    [InlineData(Colors, "expected a vector of 2 keys of 3 values, as the model was trained, got Vector<Key<UInt32, 0-3>, 2>")]
    public void Other_keys_are_refused(string features, string ofModel)
    {
        var (three, four) = (KeyRows.View(_mlContext, 100, 3, seed: 1), KeyRows.View(_mlContext, 100, 4, seed: 1));
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(Options(Tasks.Regression, features));
        var model = trainer.Fit(three);
        Says(ofModel, () => model.Transform(four));
        Says(ofModel, () => SavedModel.Reload(model, three.Schema).Transform(four));
        Says($"feature column '{features}': {ofModel}", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden").Fit(three).Transform(four));
        Says($"feature column '{features}': {ofModel.Replace("as the model was trained", "as in the training data", StringComparison.Ordinal)}", () => trainer.Fit(three, four));
        var numbers = _mlContext.Transforms.CopyColumns(features, KeyRows.OneHot).Fit(three).Transform(three);
        Says("as the model was trained, got Vector<Single, 3>", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden").Fit(three).Transform(numbers));
    }

    [Fact]
    public void A_model_of_vectors_takes_no_keys()
    {
        var rows = KeyRows.View(_mlContext, 100, 3, seed: 1);
        var model = Trainer(Tasks.Regression, KeyRows.OneHot).Fit(rows);
        var keys = _mlContext.Transforms.CopyColumns(KeyRows.OneHot, Color).Fit(rows).Transform(rows);
        Says("expected a vector of 3 values of Single, got Key<UInt32, 0-2>", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden").Fit(rows).Transform(keys));
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_key_that_its_type_lacks_is_told_with_its_row_and_column(DataCaching caching)
    {
        var (right, wrong) = (Keys(2), Keys(7));
        var options = new DenseNeuralNetOptions { NumberOfEpochs = 1, DataCaching = caching, Seed = 1 };
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(options);
        const string Expected = "Row 41 has the key 7 'second' in slot 1 of the column 'Features', whose type, Vector<Key<UInt32, 0-2>, 2>, has 3";
        Says("training data failed after 40 rows: " + Expected, () => trainer.Fit(wrong));
        Says("validation data failed after 40 rows: " + Expected, () => trainer.Fit(right, wrong));
        Says(Expected, () => Tasks.ScoreBits(trainer.Fit(right).Transform(wrong)));
        var tooMany = new MadeDataView(60).Add("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 2), row => new VBuffer<uint>(row == 40 ? 3 : 2, [1, 2, 3])).Add("Label", NumberDataViewType.Single, row => (float)row);
        Says("Row 41 has a vector of 3 values in the column 'Features'", () => trainer.Fit(tooMany));
    }

    [Fact]
    public void More_keys_than_there_can_be_features_are_refused()
    {
        var data = new MadeDataView(5).Add("Label", NumberDataViewType.Single, row => (float)row).Add("Features", new KeyDataViewType(typeof(ulong), ulong.MaxValue), row => (ulong)row);
        Says("The feature column 'Features' has the type Key<UInt64, 0-18446744073709551614>, whose keys would be more than 2,147,483,591 features. A key has as many values as its type says", () => Regression("Features").Fit(data));
    }

    private static MadeDataView Keys(uint second)
    {
        var names = new DataViewSchema.Annotations.Builder();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = (ref VBuffer<ReadOnlyMemory<char>> slots) => slots = new(2, ["first".AsMemory(), "second".AsMemory()]);
        names.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), get);
        return new MadeDataView(60).Add("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 2), row => new VBuffer<uint>(2, [1, row == 40 ? second : 0]), names.ToAnnotations())
            .Add("Label", NumberDataViewType.Single, row => (float)row);
    }

    private static void Says(string expected, Action action) => Assert.Contains(expected, Assert.ThrowsAny<Exception>(action).ToString(), StringComparison.Ordinal);

    private static DenseNeuralNetOptions Options(string task, string features, DataCaching caching = DataCaching.Memory) => new()
    {
        LabelColumnName = Tasks.LabelOf(task),
        FeatureColumnName = features,
        HiddenLayers = [8],
        NumberOfEpochs = 3,
        DataCaching = caching,
        Seed = 1,
    };

    private static DenseNeuralNetOptions With(DenseNeuralNetOptions options, string features)
    {
        options.FeatureColumnName = features;
        return options;
    }

    private DenseNeuralNetEstimator Trainer(string task, string features, DataCaching caching = DataCaching.Memory) => _mlContext.Transforms.DenseNeuralNet(Options(task, features, caching));

    private DenseNeuralNetRegressionTrainer Regression(string features, string label = "Label") =>
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = label, FeatureColumnName = features, HiddenLayers = [8], NumberOfEpochs = 3, Seed = 1 });

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
