using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>Images give the same model in whatever order their values come, and whatever is done with it.</summary>
public sealed class ShapedTrainingTests : IDisposable
{
    private const string Dense = ShapedNetworks.Dense;

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Networks => [.. ShapedNetworks.Names];

    public static MatrixTheoryData<string, string, bool, bool> NetworksTasksSparseAndStreamed => new(ShapedNetworks.Names, [.. Tasks.All.Select(row => row.Data)], [false, true], [false, true]);

    public static MatrixTheoryData<string, string> NetworksAndOrders => new(ShapedNetworks.Names, ["planes", "pixels"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(NetworksTasksSparseAndStreamed))]
    public void Planes_pixels_and_lists_of_pixels_give_the_same_model(string network, string task, bool isSparse, bool isStreamed)
    {
        void Change(DenseNeuralNetOptions options)
        {
            (options.DataCaching, options.DataLimits, options.BatchSize) = (isStreamed ? DataCaching.Stream : DataCaching.Memory, new DataLimits(Chunk: 50_000), 20);
            options.ValidationFraction = 0.2f;
        }

        var expected = Fit(task, "pixels", Change);
        Assert.Equal(network == ShapedNetworks.Recurrent ? "12 x 30" : "12 x 10 x 3", expected.GetDenseNeuralNet().Layers[0].InputShape.ToString());
        var scores = Scores(expected, "pixels");
        foreach (var order in (string[])["planes", "flat"])
        {
            var model = Fit(task, order, Change);
            Assert.Equal(Parameters(expected), Parameters(model));
            Assert.Equal(scores, Scores(model, order));
        }

        ITransformer Fit(string task, string order, Action<DenseNeuralNetOptions> change) => Estimator(network, task, order, change).Fit(View(order));

        List<string> Scores(ITransformer model, string order) => Tasks.ScoreBits(model.Transform(View(order)));

        // Rows with few values are kept sparse, those with many are not, whichever way vectors hold them.
        IDataView View(string order) => ShapedRow.View(order, share: isSparse ? 0.07 : 0.6, isSparse: isSparse);
    }

    /// <summary>Which rows are kept sparse depends on their values, and each of them can be predicted dense and sparse.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Sparse_and_dense_vectors_are_predicted_alike(string network)
    {
        var model = Estimator(network, Tasks.Regression, "planes").Fit(ShapedRow.View("planes"));
        var (dense, sparse) = (model.Transform(ShapedRow.View("planes", share: 0.3)), model.Transform(ShapedRow.View("planes", share: 0.3, isSparse: true)));
        Assert.Equal(dense.GetColumn<float>("Score"), sparse.GetColumn<float>("Score"), (one, other) => Math.Abs(one - other) < 1e-4);
    }

