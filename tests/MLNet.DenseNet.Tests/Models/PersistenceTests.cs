using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

public sealed class PersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public PersistenceTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));

    private string ModelPath => Path.Combine(_folder, "model.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void A_model_saved_with_its_loader_loads_alone_with_it_and_as_a_composite(string task)
    {
        var rowsPath = Path.Combine(_folder, "rows.tsv");
        using (var stream = File.Create(rowsPath))
            _mlContext.Data.SaveAsText(_data, stream, schema: false, forceDense: true);
        var source = new MultiFileSource(rowsPath);
        var loader = _mlContext.Data.CreateTextLoader(Sample.TextColumns, hasHeader: true);
        var model = Tasks.Pipeline(_mlContext, task).Fit(loader.Load(source));
        var expected = Tasks.ScoreBits(model.Transform(loader.Load(source)));

        _mlContext.Model.Save(model, loader, ModelPath);
        Assert.Equal(expected, Tasks.ScoreBits(_mlContext.Model.Load(ModelPath, out _).Transform(loader.Load(source))));
        var loadedModel = _mlContext.Model.LoadWithDataLoader(ModelPath, out var loadedLoader);
        Assert.Equal(expected, Tasks.ScoreBits(loadedModel.Transform(loadedLoader.Load(source))));

        var composite = _mlContext.Data.CreateTextLoader(Sample.TextColumns, hasHeader: true).Append(Tasks.Pipeline(_mlContext, task)).Fit(source);
        Assert.Equal(expected, Tasks.ScoreBits(composite.Load(source)));
        var compositePath = Path.Combine(_folder, "composite.zip");
        _mlContext.Model.Save(null, composite, compositePath);
        _mlContext.Model.LoadWithDataLoader(compositePath, out var loadedComposite);
        Assert.Equal(expected, Tasks.ScoreBits(loadedComposite.Load(source)));
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void A_fresh_process_that_names_none_of_our_types_scores_to_the_same_bits(string task)
    {
        var model = FitAndSave(task);
        var rowsPath = Path.Combine(_folder, "rows.idv");
        using (var stream = File.Create(rowsPath))
            _mlContext.Data.SaveAsBinary(_data, stream);

        var lines = RunScoreSavedModel(ModelPath, rowsPath);

        var scored = model.Transform(_data);
        Assert.Equal([.. scored.Schema.Select(c => $"{c.Name}: {c.Type}"), .. Tasks.ScoreBits(scored)], lines);
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Trained_weights_can_be_read_and_are_the_same_after_loading(string task)
    {
        var layers = LayersOf(FitAndSave(task));
        Assert.Equal(["Standardization, limit", "Dense 16 SiLU", $"Dense {(task == Tasks.Multiclass ? 3 : task == Tasks.MultiOutput ? 2 : 1)}"],
            layers.Select(l => string.Join(' ', l.Layer.ToString()!.Split(' ').Take(l.Index == 1 ? 3 : 2))));
        Assert.Equal(["weights 4 x 16", "bias 16"], layers[1].Parameters.Select(p => $"{p.Name} {p.Shape}"));
        Assert.Contains(layers[1].Parameters[1].ToArray(), x => x != 0);

        var loaded = LayersOf(_mlContext.Model.Load(ModelPath, out _));
        Assert.Equal(
            layers.SelectMany(l => l.Parameters).Select(p => p.ToArray()),
            loaded.SelectMany(l => l.Parameters).Select(p => p.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void The_training_history_is_the_same_after_loading(string task)
    {
        var history = HistoryOf(FitAndSave(task))!;
        var loaded = HistoryOf(_mlContext.Model.Load(ModelPath, out _))!;
        Assert.Equal(5, loaded.Count);
        Assert.Equal(history.AsEnumerable(), loaded);
        Assert.Equal((history.End, history.RestoredEpoch, history.Settings), (loaded.End, loaded.RestoredEpoch, loaded.Settings));
    }

    [Fact]
    public void A_model_without_a_history_loads_and_one_with_a_damaged_history_does_not()
    {
        var scores = Tasks.ScoreBits(FitAndSave(Tasks.Regression).Transform(_data));
        ChangeHistory(bytes => bytes[30] ^= 1);
        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(ModelPath, out _));
        Assert.Contains(Chain(error), e => e is FormatException && e.Message.Contains("training history is damaged", StringComparison.Ordinal));

        ChangeHistory(null);
        var loaded = _mlContext.Model.Load(ModelPath, out _);
        Assert.Null(HistoryOf(loaded));
        Assert.Equal(scores, Tasks.ScoreBits(loaded.Transform(_data)));

        void ChangeHistory(Action<byte[]>? change)
        {
            using var zip = ZipFile.Open(ModelPath, ZipArchiveMode.Update);
            var entry = zip.Entries.Single(e => e.Name == "TrainingHistory");
            var (name, bytes) = (entry.FullName, SavedModel.ReadAll(entry));
            entry.Delete();
            if (change is null)
                return;
            change(bytes);
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }

    [Fact]
    public void A_damaged_model_is_a_clear_decode_error()
    {
        FitAndSave(Tasks.Regression);
        var bytes = SavedModel.NetworkBytes(ModelPath, out var name);
        bytes[bytes.AsSpan().IndexOf("MLDN"u8) + 50] ^= 1;
        SavedModel.Replace(ModelPath, name, bytes);

        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(ModelPath, out _));
        Assert.Contains("damaged", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(Chain(error), e => e is FormatException);
    }

    private ITransformer FitAndSave(string task)
    {
        var model = Tasks.Pipeline(_mlContext, task).Fit(_data);
        _mlContext.Model.Save(model, _data.Schema, ModelPath);
        return model;
    }

    private static IReadOnlyList<Engine.NetworkLayer> LayersOf(ITransformer transformer) => ModelOf(transformer) switch
    {
        DenseNeuralNetModelParameters<float> single => single.Layers,
        DenseNeuralNetModelParameters<VBuffer<float>> vector => vector.Layers,
        var other => throw new InvalidOperationException($"{other} is not a network."),
    };

    private static TrainingHistory? HistoryOf(ITransformer transformer) => ModelOf(transformer) switch
    {
        DenseNeuralNetModelParameters<float> single => single.History,
        DenseNeuralNetModelParameters<VBuffer<float>> vector => vector.History,
        var other => throw new InvalidOperationException($"{other} is not a network."),
    };

    private static object ModelOf(ITransformer transformer) =>
        ((IPredictionTransformer<object>)(transformer is IEnumerable<ITransformer> chain ? chain.Last() : transformer)).Model;

    private static string[] RunScoreSavedModel(params string[] arguments)
    {
        var run = OtherProgram.Run("ScoreSavedModel", arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Lines;
    }

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            yield return error;
    }
}
