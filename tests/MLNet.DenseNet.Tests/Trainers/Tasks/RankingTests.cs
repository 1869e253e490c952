using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.DenseNet.Tests;

public class RankingTests
{
    private static readonly MLContext Context = new(seed: 1);

    /// <summary>Those who judge differ so much in strictness that a regression of what they say learns little else.</summary>
    [Fact]
    public void The_order_in_a_group_is_learned_however_strict_its_judge_was()
    {
        var (training, test) = (View(Query.Create(150, seed: 1)), View(Query.Create(200, seed: 2)));
        var ranking = Context.Ranking.Trainers.DenseNeuralNet("Judged", rowGroupColumnName: "Group", seed: 1).Fit(training);
        var regression = Context.Regression.Trainers.DenseNeuralNet("Judged", seed: 1).Fit(training);
        var (ranked, regressed) = (Ndcg(ranking.Transform(test)), Ndcg(regression.Transform(test)));
        Assert.True(ranked > 0.99, $"{ranked}");
        Assert.True(regressed < ranked - 0.03, $"{regressed} beside {ranked}");
    }

    [Fact]
    public void By_default_an_ensemble_whose_networks_leave_out_groups_is_stopped_early()
    {
        var model = Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (null, null)).Fit(View(Query.Create(60, seed: 1))).Model;
        Assert.Equal(("ListNet loss", 128, TrainingEnd.EarlyStopped), (model.History!.Settings.Loss, model.History.Settings.BatchSize, model.History.End));
        Assert.Equal(4, ((IDenseNeuralNetModel)model).Network.Members.Length);
        Assert.All(model.History, epoch =>
        {
            Assert.True(epoch is { Accuracy: null, RSquared: null, ValidationRSquared: null });
            Assert.True(epoch.ValidationLoss >= 0);
        });
        Assert.DoesNotContain("R-squared", $"{model.History.Verdict}", StringComparison.Ordinal);
        // Four of eight folds.
        Assert.InRange(model.History.Settings.ValidationRows, model.History.Settings.TrainingRows / 3, model.History.Settings.TrainingRows * 2 / 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_ranking_has_the_same_bits_on_any_number_of_threads(int networks)
    {
        var data = View(Query.Create(40, seed: 1));
        Assert.Single(((int[])[1, 2, 3]).Select(threads => Bits(Trainer(o => (o.NumberOfThreads, o.EnsembleSize, o.ValidationFraction) = (threads, networks, 0.2f)), data)).Distinct());
    }

    [Fact]
    public void Rows_of_a_group_need_not_be_neighbours()
    {
        var rows = Query.Create(30, seed: 1);
        // The first rows of all groups, then the second ones, ...; the order of groups, and of rows in them, is the same.
        var scattered = rows.GroupBy(row => row.Group).SelectMany(group => group.Select((row, place) => (row, place))).OrderBy(item => item.place).Select(item => item.row).ToList();
        var trainer = Trainer(o => (o.NormalizeFeatures, o.Seed) = (FeatureNormalization.Off, 3));
        Assert.Equal(Scores(trainer.Fit(View(rows)), View(rows)), Scores(trainer.Fit(View(scattered)), View(rows)));
    }

    [Fact]
    public void Groups_may_be_keys_or_numbers_and_relevances_keys()
    {
        var data = View(Query.Create(30, seed: 1));
        var plain = Bits(Trainer(), data);
        Assert.Equal(plain, Bits(Trainer(o => o.RowGroupColumnName = nameof(Query.Number)), data));
        Assert.Equal(plain, Bits(Trainer(o => o.RowGroupColumnName = nameof(Query.LargeNumber)), data));
        Assert.Equal(plain, Bits(Trainer(o => o.RowGroupColumnName = "SmallKey"), Context.Transforms.Conversion.ConvertType("SmallKey", "Group", DataKind.Byte).Fit(data).Transform(data)));
        var byKey = Context.Transforms.Conversion.MapValueToKey("GradeKey", nameof(Query.Grade), keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        Assert.Equal(plain, Bits(Trainer(o => o.LabelColumnName = "GradeKey"), byKey));

        // Relevances are more than the one output.
        var saved = SavedModel.Reload(Trainer(o => o.LabelColumnName = "GradeKey").Fit(byKey), byKey.Schema);
        Assert.Equal(plain, string.Join(' ', Tasks.ScoreBits(saved.Transform(byKey))));
    }

    /// <summary>Groups stay together, so that an epoch has other steps than as many rows one by one.</summary>
    [Fact]
    public void Steps_of_groups_are_counted_on()
    {
        var data = View(Query.Create(30, seed: 1));
        var (half, whole) = (OfEpochs(2), OfEpochs(4));
        var first = half.Fit(data).Model.History!;
        Assert.True(first.StepsPerEpoch > (first.Settings.TrainingRows + 15) / 16);
        Assert.Equal(2 * first.StepsPerEpoch, first.StepsBegun);
        var loaded = (RankingPredictionTransformer<DenseNeuralNetRankingModelParameters>)SavedModel.Reload(half.Fit(data), data.Schema);
        Assert.Equal(Tasks.ScoreBits(whole.Fit(data).Transform(data)), Tasks.ScoreBits(half.Fit(data, loaded.Model).Transform(data)));

        static DenseNeuralNetRankingTrainer OfEpochs(int epochs) => Trainer(o =>
            (o.BatchSize, o.NumberOfEpochs, o.DropoutRate, o.Optimizer, o.LearningRateSchedule) = (16, epochs, 0.5f, new StochasticGradientDescent(), new ConstantSchedule()));
    }

    [Fact]
    public void Keys_of_a_validation_set_stand_for_the_relevances_of_the_training_rows()
    {
        var rows = Query.Create(30, seed: 1);
        var data = View(rows);
        var ascending = Keys(data, ValueToKeyMappingEstimator.KeyOrdinality.ByValue, data);
        // Keys in the order of occurrence.
        var others = View(Query.Create(20, seed: 2).OrderByDescending(row => row.Grade));
        double Validation(IDataView set) => Trainer(o => o.LabelColumnName = "GradeKey").Fit(ascending, set).Model.History![^1].ValidationLoss!.Value;
        Assert.Equal(Validation(Keys(others, ValueToKeyMappingEstimator.KeyOrdinality.ByValue, others)), Validation(Keys(others, ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, others)));

        static IDataView Keys(IDataView rows, ValueToKeyMappingEstimator.KeyOrdinality order, IDataView fitted) =>
            Context.Transforms.Conversion.MapValueToKey("GradeKey", nameof(Query.Grade), keyOrdinality: order).Fit(fitted).Transform(rows);
    }

    [Fact]
    public void A_saved_model_ranks_as_before()
    {
        var data = View(Query.Create(30, seed: 1));
        var model = Trainer().Fit(data);
        using var stream = new MemoryStream();
        Context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = Context.Model.Load(stream, out _);
        Assert.Equal(Tasks.ScoreBits(model.Transform(data)), Tasks.ScoreBits(loaded.Transform(data)));
        var transformer = Assert.IsType<RankingPredictionTransformer<DenseNeuralNetRankingModelParameters>>(loaded is TransformerChain<ITransformer> chain ? chain.LastTransformer : loaded);
        Assert.Equal("ListNet loss", transformer.Model.History!.Settings.Loss);
    }

    [Fact]
    public void Contributions_add_up_to_the_score_beside_that_of_the_mean_row()
    {
        var data = View(Query.Create(30, seed: 1));
        var model = Trainer().Fit(data);
        var explained = Context.Transforms.CalculateFeatureContribution(model, normalize: false).Fit(data).Transform(data);
        var sums = explained.GetColumn<float[]>("FeatureContributions").Select(contributions => contributions.Sum()).ToArray();
        var scores = Scores(model, data);
        Assert.Equal(scores.Length, sums.Length);
        Assert.All(scores.Zip(sums), row => Assert.Equal(scores[0] - sums[0], row.First - row.Second, 1e-3));
    }

    [Fact]
    public void A_model_can_be_trained_further()
    {
        var data = View(Query.Create(30, seed: 1));
        var first = Trainer().Fit(data);
        var second = Trainer().Fit(data, first.Model);
        Assert.True(second.Model.History![^1].Loss < first.Model.History![^1].Loss);
    }

    [Fact]
    public void Rows_without_a_group_are_left_out()
    {
        var rows = Query.Create(30, seed: 1);
        var without = Query.Create(5, seed: 2);
        // Beyond the type's keys: ML.NET makes a missing key of it.
        without.ForEach(row => row.Group = 1000);
        Assert.Equal(Bits(Trainer(), View(rows)), Bits(Trainer(), View([.. rows, .. without]), View(rows)));
        var error = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(View(without)));
        Assert.Contains($"None of the {without.Count} rows of the training data can be used: {without.Count} with a missing group in 'Group'.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Missing", "Could not find group column 'Missing'")]
    [InlineData(nameof(Query.Grade), "Schema mismatch for group column 'Grade': expected a key, UInt32 or UInt64, got Single. Conversion.MapValueToKey makes a key of values of any type")]
    [InlineData(nameof(Query.Features), "Schema mismatch for group column 'Features': expected a key, UInt32 or UInt64, got Vector<Single>. It has to be one value a row")]
    public void A_wrong_group_column_is_named(string column, string message)
    {
        var data = View(Query.Create(10, seed: 1));
        var trainer = Trainer(o => o.RowGroupColumnName = column);
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Context.Transforms.CopyColumns("Copy", nameof(Query.Grade)).Append(trainer).Fit(data));
    }

