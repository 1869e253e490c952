using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>A model takes rows in the order in which it was trained with them, wherever it is loaded; and what does not fit is told in words.</summary>
public sealed class ShapedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly MLContext _mlContext = new(seed: 1);

    public static MatrixTheoryData<string, string> NetworksAndTasks => new(ShapedNetworks.Names, [.. Tasks.All.Select(row => row.Data)]);

    public static TheoryData<string> Networks => [.. ShapedNetworks.Names];

    private string ModelPath => Path.Combine(_folder, "model.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(NetworksAndTasks))]
    public void A_fresh_process_scores_planes_to_the_same_bits(string network, string task)
    {
        var (model, rows) = (Fit(task, "planes", network: network), ShapedRow.View("planes", count: 20));
        _mlContext.Model.Save(model, rows.Schema, ModelPath);
        var path = Path.Combine(_folder, "rows.idv");
        using (var stream = File.Create(path))
            _mlContext.Data.SaveAsBinary(rows, stream);

        var run = OtherProgram.Run("ScoreSavedModel", [ModelPath, path]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Tasks.ScoreBits(model.Transform(rows)), run.Lines[^20..]);
    }

    /// <summary>The version that is needed is written, so that versions of the library that know no planes refuse those and read all else.</summary>
    [Theory]
    [InlineData("planes", 2)]
    [InlineData("pixels", 1)]
    [InlineData("flat", 1)]
    public void A_file_is_of_the_version_that_it_needs(string order, int version)
    {
        _mlContext.Model.Save(Fit(Tasks.Regression, order), ShapedRow.View(order).Schema, ModelPath);
        var header = SavedModel.NetworkBytes(ModelPath, out _).AsSpan();
        var at = header.IndexOf("DNN\0REGR"u8);
        // Behind the model's signature: the version that wrote the model, and the one that can read it.
        Assert.Equal((0x00010000 + version, 0x00010000 + version), (BitConverter.ToInt32(header[(at + 8)..]), BitConverter.ToInt32(header[(at + 12)..])));
    }

    /// <summary>A file of the first version that has planes, three of two by two pixels.</summary>
    [Fact]
    public void A_model_of_version_2_scores_as_it_did()
    {
        var model = _mlContext.Model.Load(Path.Combine(ReadmeTests.Root, "tests", "MLNet.DenseNet.Tests", "SavedModels", "planes-version-2.model"), out _);
        Assert.Equal("2 x 2 x 3", model.GetDenseNeuralNet().Layers[0].InputShape.ToString());
        Assert.Equal([4.436772f, 7.5143943f, 4.4974127f, 4.9536953f], model.Transform(SmallPlanes(4)).GetColumn<float>("Score"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-3)]
    [InlineData(7)]
    public void Planes_that_a_network_cannot_have_are_damage(int planes)
    {
        _mlContext.Model.Save(Fit(Tasks.Regression, "planes"), ShapedRow.View("planes").Schema, ModelPath);
        var bytes = SavedModel.NetworkBytes(ModelPath, out var name);
        var tail = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(ShapedRow.Channels));
        BitConverter.GetBytes(planes).CopyTo(bytes, tail);
        SavedModel.Replace(ModelPath, name, bytes);

        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(ModelPath, out _));
        Assert.Contains($"The saved model is damaged: its network takes 12 x 10 x 3, whose values cannot come in {planes} planes.", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_single_row_is_predicted_as_all_are(string network)
    {
        var (model, rows) = (Fit(Tasks.Regression, "planes", network: network), ShapedRow.View("planes", count: 10));
        var schema = SchemaDefinition.Create(typeof(Picture));
        var engine = _mlContext.Model.CreatePredictionEngine<Picture, Prediction>(model, inputSchemaDefinition: schema);
        var pictures = rows.GetColumn<float[]>("Features").Select(features => new Picture { Features = features });
        Assert.Equal(model.Transform(rows).GetColumn<float>("Score"), pictures.Select(picture => engine.Predict(picture).Score).ToArray());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Many_threads_predict_the_same_bits(string network)
    {
        var (model, rows) = (Fit(Tasks.Multiclass, "planes", network: network), ShapedRow.View("planes", count: 40));
        var expected = Tasks.ScoreBits(model.Transform(rows));
        var actual = new List<string>[32];
        Parallel.For(0, actual.Length, new ParallelOptions { MaxDegreeOfParallelism = actual.Length }, i => actual[i] = Tasks.ScoreBits(model.Transform(rows)));
        Assert.All(actual, bits => Assert.Equal(expected, bits));
    }

    /// <summary>Of every layer kind, each parameter with its shape, and numbers that are the same to the bit when read back.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Text_holds_every_parameter_of_every_layer(string network)
    {
        var transformer = Fit(Tasks.Regression, "planes", network: network);
        var model = (DenseNeuralNetRegressionModelParameters)((ISingleFeaturePredictionTransformer<object>)transformer).Model;
        using var text = new StringWriter { NewLine = "\n" };
        model.SaveAsText(text, ShapedRow.View("planes").Schema["Features"]);
        var blocks = text.ToString().TrimEnd('\n').Split("\n\n");
        Assert.Equal(model.Summary().ToString(), blocks[0]);
        var parameters = model.Layers.SelectMany(layer => layer.Parameters).ToArray();
        Assert.Equal(parameters.Select(parameter => $"{parameter.Shape}").Order(), blocks.Skip(1).Select(block => block.Split('\n')[0].Split('\t')[2]).Order());
        var numbers = blocks.Skip(1).SelectMany(block => block.Split('\n').Skip(1).SelectMany(line => line.Split('\t'))).Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(parameters.SelectMany(parameter => parameter.ToArray()).Order(), numbers.Order());
    }

    [Fact]
    public void Weights_have_the_names_of_the_slots_that_they_belong_to()
    {
        var schema = new DataViewSchema.Annotations.Builder();
        schema.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 12), (ref VBuffer<ReadOnlyMemory<char>> names) => names = new VBuffer<ReadOnlyMemory<char>>(12, [.. Enumerable.Range(0, 12).Select(i => $"{"rgb"[i / 4]}{i % 4}".AsMemory())]));
        var rows = new MadeDataView(30).Add("Features", new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2), row => new VBuffer<float>(12, [.. Enumerable.Range(0, 12).Select(i => (float)(i * row % 7))]), schema.ToAnnotations())
            .Add("Label", NumberDataViewType.Single, row => (float)row);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [], NumberOfEpochs = 1 }).Fit(rows).Model;
        using var text = new StringWriter { NewLine = "\n" };
        model.SaveAsText(text, rows.Schema["Features"]);
        var lines = text.ToString().Split('\n');
        var weights = Array.IndexOf(lines, "1\tweights\t12 x 1");
        Assert.Equal("r0 g0 b0 r1 g1 b1 r2 g2 b2 r3 g3 b3", string.Join(' ', lines[(weights + 1)..(weights + 13)].Select(line => line.Split('\t')[0])));
    }

    [Fact]
    public void A_bad_value_is_named_by_its_slot_in_the_column()
    {
        var rows = new MadeDataView(30).Add("Features", new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2), row => new VBuffer<float>(12, [.. Enumerable.Range(0, 12).Select(i => i == 5 ? float.NaN : row)]))
            .Add("Label", NumberDataViewType.Single, row => (float)row);
        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Transforms.DenseNeuralNet().Fit(rows));
        Assert.Contains("the first is in slot 5", error.Message, StringComparison.Ordinal);
    }

    /// <summary>ML.NET compares the sizes of vectors, not their dimensions.</summary>
    [Theory]
    [InlineData("planes", "pixels", "expected a vector of 3 x 12 x 10, as the model was trained, got Vector<Single, 12, 10, 3>")]
    [InlineData("pixels", "planes", "expected a vector of 12 x 10 x 3, as the model was trained, got Vector<Single, 3, 12, 10>")]
    [InlineData("flat", "planes", "expected a vector of 12 x 10 x 3, as the model was trained, got Vector<Single, 3, 12, 10>")]
    [InlineData("sequence of planes", "pixels", "expected a vector of 3 x 12 x 10, as the model was trained")]
    [InlineData("sequence of pixels", "planes", "expected a vector of 12 x 10 x 3, as the model was trained")]
    [InlineData("sequence of flat", "planes", "expected a vector with its channels last")]
    [InlineData("table of planes", "pixels", "expected a vector of 3 x 12 x 10, as the model was trained, got Vector<Single, 12, 10, 3>")]
    [InlineData("table of pixels", "planes", "expected a vector of 12 x 10 x 3, as the model was trained, got Vector<Single, 3, 12, 10>")]
    [InlineData("flat", "pixels", null)]
    [InlineData("planes", "flat", null)]
    [InlineData("pixels", "flat", null)]
    [InlineData("sequence of planes", "planes", null)]
    [InlineData("sequence of pixels", "pixels", null)]
    [InlineData("sequence of flat", "pixels", null)]
    [InlineData("table of planes", "planes", null)]
    [InlineData("table of planes", "flat", null)]
    [InlineData("table of flat", "planes", null)]
    [InlineData("table of flat", "pixels", null)]
    public void Rows_that_come_in_another_order_are_refused(string trained, string scored, string? expected)
    {
        var order = trained.Split(' ')[^1];
        Engine.Shape? shape = trained.Split(' ')[0] switch
        {
            "sequence" => new(30, 12),
            "table" => ShapedRow.Size,
            "flat" => ShapedRow.Shape,
            _ => null,
        };
        var rows = ShapedRow.View(order);
        var fitted = Fit(Tasks.Regression, order, options => options.InputShape = shape);
        foreach (var model in (ITransformer[])[fitted, SavedModel.Reload(fitted, rows.Schema)])
        {
            var error = Record.Exception(() => model.Transform(ShapedRow.View(scored)));
            Assert.Equal(expected is null, error is null);
            if (error is not null)
                Assert.Contains(expected!, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Dimensions of 1 change no order, nor do neighbors that are put together.</summary>
    [Theory]
    [InlineData("10, 2", null, "2, 10", "expected a vector of 10 x 2, as the model was trained, got Vector<Single, 2, 10>")]
    [InlineData("10, 2", null, "4, 5", "expected a vector of 10 x 2")]
    [InlineData("10, 2", null, "2, 2, 5", "expected a vector of 10 x 2")]
    [InlineData("10, 2", null, "10, 2", null)]
    [InlineData("10, 2", null, "1, 10, 2", null)]
    [InlineData("10, 2", null, "2, 5, 2", null)]
    [InlineData("10, 2", null, "20", null)]
    [InlineData("10, 2", "4 x 5", null, "The option InputShape is 4 x 5; it must be steps and channels")]
    [InlineData("20", "10 x 2", "2, 10", "expected a vector of 10 x 2")]
    [InlineData("20", "10 x 2", "10, 2", null)]
    [InlineData("20", null, "2, 10", null)]
    [InlineData("10, 2", "20", "2, 10", "expected a vector of 10 x 2")]
    [InlineData("5, 4", "2 x 5 x 2", "2, 2, 5", "expected a vector of 5 x 4")]
    [InlineData("2, 5, 1, 2", "5 x 2 x 2", "5, 2, 2", null)]
    [InlineData("2, 5, 2", "2 x 5 x 2", "2, 10, 1", "expected a vector of 2 x 5 x 2")]
    public void Dimensions_tell_the_order_of_sequences_and_tables_too(string trained, string? shape, string? scored, string? expected)
    {
        var rows = Numbers(trained);
        var error = Record.Exception(() =>
        {
            var fitted = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [3], NumberOfEpochs = 1, InputShape = shape is null ? null : new(Lengths(shape, " x ")) }).Fit(rows);
            foreach (var model in (ITransformer[])[fitted, SavedModel.Reload(fitted, rows.Schema)])
            {
                var refused = Record.Exception(() => model.Transform(Numbers(scored!)));
                Assert.Equal(expected is null, refused is null);
                if (model != fitted && refused is not null)
                    throw refused;
            }
        });
        Assert.Contains(expected ?? "", error?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(expected is null, error is null);

        static MadeDataView Numbers(string dimensions) => new MadeDataView(30)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, Lengths(dimensions, ", ")), row => new VBuffer<float>(20, [.. Enumerable.Range(0, 20).Select(i => (float)((i + 1) * (row + 1) % 7))]))
            .Add("Label", NumberDataViewType.Single, row => (float)(row % 7));

        static int[] Lengths(string text, string separator) => [.. text.Split(separator).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>As files of versions that did not keep the column's dimensions: the network's shape tells what it can.</summary>
    [Theory]
    [InlineData("planes", false, "expected a vector of 3 x 12 x 10")]
    [InlineData("pixels", false, "expected a vector of 12 x 10 x 3")]
    [InlineData("planes", true, "expected a vector of 3 planes")]
    [InlineData("pixels", true, "expected a vector with its channels last")]
    public void A_model_without_the_dimensions_of_its_column_knows_those_of_its_network(string order, bool isSequence, string expected)
    {
        var (rows, others) = (ShapedRow.View(order), ShapedRow.View(order == "planes" ? "pixels" : "planes"));
        var model = Fit(Tasks.Regression, order, options => options.InputShape = isSequence ? new(30, 12) : null);
        _mlContext.Model.Save(model, rows.Schema, ModelPath);
        ChangeDimensions(bytes => bytes[12] ^= 1);
        Assert.Contains("The dimensions of features in the saved model are damaged", Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(ModelPath, out _)).ToString(), StringComparison.Ordinal);

        ChangeDimensions(null);
        var loaded = _mlContext.Model.Load(ModelPath, out _);
        Assert.Equal(Tasks.ScoreBits(model.Transform(rows)), Tasks.ScoreBits(loaded.Transform(rows)));
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => loaded.Transform(others)).Message, StringComparison.Ordinal);

        void ChangeDimensions(Action<byte[]>? change)
        {
            using var zip = ZipFile.Open(ModelPath, ZipArchiveMode.Update);
            var entry = zip.Entries.Single(e => e.Name == "FeatureDimensions");
            var (name, memory) = (entry.FullName, new MemoryStream());
            using (var stream = entry.Open())
                stream.CopyTo(memory);
            entry.Delete();
            if (change is null)
                return;
            var bytes = memory.ToArray();
            change(bytes);
            using var changed = zip.CreateEntry(name).Open();
            changed.Write(bytes);
        }
    }

    /// <summary>ML.NET's models of several classes made of binary ones give these vectors without their column: no more than the length of a row can be seen.</summary>
    [Fact]
    public void One_versus_all_and_pairwise_coupling_show_their_models_no_dimensions()
    {
        var (trainers, rows) = (_mlContext.MulticlassClassification.Trainers, ShapedRow.View("planes"));
        var binary = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(ShapedNetworks.Options(ShapedNetworks.Dense, Tasks.Multiclass, "planes"));
        foreach (var model in (ITransformer[])[trainers.OneVersusAll(binary, labelColumnName: nameof(ShapedRow.Label)).Fit(rows), trainers.PairwiseCoupling(binary, labelColumnName: nameof(ShapedRow.Label)).Fit(rows)])
            Assert.NotEqual(Tasks.ScoreBits(model.Transform(rows)), Tasks.ScoreBits(model.Transform(ShapedRow.View("pixels"))));
    }

    [Fact]
    public void A_validation_set_in_another_order_is_refused() => Assert.ThrowsAny<ArgumentException>(
        () => _mlContext.Regression.Trainers.DenseNeuralNet(nameof(ShapedRow.Number)).Fit(ShapedRow.View("planes"), ShapedRow.View("pixels")));

    [Fact]
    public void A_shape_that_is_likely_planes_is_warned_of()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, entry) => warnings.AddRange(entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning && !entry.RawMessage.Contains("tells the label", StringComparison.Ordinal) ? [entry.Message] : []);
        Fit(Tasks.Regression, "planes", options => options.InputShape = new Engine.Shape(3, 12, 10));
        Assert.Contains("The option InputShape is 3 x 12 x 10, height x width x channels. If the feature column 'Features', of type Vector<Single, 3, 12, 10>, has its channels first, it should be 12 x 10 x 3.", Assert.Single(warnings), StringComparison.Ordinal);
        Fit(Tasks.Regression, "planes", options => options.InputShape = ShapedRow.Shape);
        Fit(Tasks.Regression, "planes");
        Assert.Single(warnings);
    }

    /// <summary>Told before a row is read, though the column has none.</summary>
    [Fact]
    public void A_shape_of_another_size_names_option_column_and_sizes()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("InputShape", () => Fit(Tasks.Regression, "flat", options => options.InputShape = new Engine.Shape(28, 28, 1), count: 0));
        Assert.Contains("The option InputShape is 28 x 28 x 1; it must have a value for each feature, which are 360 in the column 'Features'; it has 784.", error.Message, StringComparison.Ordinal);
    }

    private DenseNeuralNetEstimator Estimator(string task, string order, Action<DenseNeuralNetOptions>? change, string network)
    {
        var options = ShapedNetworks.Options(network, task, order);
        change?.Invoke(options);
        return _mlContext.Transforms.DenseNeuralNet(options);
    }

    private ITransformer Fit(string task, string order, Action<DenseNeuralNetOptions>? change = null, int count = 60, string network = ShapedNetworks.Dense) =>
        Estimator(task, order, change, network).Fit(ShapedRow.View(order, count));

    private static MadeDataView SmallPlanes(int count) => new MadeDataView(count)
        .Add("Features", new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2), row => new VBuffer<float>(12, [.. Enumerable.Range(0, 12).Select(i => (float)((i + 1) * (row + 1) % 7))]))
        .Add("Label", NumberDataViewType.Single, row => (float)((row + 1) % 7 + 5 * (row + 1) % 7));

    private sealed class Picture
    {
        [VectorType(ShapedRow.Channels, ShapedRow.Height, ShapedRow.Width)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