    [Theory]
    [InlineData("planes")]
    [InlineData("pixels")]
    public void Standardization_is_by_channel(string order)
    {
        var rows = ShapedRow.View(order);
        var first = Estimator(Dense, Tasks.Regression, order).Fit(rows).GetDenseNeuralNet().Layers[0];
        var (means, scales) = (first.Parameters[0].ToArray(), first.Parameters[1].ToArray());
        var values = rows.GetColumn<float[]>("Features").ToArray();
        for (var channel = 0; channel < ShapedRow.Channels; channel++)
        {
            var ofChannel = values.SelectMany(row => Enumerable.Range(0, ShapedRow.Size / ShapedRow.Channels).Select(i => (double)row[ShapedRow.SlotOf(order, channel, i / ShapedRow.Width, i % ShapedRow.Width)])).ToArray();
            var mean = ofChannel.Average();
            var deviation = Math.Sqrt(ofChannel.Average(value => (value - mean) * (value - mean)));
            for (var i = channel; i < ShapedRow.Size; i += ShapedRow.Channels)
            {
                Assert.Equal(mean, means[i], 1e-5);
                Assert.Equal(1 / deviation, scales[i], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Augmentation_needs_no_sizes_and_varies_images_of_every_order_alike(string network)
    {
        var expected = Fit("pixels", new ImageAugmentation(ShapedRow.Width, ShapedRow.Height, ShapedRow.Channels, shift: 2, rotation: 20, flipHorizontally: true, noise: 0.1f));
        Assert.NotEqual(expected, Fit("pixels", null));
        foreach (var (order, hasSizes) in (from order in ShapedRow.Orders.Keys from hasSizes in network == ShapedNetworks.Recurrent ? (bool[])[true] : [false, true] select (order, hasSizes)))
        {
            (int, int, int)? sizes = hasSizes ? (ShapedRow.Width, ShapedRow.Height, ShapedRow.Channels) : null;
            Assert.Equal(expected, Fit(order, new ImageAugmentation(sizes?.Item1, sizes?.Item2, sizes?.Item3, shift: 2, rotation: 20, flipHorizontally: true, noise: 0.1f)));
        }

        List<string> Fit(string order, Augmentation? augmentation) =>
            Tasks.ScoreBits(Estimator(network, Tasks.Multiclass, order, options => options.Augmentation = augmentation).Fit(ShapedRow.View(order)).Transform(ShapedRow.View(order)));
    }

    [Fact]
    public void A_table_of_the_same_values_is_another_network()
    {
        var (image, table) = (Fit(null), Fit(ShapedRow.Size));
        Assert.Equal("360", table.GetDenseNeuralNet().Layers[0].InputShape.ToString());
        Assert.NotEqual(Tasks.ScoreBits(image.Transform(ShapedRow.View("planes"))), Tasks.ScoreBits(table.Transform(ShapedRow.View("planes"))));

        ITransformer Fit(Shape? shape) => Estimator(Dense, Tasks.Regression, "planes", options => options.InputShape = shape).Fit(ShapedRow.View("planes"));
    }

    [Fact]
    public void One_column_put_together_keeps_its_dimensions()
    {
        var rows = ShapedRow.View("planes");
        var concatenated = _mlContext.Transforms.Concatenate("Inputs", "Features").Fit(rows).Transform(rows);
        var model = Estimator(Dense, Tasks.Regression, "planes", options => options.FeatureColumnName = "Inputs").Fit(concatenated);
        Assert.Equal(Tasks.ScoreBits(Estimator(Dense, Tasks.Regression, "planes").Fit(rows).Transform(rows)), Tasks.ScoreBits(model.Transform(concatenated)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Folds_of_a_cross_validation_learn_what_pixels_teach(string network)
    {
        var results = ShapedRow.Orders.Keys.Select(order => _mlContext.Regression.CrossValidate(ShapedRow.View(order), Estimator(network, Tasks.Regression, order), numberOfFolds: 3, labelColumnName: nameof(ShapedRow.Number), seed: 1)
            .Select(fold => fold.Metrics.MeanSquaredError).ToArray()).ToArray();
        Assert.All(results, errors => Assert.Equal(results[0], errors));
    }

    [Theory]
    [MemberData(nameof(NetworksAndOrders))]
    public void Permutation_importance_finds_the_slot_of_the_column(string network, string order)
    {
        var rows = ShapedRow.View(order, count: 600);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(Options(network, Tasks.Regression, order, options => options.NumberOfEpochs = 60)).Fit(rows);
        var importance = _mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), nameof(ShapedRow.Number)).Select(metrics => metrics.RSquared.Mean).ToArray();
        Assert.Equal(ShapedRow.DecidingSlot(order), Array.IndexOf(importance, importance.Min()));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void One_versus_all_takes_images(string network)
    {
        var scores = ShapedRow.Orders.Keys.Select(order =>
        {
            var rows = ShapedRow.View(order);
            var model = _mlContext.MulticlassClassification.Trainers.OneVersusAll(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(network, Tasks.Multiclass, order)), labelColumnName: nameof(ShapedRow.Label)).Fit(rows);
            var bits = Tasks.ScoreBits(model.Transform(rows));
            Assert.Equal(bits, Tasks.ScoreBits(SavedModel.Reload(model, rows.Schema).Transform(rows)));
            return bits;
        }).ToArray();
        Assert.All(scores, bits => Assert.Equal(scores[0], bits));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_training_goes_on_from_its_checkpoint_to_the_same_bits(string network)
    {
        var rows = ShapedRow.View("planes");
        var expected = Tasks.ScoreBits(Estimator(network, Tasks.Binary, "planes").Fit(rows).Transform(rows));
        void Interrupted(DenseNeuralNetOptions options) => (options.Checkpoints, options.EpochCompleted) = (new Checkpoints(_folder), epoch => throw new TimeoutException());
        Assert.ThrowsAny<Exception>(() => Estimator(network, Tasks.Binary, "planes", Interrupted).Fit(rows));
        var model = Estimator(network, Tasks.Binary, "planes", options => options.Checkpoints = new Checkpoints(_folder)).Fit(rows);
        Assert.Equal(expected, Tasks.ScoreBits(model.Transform(rows)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_classification_goes_on_as_if_it_had_not_been_interrupted(string network)
    {
        void Simple(DenseNeuralNetOptions options) => (options.Optimizer, options.LearningRate, options.LearningRateSchedule) = (new StochasticGradientDescent(), 0.1f, new ConstantSchedule());
        var rows = ShapedRow.View("planes");
        var first = Trainer(epochs: 1).Fit(rows).Model;
        Assert.Equal(Tasks.ScoreBits(Trainer(epochs: 3).Fit(rows).Transform(rows)), Tasks.ScoreBits(Trainer(epochs: 2).Fit(rows, first).Transform(rows)));

        DenseNeuralNetBinaryTrainer Trainer(int epochs) => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(network, Tasks.Binary, "planes", options =>
        {
            Simple(options);
            options.NumberOfEpochs = epochs;
        }));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Class_weights_schedules_early_stopping_and_a_rate_search_are_there(string network)
    {
        var rows = ShapedRow.View("planes");
        var trainer = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(Options(network, Tasks.Multiclass, "planes", options =>
        {
            (options.ClassWeights, options.LearningRateSchedule, options.EarlyStopping) = (ClassWeights.Balanced, new WarmUpSchedule(epochs: 1, new CosineSchedule()), new EarlyStopping(patience: 1));
            (options.NumberOfEpochs, options.RecordDiagnostics, options.GradientNormLimit) = (6, true, 1);
        }));
        var history = trainer.Fit(rows, ShapedRow.View("planes", seed: 2)).Model.History!;
        Assert.NotNull(history.RestoredEpoch);
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value) && epoch.Diagnostics.Count > 0));
        Assert.NotEmpty(trainer.FindLearningRate(rows, steps: 5).Points);
    }

    /// <summary>It is read as it is to predict from, in the order that the model knows.</summary>
    [Fact]
    public void A_column_without_dimensions_goes_on_in_the_order_of_the_model()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(ShapedRow.Number), NumberOfEpochs = 1, LearningRate = 1e-30f, Seed = 1 });
        var first = trainer.Fit(ShapedRow.View("planes"));
        var flat = ShapedRow.View("planes", flat: true);
        var further = trainer.Fit(flat, first.Model);
        Assert.Equal(((IDenseNeuralNetModel)first.Model).Layout.Planes, ((IDenseNeuralNetModel)further.Model).Layout.Planes);
        Assert.Equal(Scores(first, ShapedRow.View("planes")), Scores(further, flat));
        Assert.Equal(Scores(first, ShapedRow.View("planes")), Scores(further, ShapedRow.View("planes")));

        static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("Score").Select(score => MathF.Round(score, 3))];
    }

    [Fact]
    public void A_checkpoint_knows_the_shape_and_not_the_order_of_the_column()
    {
        var expected = Tasks.ScoreBits(Estimator(Dense, Tasks.Regression, "planes").Fit(ShapedRow.View("planes")).Transform(ShapedRow.View("planes")));
        void Interrupted(DenseNeuralNetOptions options) => (options.Checkpoints, options.EpochCompleted) = (new Checkpoints(_folder), epoch => throw new TimeoutException());
        Assert.ThrowsAny<Exception>(() => Estimator(Dense, Tasks.Regression, "planes", Interrupted).Fit(ShapedRow.View("planes")));
        // The rest is trained on the same images in another order.
        var model = Estimator(Dense, Tasks.Regression, "pixels", options => options.Checkpoints = new Checkpoints(_folder)).Fit(ShapedRow.View("pixels"));
        Assert.Equal(expected, Tasks.ScoreBits(model.Transform(ShapedRow.View("pixels"))));

        var error = Assert.ThrowsAny<Exception>(() => Estimator(Dense, Tasks.Regression, "pixels", options => (options.Checkpoints, options.InputShape) = (new Checkpoints(_folder), new Shape(12, 30))).Fit(ShapedRow.View("pixels")));
        Assert.Contains("layers: Standardization, limit 3: 12 x 10 x 3 -> 12 x 10 x 3", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>With nothing set, images have a network of their own: where the model has that one, and only there.</summary>
    [Fact]
    public void Layers_left_open_are_those_of_a_model_of_images()
    {
        var (dense, open) = (Model(null, [7, 5]), Model(null, null));
        Assert.NotEqual(dense.ParameterCount, open.ParameterCount);
        Assert.Equal(dense.ParameterCount, Model(dense, null).ParameterCount);
        Assert.Equal(open.ParameterCount, Model(open, null).ParameterCount);

        DenseNeuralNetRegressionModelParameters Model(DenseNeuralNetRegressionModelParameters? initial, int[]? hiddenLayers) =>
            _mlContext.Regression.Trainers.DenseNeuralNet(Options(Dense, Tasks.Regression, "planes", options => (options.Layers, options.HiddenLayers) = (null, hiddenLayers))).Fit(ShapedRow.View("planes"), null, initial).Model;
    }

    [Fact]
    public void A_model_that_learned_a_table_goes_on_with_it_and_images_in_any_order()
    {
        var table = Model("planes", null, options => options.InputShape = ShapedRow.Size);
        Assert.Equal("360", Model("planes", table).Layers[0].InputShape.ToString());
        var image = Model("planes", null);
        Assert.Equal("12 x 10 x 3", Model("flat", image, options => options.InputShape = null).Layers[0].InputShape.ToString());
        Assert.Equal(Parameters(Model("planes", image)), Parameters(Model("pixels", image)));
        Assert.Equal(Parameters(Model("planes", image)), Parameters(Model("flat", image)));

        var error = Assert.ThrowsAny<ArgumentException>(() => Model("planes", image, options => options.InputShape = new Shape(12, 30)));
        Assert.Contains("12 x 10 x 3 -> 12 x 10 x 3, 0 parameters", error.Message, StringComparison.Ordinal);
        Assert.Contains("12 x 30 -> 12 x 30, 0 parameters", error.Message, StringComparison.Ordinal);

        DenseNeuralNetRegressionModelParameters Model(string order, DenseNeuralNetRegressionModelParameters? initial, Action<DenseNeuralNetOptions>? change = null) =>
            _mlContext.Regression.Trainers.DenseNeuralNet(Options(Dense, Tasks.Regression, order, change)).Fit(ShapedRow.View(order), null, initial).Model;
    }

    private static float[] Parameters(IDenseNeuralNetModel model) => [.. model.Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.ToArray())];

    private static float[] Parameters(ITransformer model) => Parameters(model.GetDenseNeuralNet());

    private DenseNeuralNetEstimator Estimator(string network, string task, string order, Action<DenseNeuralNetOptions>? change = null) => _mlContext.Transforms.DenseNeuralNet(Options(network, task, order, change));

    private static DenseNeuralNetOptions Options(string network, string task, string order, Action<DenseNeuralNetOptions>? change = null)
    {
        var options = ShapedNetworks.Options(network, task, order);
        (options.NumberOfEpochs, options.Shuffle, options.Seed) = (3, false, 1);
        change?.Invoke(options);
        return options;
    }
}
