using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>What is done where the options leave it open, read from the history.</summary>
public class DefaultSettingsTests
{
    private static readonly NetworkKind Embedding = new(EmbeddedNumbers: 1);

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Rates for networks with hidden layers leave linear ones far from their best.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_linear_network_comes_to_where_a_linear_trainer_does(int seed)
    {
        var random = new Random(seed);
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, 20).Select(_ => random.NextSingle() * 2 - 1)];
            return new Wide { Features = x, Label = 3 * x[0] - 2 * x[1] + 2 * x[2] + random.NextSingle() * 2 - 1 > 0 };
        }).ToArray());
        var linear = AreaUnderCurve(_mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(rows));
        var ours = AreaUnderCurve(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: [], numberOfEpochs: 100).Fit(rows));
        var found = AreaUnderCurve(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: []).Fit(rows));
        Assert.True(ours > linear - 0.01 && found > linear - 0.01, FormattableString.Invariant($"L-BFGS {linear:F3}, 100 epochs {ours:F3}, all open {found:F3}"));

        double AreaUnderCurve(ITransformer model) => _mlContext.BinaryClassification.Evaluate(model.Transform(rows)).AreaUnderRocCurve;
    }

    [Theory]
    [InlineData(100, 0.03f)]
    [InlineData(2500, 0.01f)]
    [InlineData(40_000, 0.003f)]
    public void Linear_networks_have_a_rate_and_a_decay_of_their_own(int rows, float rate)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(rows));
        foreach (var options in (DenseNeuralNetOptions[])[new() { HiddenLayers = [] }, new() { Layers = [new DropoutLayer(0.1f)] }])
        {
            (options.LabelColumnName, options.NumberOfEpochs) = (nameof(Sample.Number), 1);
            var settings = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data).Model.History!.Settings;
            Assert.Equal(("AdamW", 0.01f), (settings.Optimizer, settings.WeightDecay));
            Assert.Equal(rate, settings.LearningRate, 1e-6f);
        }
    }

    /// <summary>Amounts that are spread widely add up to the label: clipped to 3 deviations, they tell half of it.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1.5)]
    public void Labels_that_go_with_far_values_are_learned(double spread)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 3000).Select(_ =>
        {
            float[] amounts = [.. Enumerable.Range(0, 10).Select(_ => (float)Math.Exp(spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
            return new Amounts { Features = amounts, Label = amounts.Sum() };
        }).ToArray();
        var model = _mlContext.Regression.Trainers.DenseNeuralNet().Fit(_mlContext.Data.LoadFromEnumerable(rows.Take(1000)));
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(_mlContext.Data.LoadFromEnumerable(rows.Skip(1000)))).RSquared, 0.97, 1);
        Assert.Equal(100, Assert.IsType<StandardizationLayer>(model.Model.Layers[0].Layer).Limit);
    }

    /// <summary>Neither column tells anything by itself, so that learning takes long to begin.</summary>
    [Fact]
    public void A_chessboard_is_learned()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 3000).Select(_ =>
            {
                var (x, y) = (8 * random.NextSingle(), 8 * random.NextSingle());
                return new Field { Features = [x, y], Label = ((int)x + (int)y) % 2 == 0 };
            }).ToArray();
            var model = new MLContext(seed).BinaryClassification.Trainers.DenseNeuralNet().Fit(_mlContext.Data.LoadFromEnumerable(rows.Take(2000)));
            Assert.InRange(_mlContext.BinaryClassification.Evaluate(model.Transform(_mlContext.Data.LoadFromEnumerable(rows.Skip(2000)))).Accuracy, 0.9, 1);
        }
    }

    /// <summary>A model that is gone on from standardizes as it did.</summary>
    [Fact]
    public void Features_that_have_moved_are_warned_of()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number));
        var rows = Sample.Rows(200);
        var model = trainer.Fit(_mlContext.Data.LoadFromEnumerable(rows)).Model;
        var told = new List<string>();
        _mlContext.Log += (_, e) => told.Add(e.Message);
        trainer.Fit(_mlContext.Data.LoadFromEnumerable(rows), model);
        Assert.DoesNotContain(told, line => line.Contains("standard deviations from", StringComparison.Ordinal));
        foreach (var row in rows)
            row.Features[1] = row.Features[1] * 50 + 500;
        trainer.Fit(_mlContext.Data.LoadFromEnumerable(rows), model);
        Assert.Contains(told, line => line.Contains("The mean of feature 1, counted from 0, is ", StringComparison.Ordinal) && line.Contains("A new model may learn more.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(30, 200, 32, 0)]
    [InlineData(400, 200, 32, 50)]
    [InlineData(11_500, 50, 128, 1437)]
    public void The_number_of_rows_decides(int rows, int epochs, int batchSize, int heldOut)
    {
        var history = Fit(rows, options => (options.HiddenLayers, options.EnsembleSize) = ([4], 1));
        Assert.Equal((epochs, batchSize, heldOut), (history.Settings.NumberOfEpochs, history.Settings.BatchSize, history.Settings.ValidationRows));
        Assert.Equal(("AdamW", 0.1f, batchSize == 32 ? 0.003f : 0.005f), (history.Settings.Optimizer, history.Settings.WeightDecay, history.Settings.LearningRate));
        Assert.Equal((heldOut > 0 ? (LearningRateSchedule)new ConstantSchedule() : new CosineSchedule()).ToString(), history.Settings.LearningRateSchedule);
        Assert.Equal(heldOut > 0 ? $"after 10 epochs, at first {(rows < 10_000 ? 20 : 19)}, without a better loss, and 5 epochs of annealing" : null, history.Settings.EarlyStopping);
        Assert.Equal(heldOut > 0, history.RestoredEpoch is not null);
        // The rate ends near 0 in either case.
        Assert.InRange(history[^1].LearningRate, 0, 0.1 * history.Settings.LearningRate);
    }

    [Theory]
    [InlineData(2999, true, "AdamW", 32, 0.005f)]
    [InlineData(2999, false, "AdamW", 32, 0.003f)]
    [InlineData(3000, true, "Muon", 64, 0.01f)]
    [InlineData(3000, false, "Muon", 128, 0.005f)]
    [InlineData(10_000, true, "Muon", 128, 0.01f)]
    [InlineData(10_000, false, "Muon", 128, 0.005f)]
    [InlineData(19_999, true, "Muon", 128, 0.01f)]
    [InlineData(20_000, true, "Muon", 256, 0.01f)]
    [InlineData(40_000, false, "Muon", 512, 0.005f)]
    [InlineData(160_000, true, "Muon", 512, 0.01f)]
    public void Many_rows_of_embedded_numbers_have_orthogonalized_steps(int rows, bool isClassification, string optimizer, int batchSize, float rate)
    {
        var options = Filled(rows, isClassification, _ => { });
        Assert.Equal((optimizer, batchSize, rate, 0.3f), (options.Optimizer!.GetType().Name, options.BatchSize!.Value, options.LearningRate!.Value, options.WeightDecay!.Value));
        // Weights of hidden layers have a rate of 0.01.
        if (options.Optimizer is Muon muon)
            Assert.Equal((0.01f, rows < 10_000 ? 2 : 1), (muon.Factor * options.LearningRate.Value, muon.Interval));

        foreach (var change in (Action<DenseNeuralNetOptions>[])
            [
                o => o.NumberOfEpochs = 9, o => o.EarlyStopping = new EarlyStopping(), o => o.LearningRateSchedule = new CosineSchedule(), o => o.AverageWeights = false, o => o.HiddenLayers = [], o => o.LearningRate = 0.01f, o => o.BatchSize = 63,
                o => o.Loss = isClassification ? new MulticlassHingeLoss() : new MultiQuantileLoss(0.1f, 0.9f),
                // Several labels a row are no class.
                o => o.Loss = isClassification ? new HingeLoss() : new BinaryCrossEntropy(),
            ])
            Assert.IsType<AdamW>(Filled(rows, isClassification, change).Optimizer);
        Assert.Equal(optimizer, Filled(rows, isClassification, o => o.Loss = isClassification ? new SoftmaxCrossEntropy() : new MeanSquaredError()).Optimizer!.GetType().Name);
        Assert.Equal(optimizer, Filled(rows, isClassification, o => o.BatchSize = 64).Optimizer!.GetType().Name);
        Assert.IsType<Adam>(Filled(rows, isClassification, o => o.Optimizer = new Adam()).Optimizer);
        Assert.IsType<AdamW>(Filled(rows, isClassification, _ => { }, isMeasured: false).Optimizer);
        Assert.IsType<AdamW>(Filled(rows, isClassification, _ => { }, kind: default(NetworkKind)).Optimizer);

        // Images have them from the first row on.
        var ofImages = Filled(rows - 2900, isClassification, _ => { }, kind: new NetworkKind(IsForImages: true));
        Assert.Equal(isClassification ? ("Muon", true, 0) : ("AdamW", false, 5), (ofImages.Optimizer!.GetType().Name, ofImages.AverageWeights, ofImages.EarlyStopping!.AnnealingEpochs));
        var usual = Filled(rows - 2900, isClassification, _ => { }, kind: default(NetworkKind));
        Assert.Equal((usual.BatchSize, usual.LearningRate, usual.WeightDecay, 10), (ofImages.BatchSize, ofImages.LearningRate, ofImages.WeightDecay, ofImages.EarlyStopping.Patience));

        static DenseNeuralNetOptions Filled(int rows, bool isClassification, Action<DenseNeuralNetOptions> change, bool isMeasured = true, NetworkKind? kind = null)
        {
            var options = new DenseNeuralNetOptions();
            change(options);
            var data = RowSubset.All(isClassification ? Dataset.FromClasses(1, 2, new float[rows], new int[rows]) : Dataset.FromTargets(1, 1, new float[rows], new float[rows]));
            DefaultSettings.FillIn(options, new TrainingRows(data, isMeasured ? data : null), kind ?? Embedding, standardizesTargets: !isClassification);
            return options;
        }
    }

    /// <summary>A number that is embedded comes with 8 functions: to 10 of them, the rest may be 180.</summary>
    [Theory]
    [InlineData(190, true)]
    [InlineData(191, false)]
    public void Of_many_indicators_the_first_layer_is_not_orthogonalized(int columns, bool includesFirst)
    {
        var options = new DenseNeuralNetOptions();
        var data = RowSubset.All(Dataset.FromTargets(columns, 1, new float[3000 * columns], new float[3000]));
        DefaultSettings.FillIn(options, new TrainingRows(data, data), new NetworkKind(EmbeddedNumbers: 10), standardizesTargets: true);
        Assert.Equal(includesFirst, Assert.IsType<Muon>(options.Optimizer).IncludesFirst);
    }

    /// <summary>Where each class has few rows, these cannot tell what many functions are.</summary>
    [Theory]
    [InlineData(2, 800, 8)]
    [InlineData(2, 799, 2)]
    [InlineData(10, 4000, 8)]
    [InlineData(10, 3999, 2)]
    public void Functions_are_many_where_each_class_has_many_rows(int classes, int rows, int functions) =>
        Assert.Equal(functions, TableDefaults.EmbeddingUnits(RowSubset.All(Dataset.FromClasses(1, classes, new float[rows], new int[rows])), numbers: 5));

    /// <summary>Sparse rows have four however many they are.</summary>
    [Theory]
    [InlineData(2_999, 4)]
    [InlineData(3_000, 2)]
    public void Many_rows_have_fewer_networks(int rows, int networks)
    {
        Assert.Equal(networks, Networks(Dataset.FromTargets(1, 1, new float[rows], new float[rows])));
        Assert.Equal(4, Networks(Dataset.FromTargets(new SparseFeatures(1, default, default, new int[rows + 1]), 1, new float[rows], default)));

        static int Networks(Dataset data) => EnsembleDefaults.Size(new DenseNeuralNetOptions(), RowSubset.All(data), outputs: 1, takesLong: false, initial: null);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(400, 200)]
    public void Four_networks_each_leave_out_another_eighth(int rows, int heldOut)
    {
        var history = Fit(rows, options => options.HiddenLayers = [4]);
        Assert.Equal((rows, heldOut), (history.Settings.TrainingRows, history.Settings.ValidationRows));
        Assert.Equal(4, history.Network!.Layers[^1].Members);
        Assert.Equal(heldOut > 0, history.RestoredEpoch is not null);
        Assert.Equal(1, Fit(rows, options => options.Layers = [new DenseLayer(4)]).Network!.Layers[^1].Members);
    }

    /// <summary>What to change is said by the names of the options that were open.</summary>
    [Fact]
    public void Layers_that_a_trainer_puts_in_front_are_none_of_the_users()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 300).Select(_ => random.NextSingle()).Select(x => (float[])[x, x + 0.01f * random.NextSingle(), x * 2, random.NextDouble() < 0.1 ? float.NaN : random.NextSingle()])];
        var data = _mlContext.Data.LoadFromEnumerable(rows.Select(row => new Four { Features = row, Label = row[0] + row[2] }));
        var history = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(data).Model.History!;
        string[] kinds = [.. history.Network!.Layers.Select(layer => layer.Layer.Split(' ', ',')[0])];
        Assert.Superset(new HashSet<string> { "Missing", "Standardization", "Wide" }, new HashSet<string>(kinds));
        Assert.True(NamedLayers.AreDense(history), string.Join(", ", kinds));

        foreach (var layer in (Layer[])[new PrincipalComponentsLayer(2), new WideAndDeepLayer([0], [new DenseLayer(3)]), new ActivationLayer(Activation.SiLU)])
            Assert.True(NamedLayers.AreDense(OfLayer(layer)));
        Assert.False(NamedLayers.AreDense(OfLayer(new LayerNormalizationLayer())));

        TrainingHistory OfLayer(Layer layer) => Fit(100, options => (options.Layers, options.NumberOfEpochs) = ([layer], 1));
    }

    /// <summary>There is then nothing to measure with.</summary>
    [Fact]
    public void Classes_of_one_row_each_are_learned_from_all_of_them()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Four { Features = [i % 2, i / 2 % 4, i / 8, 1], Label = i }));
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(seed: 1).Fit(keys);
        Assert.Equal(0, model.Model.History!.Settings.ValidationRows);
        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(model.Transform(keys)).MicroAccuracy, 0.8, 1);
    }

    [Fact]
    public void A_given_number_of_epochs_is_kept_and_no_row_held_out()
    {
        var history = Fit(400, options => options.NumberOfEpochs = 7);
        Assert.Equal((7, 0, TrainingEnd.Completed), (history.Count, history.Settings.ValidationRows, history.End));
        Assert.Null(history.RestoredEpoch);
    }

    [Fact]
    public void A_given_optimizer_keeps_its_own_rate_and_decay()
    {
        var history = Fit(100, options => (options.Optimizer, options.NumberOfEpochs) = (new Adam(), 2));
        Assert.Equal((0.001f, 0), (history.Settings.LearningRate, history.Settings.WeightDecay));
    }

    [Fact]
    public void Given_rows_to_validate_with_are_those_that_end_the_training()
    {
        var (training, validation) = (_mlContext.Data.LoadFromEnumerable(Sample.Rows(300)), _mlContext.Data.LoadFromEnumerable(Sample.Rows(100, seed: 2)));
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Flag), HiddenLayers = [4] };
        var history = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(training, validation).Model.History!;
        Assert.Equal((300, 100), (history.Settings.TrainingRows, history.Settings.ValidationRows));
        Assert.NotNull(history.RestoredEpoch);

        Assert.Equal(4, history.Network!.Layers[^1].Members);

        var split = Fit(400, o => o.ValidationFraction = 0.25f);
        Assert.Equal((300, 100), (split.Settings.TrainingRows, split.Settings.ValidationRows));
    }

    [Fact]
    public void A_given_rule_to_stop_by_is_kept()
    {
        var history = Fit(100, options => options.EarlyStopping = new EarlyStopping(patience: 1, minimumImprovement: 1e6));
        Assert.Equal((2, TrainingEnd.EarlyStopped), (history.Count, history.End));
    }

    [Fact]
    public void Another_patience_changes_nothing_else_of_the_defaults()
    {
        var (given, open) = (Fit(400, options => options.EarlyStopping = new EarlyStopping(patience: 5)), Fit(400, _ => { }));
        Assert.Equal((open.Settings.TrainingRows, open.Settings.ValidationRows, open.Network!.Layers[^1].Members), (given.Settings.TrainingRows, given.Settings.ValidationRows, given.Network!.Layers[^1].Members));
        Assert.Equal("after 5 epochs without a better loss", given.Settings.EarlyStopping);
        Assert.Equal(given.RestoredEpoch, given.MinBy(e => e.ValidationLoss)!.Epoch);
    }

    [Fact]
    public void Early_stopping_goes_by_rows_that_are_held_out_however_many_epochs_are_given()
    {
        var history = Fit(400, options => (options.NumberOfEpochs, options.EarlyStopping) = (30, new EarlyStopping(patience: 3)));
        Assert.Equal((350, 50, 1, 30), (history.Settings.TrainingRows, history.Settings.ValidationRows, history.Network!.Layers[^1].Members, history.Settings.NumberOfEpochs));
        Assert.NotNull(history.RestoredEpoch);
    }

    [Theory]
    [InlineData(50, 60)]
    [InlineData(99, 100)]
    [InlineData(40, 100)]
    public void More_networks_than_rows(int rows, int networks)
    {
        var history = Fit(rows, options => (options.HiddenLayers, options.EnsembleSize, options.EarlyStopping) = ([2], networks, new EarlyStopping(patience: 1)));
        // Each row is left out by one network; those beyond the rows leave none out.
        Assert.Equal((rows, rows, networks), (history.Settings.TrainingRows, history.Settings.ValidationRows, history.Network!.Layers[^1].Members));
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    /// <summary>An eighth of each class would be less than half a row.</summary>
    [Theory]
    [InlineData(20, 3, 7, false)]
    [InlineData(20, 3, 7, true)]
    [InlineData(30, 2, 7, false)]
    [InlineData(50, 1, 0, false)]
    [InlineData(10, 3, 0, false)]
    public void Small_classes_are_held_out_from_as_well(int classes, int rowsOfClass, int heldOut, bool hasMixup)
    {
        var rows = Enumerable.Range(0, classes * rowsOfClass).Select(i => new SmallClass { Label = $"{i / rowsOfClass}", Features = [i / rowsOfClass, i % 3] });
        var options = new DenseNeuralNetOptions
        {
            EnsembleSize = 1,
            HiddenLayers = [4],
            Augmentation = hasMixup ? new TableAugmentation(mixup: 0.2f) : null,
            EarlyStopping = new EarlyStopping(patience: 1),
            Verbosity = Verbosity.Silent,
        };
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        var settings = model.GetDenseNeuralNet().History!.Settings;
        Assert.Equal((classes * rowsOfClass - heldOut, heldOut), (settings.TrainingRows, settings.ValidationRows));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(39)]
    [InlineData(400)]
    public void Few_streamed_rows_are_trained_on_without_an_option_that_was_not_set(int rows)
    {
        var settings = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Number),
            HiddenLayers = [2],
            DataCaching = DataCaching.Stream,
            EarlyStopping = new EarlyStopping(patience: 1),
        }).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(rows))).Model.History!.Settings;
        Assert.Equal(rows, settings.TrainingRows + settings.ValidationRows);
        Assert.InRange(settings.ValidationRows, rows < 40 ? 0 : 48, rows < 40 ? 0 : 52);
    }

    /// <summary>Of 60 rows in 20 classes, an eighth to a row of those that are not the first of their class.</summary>
    [Fact]
    public void Small_classes_are_held_out_from_in_a_stream_too()
    {
        var rows = Enumerable.Range(0, 60).Select(i => new SmallClass { Label = $"{i / 3}", Features = [i / 3, i % 3] });
        var options = new DenseNeuralNetOptions { HiddenLayers = [4], EarlyStopping = new EarlyStopping(patience: 1), DataCaching = DataCaching.Stream };
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        var settings = model.GetDenseNeuralNet().History!.Settings;
        Assert.Equal(60, settings.TrainingRows + settings.ValidationRows);
        Assert.InRange(settings.ValidationRows, 3, 8);
    }

    [Fact]
    public void The_rows_measured_with_are_counted_wherever_they_come_from()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var validation = _mlContext.Data.LoadFromEnumerable(Sample.Rows(70, seed: 2));
        Assert.Equal((300, 70), Rows(o => o.ValidationSet = validation));
        Assert.Equal((300, 70), Rows(o => (o.ValidationSet, o.DataCaching) = (validation, DataCaching.Stream)));
        Assert.Equal((300, 70), Rows(o => (o.ValidationSet, o.DataCaching, o.DataLimits) = (validation, DataCaching.Stream, new DataLimits(Chunk: 400, HeldOut: 0))));
        Assert.Equal((240, 60), Rows(o => o.ValidationFraction = 0.2f));
        Assert.Equal((300, 152), Rows(o => (o.NumberOfEpochs, o.EarlyStopping, o.EnsembleSize) = (2, new EarlyStopping(), 4)));
        Assert.Equal((263, 37), Rows(o => (o.NumberOfEpochs, o.EarlyStopping) = (2, new EarlyStopping())));
        var (streamed, heldOut) = Rows(o => (o.ValidationFraction, o.DataCaching) = (0.2f, DataCaching.Stream));
        Assert.Equal(300, streamed + heldOut);
        Assert.InRange(heldOut, 58, 62);

        (int, int) Rows(Action<DenseNeuralNetOptions> change)
        {
            var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [2], NumberOfEpochs = 2, Verbosity = Verbosity.Silent };
            change(options);
            var settings = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data).Model.History!.Settings;
            return (settings.TrainingRows, settings.ValidationRows);
        }
    }

    /// <summary>No model comes of it that could be measured.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.4f)]
    [InlineData(0.001f)]
    public void The_search_for_a_learning_rate_learns_from_all_rows(float fraction)
    {
        const int Rows = 60;
        var data = new MadeDataView(Rows)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, 1), row => new VBuffer<float>(1, [row % 20 / 3]))
            .Add("Label", new KeyDataViewType(typeof(uint), 20), row => (uint)(row / 3 + 1));
        var trainer = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            HiddenLayers = [4],
            EnsembleSize = 1,
            ValidationFraction = fraction,
            BatchSize = Rows,
            Loss = new SoftmaxCrossEntropy(),
            Shuffle = false,
            Seed = 1,
            NormalizeFeatures = FeatureNormalization.Off,
        });
        var curve = trainer.FindLearningRate(data, lowest: 1e-6f, highest: 1e-5f, steps: 2);
        // The first loss is that of the first weights over the rows learned from: all of them, as where none is ever held out.
        var first = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            HiddenLayers = [4],
            NumberOfEpochs = 1,
            BatchSize = Rows,
            Shuffle = false,
            Seed = 1,
            NormalizeFeatures = FeatureNormalization.Off,
        }).Fit(data).Model.History![0].Loss;
        Assert.Equal(first, curve.Points[0].Loss, 1e-6);
    }

    private TrainingHistory Fit(int rows, Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Flag), Verbosity = Verbosity.Silent };
        change(options);
        return _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(rows))).Model.History!;
    }

    private sealed class SmallClass
    {
        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Four
    {
        public float Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Wide
    {
        public bool Label { get; set; }

        [VectorType(20)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Amounts
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Field
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
