using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.PublicReports;

/// <summary>What was reported of other trainers about models that are saved, shared, asked for rows with holes, or kept for long.</summary>
public class ModelLifeReportTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>A model could not be saved to a stream that cannot seek, nor loaded in several places at once (dotnet/machinelearning#3921).</summary>
    [Fact]
    public void A_model_goes_through_a_stream_without_seek_and_is_loaded_side_by_side()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        var model = Tasks.Pipeline(_mlContext, Tasks.Binary).Fit(data);
        using var memory = new MemoryStream();
        using (var stream = new ForwardStream(memory))
            _mlContext.Model.Save(model, data.Schema, stream);
        var (bytes, expected) = (memory.ToArray(), Tasks.ScoreBits(model.Transform(data)));
        Assert.All(ParallelEnumerable.Range(0, 8).Select(_ => Tasks.ScoreBits(new MLContext().Model.Load(new MemoryStream(bytes), out DataViewSchema _).Transform(data))).ToArray(), bits => Assert.Equal(expected, bits));
    }

    /// <summary>The rows learned from stayed in memory as long as the model (dotnet/machinelearning#6188).</summary>
    [Fact]
    public void A_model_keeps_none_of_its_rows()
    {
        var (model, rows) = Fit();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(rows.IsAlive);
        GC.KeepAlive(model);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (ITransformer, WeakReference) Fit()
        {
            var mlContext = new MLContext(seed: 1);
            var rows = Sample.Rows(50);
            return (Tasks.Pipeline(mlContext, Tasks.Regression).Fit(mlContext.Data.LoadFromEnumerable(rows)), new WeakReference(rows));
        }
    }

    /// <summary>Trainings at once in one process disturbed each other (NeuralNetwork.NET#91).</summary>
    [Fact]
    public void Pipelines_fitted_side_by_side_are_those_fitted_alone()
    {
        var alone = Fit(3);
        Assert.All(ParallelEnumerable.Range(0, 8).WithDegreeOfParallelism(8).Select(_ => Fit(3)).ToArray(), bits => Assert.Equal(alone, bits));

        static List<string> Fit(int seed)
        {
            var mlContext = new MLContext(seed);
            var data = mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
            return Tasks.ScoreBits(Tasks.Pipeline(mlContext, Tasks.Multiclass).Fit(data).Transform(data));
        }
    }

    /// <summary>A missing feature gave a prediction as if nothing were wrong (Clinical-Insight-Engine#1975). ML.NET's linear models give no number, and so is it here where missing features are not to be learned from.</summary>
    [Fact]
    public void A_missing_feature_gives_no_prediction_where_asked_for()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var hole = Sample.Rows(1);
        hole[0].Features[1] = float.NaN;
        var holes = _mlContext.Data.LoadFromEnumerable(hole);
        foreach (var task in Tasks.All.Select(row => row.Data))
        {
            var scored = Tasks.Pipeline(_mlContext, task, o => o.MissingFeatures = MissingFeatures.Skip).Fit(data).Transform(holes);
            Assert.All(scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score").Single() : [.. scored.GetColumn<float>("Score")], score => Assert.Equal(float.NaN, score));
            if (task == Tasks.Multiclass)
                Assert.Equal(0u, scored.GetColumn<uint>("PredictedLabel").Single());
            if (task == Tasks.Binary)
                Assert.Equal((float.NaN, false), (scored.GetColumn<float>("Probability").Single(), scored.GetColumn<bool>("PredictedLabel").Single()));
        }
    }

    /// <summary>Going on from a model failed where early stopping is on (scikit-learn#25693).</summary>
    [Fact]
    public void A_training_with_early_stopping_can_be_gone_on_with()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [8], EarlyStopping = new EarlyStopping(patience: 5) });
        var first = trainer.Fit(data);
        var second = trainer.Fit(data, first.Model);
        double RSquared(ITransformer model) => _mlContext.Regression.Evaluate(model.Transform(data), nameof(Sample.Number)).RSquared;
        Assert.InRange(RSquared(second), RSquared(first) - 0.05, 1);
    }

    private sealed class ForwardStream(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