    [Fact]
    public void Without_a_name_the_group_column_has_that_of_MLNet()
    {
        var data = View(Query.Create(10, seed: 1));
        Assert.StartsWith("Could not find group column 'GroupId'", Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(o => o.RowGroupColumnName = null).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_label_is_named()
    {
        var data = View(Query.Create(10, seed: 1));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(o => o.LabelColumnName = nameof(Query.LargeNumber)).Fit(data));
        Assert.StartsWith("Schema mismatch for label column 'LargeNumber': expected Single or a key of UInt32, got UInt64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_ranking_are_refused_elsewhere_and_those_of_others_there()
    {
        Refused(nameof(DenseNeuralNetOptions.RowGroupColumnName), () => Context.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { RowGroupColumnName = "Group" }));
        Refused(nameof(DenseNeuralNetOptions.Loss), () => Context.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new ListNetLoss() }));
        Refused(nameof(DenseNeuralNetOptions.DataCaching), () => Trainer(o => o.DataCaching = DataCaching.Stream));
        Refused(nameof(DenseNeuralNetOptions.OutputActivation), () => Trainer(o => o.OutputActivation = Activation.Softmax));

        static void Refused(string option, Func<object> create) => Assert.StartsWith($"The option {option} is ", Assert.Throws<ArgumentOutOfRangeException>(option, create).Message, StringComparison.Ordinal);
    }

