using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.DenseNet.Tests;

/// <summary>A validation set goes through the steps before the trainer that it has not gone through yet.</summary>
public class ValidationSetStepsTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _training;
    private readonly IDataView _validation;

    public ValidationSetStepsTests()
    {
        _training = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1));
        _validation = _mlContext.Data.LoadFromEnumerable(Rows(80, seed: 2));
    }

    /// <summary>Steps that change columns in place, and one after which the trainer could be content with what is not yet normalized.</summary>
    private EstimatorChain<NormalizingTransformer> Steps => new EstimatorChain<ITransformer>()
        .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label"))
        .Append(_mlContext.Transforms.NormalizeMeanVariance("Size"))
        .Append(_mlContext.Transforms.Text.FeaturizeText("Words", "Text"))
        .Append(_mlContext.Transforms.Concatenate("Features", "Size", "Words"))
        .Append(_mlContext.Transforms.NormalizeMinMax("Features"));

    [Fact]
    public void A_set_is_taken_as_it_comes_half_way_or_transformed()
    {
        var steps = Steps.Fit(_training);
        var expected = Losses(Trainer(null).Fit(steps.Transform(_training), steps.Transform(_validation)));

        var views = new List<IDataView> { _validation };
        foreach (var step in steps)
            views.Add(step.Transform(views[^1]));
        Assert.All(views, view => Assert.Equal(expected, Losses(Steps.Append(Trainer(view)).Fit(_training))));
        Assert.All(views, view => Assert.Equal(expected, Losses(Trainer(null).Fit(steps.Transform(_training), view))));
        Assert.All(views, view => Assert.Equal(expected, Losses(Steps.Append(_mlContext.Transforms.DenseNeuralNet(Options(view))).Fit(_training))));
        Assert.Equal(expected, Losses(Steps.AppendCacheCheckpoint(_mlContext).Append(Trainer(_validation)).Fit(_training)));
        Assert.Equal(expected, Losses(Steps.AppendCacheCheckpoint(_mlContext).Append(Trainer(_mlContext.Data.Cache(steps.Transform(_validation)))).Fit(_mlContext.Data.Cache(_training))));
    }

    [Fact]
    public void More_columns_fewer_that_are_not_needed_and_another_order_do_not_matter()
    {
        var expected = Losses(Steps.Append(Trainer(_validation)).Fit(_training));
        var others = _mlContext.Data.LoadFromEnumerable(Rows(80, seed: 2).Select(row => new OtherRow { Text = row.Text, Label = row.Label, Size = row.Size }));
        Assert.Equal(expected, Losses(Steps.Append(Trainer(others)).Fit(_training)));
    }

    /// <summary>What comes looks fit for the trainer as it is.</summary>
    [Fact]
    public void Features_that_a_step_changes_in_place_are_changed_in_the_set_too()
    {
        var training = _mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        var validation = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50, seed: 2));
        var step = _mlContext.Transforms.NormalizeLogMeanVariance("Features");
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(Numbers(null));
        var fitted = step.Fit(training);
        var expected = Losses(trainer.Fit(fitted.Transform(training), fitted.Transform(validation)));
        Assert.Equal(expected, Losses(step.Append(_mlContext.Regression.Trainers.DenseNeuralNet(Numbers(validation))).Fit(training)));
        Assert.Equal(expected, Losses(step.Append(_mlContext.Regression.Trainers.DenseNeuralNet(Numbers(fitted.Transform(validation)))).Fit(training)));
        Assert.NotEqual(expected, Losses(trainer.Fit(fitted.Transform(training), fitted.Transform(fitted.Transform(validation)))));

        static DenseNeuralNetOptions Numbers(IDataView? set) =>
            new() { LabelColumnName = "Number", HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1, ValidationSet = set };
    }

    /// <summary>Without the hidden columns, a set as it comes at first looks like one that came through all steps.</summary>
    [Fact]
    public void A_step_that_drops_hidden_columns_hides_no_step_before_it()
    {
        var training = _mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        var validation = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50, seed: 2));
        var steps = _mlContext.Transforms.NormalizeLogMeanVariance("Features").Append(_mlContext.Transforms.SelectColumns("Features", "Number"));
        var fitted = steps.Fit(training);
        var expected = Losses(_mlContext.Regression.Trainers.DenseNeuralNet(Numbers(null)).Fit(fitted.Transform(training), fitted.Transform(validation)));
        var views = new List<IDataView> { validation };
        foreach (var step in fitted)
            views.Add(step.Transform(views[^1]));
        Assert.All(views, view => Assert.Equal(expected, Losses(steps.Append(_mlContext.Regression.Trainers.DenseNeuralNet(Numbers(view))).Fit(training))));

        static DenseNeuralNetOptions Numbers(IDataView? set) =>
            new() { LabelColumnName = "Number", HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1, ValidationSet = set };
    }

    /// <summary>What chooses training rows is not done to those of the set.</summary>
    [Fact]
    public void Splits_filters_and_shuffles_of_the_training_rows_are_theirs_alone()
    {
        var split = _mlContext.Data.TrainTestSplit(_training, 0.3, seed: 1);
        var count = split.TestSet.GetColumn<float>("Size").Count();
        foreach (var training in (IDataView[])[split.TrainSet, _mlContext.Data.ShuffleRows(_mlContext.Data.FilterRowsByColumn(split.TrainSet, "Size", upperBound: 900))])
            Assert.Equal(count, History(Steps.Append(Trainer(split.TestSet)).Fit(training)).Settings.ValidationRows);

        var folds = _mlContext.MulticlassClassification.CrossValidate(_training, Steps.Append(Trainer(_validation)), 2);
        Assert.All(folds, fold => Assert.Equal(80, History(fold.Model).Settings.ValidationRows));
        Assert.All(folds, fold => Assert.True(History(fold.Model).All(epoch => epoch.ValidationLoss > 0)));
    }

    [Fact]
    public void A_step_in_code_and_a_model_before_are_applied_too()
    {
        var stacked = new EstimatorChain<ITransformer>()
            .Append(_mlContext.Transforms.CustomMapping<Row, Doubled>((row, made) => made.Twice = 2 * row.Size, contractName: null))
            .Append(_mlContext.Transforms.Concatenate("Features", "Size", "Twice"))
            .Append(_mlContext.Transforms.CopyColumns("Target", "Size"))
            .Append(_mlContext.Regression.Trainers.Sdca("Target"))
            .Append(_mlContext.Transforms.Concatenate("Features", "Score", "Size"))
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label"));
        var fitted = stacked.Fit(_training);
        Assert.Equal(
            Losses(Trainer(null).Fit(fitted.Transform(_training), fitted.Transform(_validation))), Losses(Trainer(null).Fit(fitted.Transform(_training), _validation)));
    }

    [Fact]
    public void A_set_that_was_mapped_by_itself_is_taken_by_the_values_of_its_keys()
    {
        var steps = Steps.Fit(_training);
        var reversed = _mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        var own = reversed.Fit(_validation).Transform(_validation);
        Assert.NotEqual(Values(own), Values(steps.Transform(_training)));
        Assert.Equal(Losses(Steps.Append(Trainer(_validation)).Fit(_training)), Losses(Steps.Append(Trainer(own)).Fit(_training)));

        static string[] Values(IDataView view)
        {
            var values = default(VBuffer<ReadOnlyMemory<char>>);
            view.Schema["Label"].GetKeyValues(ref values);
            return [.. values.DenseValues().Select(value => value.ToString())];
        }
    }

    [Fact]
    public void A_set_that_lacks_a_column_is_told_whose_and_what_to_do()
    {
        var lacking = _mlContext.Data.LoadFromEnumerable(Rows(80, seed: 2).Select(row => new Lacking { Label = row.Label, Size = row.Size }));
        var error = Assert.ThrowsAny<ArgumentException>(() => Steps.Append(Trainer(lacking)).Fit(_training));
        Assert.Contains("The validation set, with the columns [Label, Size]", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Text'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Features'", error.Message, StringComparison.Ordinal);
        Assert.Contains("as the fitted steps before the trainer transform it", error.Message, StringComparison.Ordinal);

        // A later step lacks what an earlier one would have made: it is the earlier one that tells what the set does not have.
        var unlabelled = _mlContext.Transforms.DropColumns("Label").Fit(_validation).Transform(_validation);
        error = Assert.ThrowsAny<ArgumentException>(() => Steps.Append(Trainer(unlabelled)).Fit(_training));
        Assert.Contains("cannot be applied to it: Could not find input column 'Label'", error.Message, StringComparison.Ordinal);

        // One versus all shows no step, and its labels are made for each class.
        var binary = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(_validation));
        var unsupported = Assert.Throws<NotSupportedException>(() => Steps.Append(_mlContext.MulticlassClassification.Trainers.OneVersusAll(binary)).Fit(_training));
        Assert.Contains("ValidationFraction holds rows out", unsupported.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Steps.Append(_mlContext.MulticlassClassification.Trainers.PairwiseCoupling(binary)).Fit(_training));
    }

    [Fact]
    public void A_pipeline_goes_on_from_a_model_given_as_an_option()
    {
        var first = SavedModel.Reload(Steps.Append(Trainer(null)).Fit(_training), _training.Schema).GetDenseNeuralNet();
        var options = Options(null);
        options.InitialModel = first;
        var prepared = Steps.Fit(_training).Transform(_training);
        var expected = Tasks.ScoreBits(Trainer(null).Fit(prepared, (DenseNeuralNetMulticlassModelParameters)first).Transform(prepared));
        Assert.Equal(expected, Tasks.ScoreBits(Steps.Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_training).Transform(_training)));
        Assert.Equal(expected, Tasks.ScoreBits(Steps.Append(_mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options)).Fit(_training).Transform(_training)));
        Assert.Equal(3, Steps.Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_training).GetDenseNeuralNet().History!.EpochsBefore);

        // That of Fit goes before.
        var second = Trainer(null).Fit(prepared, (DenseNeuralNetMulticlassModelParameters)first).Model;
        Assert.Equal(6, _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(prepared, second).Model.History!.EpochsBefore);
        Assert.NotEmpty(_mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).FindLearningRate(prepared, steps: 3).Points);

        // Errors name what the user gave.
        options.HiddenLayers = [7];
        Assert.Throws<ArgumentOutOfRangeException>("InitialModel", () => Steps.Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_training));
        Assert.Throws<ArgumentOutOfRangeException>("modelParameters", () => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(prepared, second));

        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options));
        Assert.Contains("InitialModel is DenseNeuralNetMulticlassModelParameters", refused.Message, StringComparison.Ordinal);
        options.LabelColumnName = "Size";
        Assert.Throws<ArgumentOutOfRangeException>(() => Steps.Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_training));
    }

    private DenseNeuralNetMulticlassTrainer Trainer(IDataView? validation) => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(Options(validation));

    private static DenseNeuralNetOptions Options(IDataView? validation) =>
        new() { HiddenLayers = [4], NumberOfEpochs = 3, LearningRate = 0.01f, Seed = 1, ValidationSet = validation, EnsembleSize = 1 };

    private static TrainingHistory History(ITransformer transformer) => transformer.GetDenseNeuralNet().History!;

    private static double?[] Losses(ITransformer transformer) => [.. History(transformer).SelectMany(epoch => (double?[])[epoch.Loss, epoch.ValidationLoss])];

    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (size, isGood) = (random.NextSingle() * 1000, random.Next(2) == 0);
            return new Row { Size = size, Text = isGood ? "a good thing" : "such a bad one", Label = isGood ? "good" : size > 500 ? "large" : "bad", Id = i };
        })];
    }

    private sealed class Row
    {
        public float Size { get; set; }

        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public int Id { get; set; }
    }

    private sealed class OtherRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public float Size { get; set; }

        public bool IsNew { get; set; }
    }

    private sealed class Lacking
    {
        public string Label { get; set; } = "";

        public float Size { get; set; }
    }

    private sealed class Doubled
    {
        public float Twice { get; set; }
    }
}