    /// <summary>A loss of single rows is a way to rank too.</summary>
    [Fact]
    public void A_loss_for_numbers_learns_each_relevance_by_itself()
    {
        var data = View(Query.Create(60, seed: 1));
        var model = Trainer(o => (o.Loss, o.NumberOfEpochs) = (new MeanSquaredError(), 30)).Fit(data);
        Assert.Equal("mean squared error", model.Model.History!.Settings.Loss);
        Assert.True(Ndcg(model.Transform(data)) > 0.9);
    }

    private static DenseNeuralNetRankingTrainer Trainer(Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Query.Grade), RowGroupColumnName = nameof(Query.Group), HiddenLayers = [16], NumberOfEpochs = 5, Seed = 1 };
        change?.Invoke(options);
        return Context.Ranking.Trainers.DenseNeuralNet(options);
    }

    private static string Bits(DenseNeuralNetRankingTrainer trainer, IDataView data, IDataView? scored = null) => string.Join(' ', Tasks.ScoreBits(trainer.Fit(data).Transform(scored ?? data)));

    private static float[] Scores(RankingPredictionTransformer<DenseNeuralNetRankingModelParameters> model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private static double Ndcg(IDataView scored) =>
        Context.Ranking.Evaluate(scored, new RankingEvaluatorOptions { DcgTruncationLevel = 5 }, nameof(Query.Grade), nameof(Query.Group)).NormalizedDiscountedCumulativeGains[^1];

    private static IDataView View(IEnumerable<Query> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Query));
        schema[nameof(Query.Group)].ColumnType = new KeyDataViewType(typeof(uint), 200);
        return Context.Data.LoadFromEnumerable(rows.ToList(), schema);
    }

    /// <summary>A document of a query.</summary>
    private sealed class Query
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        /// <summary>How relevant it is, from 0 to 4.</summary>
        public float Grade { get; set; }

        /// <summary>The grade as the judge of its query gives it, who may be stricter than others.</summary>
        public float Judged { get; set; }

        public uint Group { get; set; }

        public uint Number => Group;

        public ulong LargeNumber => Group * 10_000_000_000UL;

        public static List<Query> Create(int queries, int seed)
        {
            var random = new Random(seed);
            var rows = new List<Query>();
            for (var query = 1; query <= queries; query++)
            {
                var strictness = random.Next(20);
                for (var left = random.Next(5, 20); left > 0; left--)
                {
                    float[] x = [2 * random.NextSingle() - 1, 2 * random.NextSingle() - 1, 2 * random.NextSingle() - 1];
                    var grade = Math.Clamp(MathF.Round(2 + 3 * x[0] * x[1] + MathF.Sin(3 * x[2])), 0, 4) + 0f;
                    rows.Add(new Query { Features = x, Grade = grade, Judged = grade - strictness, Group = (uint)query });
                }
            }

            return rows;
        }
    }
}
