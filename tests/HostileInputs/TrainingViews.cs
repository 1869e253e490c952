using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace HostileInputs;

/// <summary>Data views with a vector of any kind among the rows.</summary>
internal static class TrainingViews
{
    private const int Rows = 45;

    private static readonly (string Task, int Length, DataCaching Caching)[] Cases =
    [
        (Task.Multiclass, 300, DataCaching.Memory), (Task.Binary, 300, DataCaching.Stream), (Task.Regression, 5, DataCaching.Memory), (Task.MultiOutput, 5, DataCaching.Stream),
        (Task.Quantiles, 300, DataCaching.Stream), (Task.Quantiles, 5, DataCaching.Memory), (Task.ZeroOne, 5, DataCaching.Stream),
        (Task.Ranking, 5, DataCaching.Memory), (Task.Ranking, 300, DataCaching.Memory), (Task.Anomalies, 5, DataCaching.Memory), (Task.Anomalies, 300, DataCaching.Memory),
    ];

    public static void FeaturesAreCheckedOrRefused(int samples)
    {
        foreach (var (task, length, caching) in Cases)
        {
            Gen.Select(Vectors.Of(length), Gen.Int[0, Rows - 1], Gen.Bool).Sample(
                (vector, place, isValidation) =>
                {
                    var fault = Vectors.Fault(vector, length);
                    var (training, validation) = (Row.Some(Rows, length), Row.Some(10, length));
                    (isValidation ? validation : training)[place % (isValidation ? 10 : Rows)].Features = vector;
                    Fit(task, length, caching, training, validation, fault);
                },
                iter: Math.Max(1, samples / 8), threads: 1);
        }
    }

    public static void TargetsAreCheckedOrRefused(int samples) => Gen.Select(Vectors.Of(2), Gen.Int[0, Rows - 1], Gen.Bool).Sample(
        (vector, place, isStreamed) =>
        {
            var training = Row.Some(Rows, 5);
            (training[place].Numbers, training[place].Flags, training[place].Ones) = (vector, Vectors.Labels(vector), vector);
            var caching = isStreamed ? DataCaching.Stream : DataCaching.Memory;
            foreach (var task in (string[])[Task.MultiOutput, Task.MultiLabel])
                Fit(task, 5, caching, training, Row.Some(10, 5), Vectors.Fault(vector, 2));
            Fit(Task.ZeroOne, 5, caching, training, Row.Some(10, 5), Vectors.FaultOfLabels(vector, 2));
        },
        iter: Math.Max(1, samples / 4), threads: 1);

    public static void NumbersAreLearnedOrLeftOut(int samples) => Gen.Select(Vectors.AnyFloat, Gen.Int[0, Rows - 1], Gen.Bool).Sample(
        (value, place, isStreamed) =>
        {
            var training = Row.Some(Rows, 5);
            training[place].Number = value;
            foreach (var task in (string[])[Task.Regression, Task.Quantiles])
                Fit(task, 5, isStreamed ? DataCaching.Stream : DataCaching.Memory, training, Row.Some(10, 5), []);
            Fit(Task.Ranking, 5, DataCaching.Memory, training, Row.Some(10, 5), []);
        },
        iter: Math.Max(1, samples / 2), threads: 1);

    public static void KeysAreCheckedOrRefused(int samples) => Gen.Select(Vectors.OfKeys, Gen.Int[0, Rows - 1], Gen.Bool, Gen.Bool).Sample(
        (keys, place, isValidation, isStreamed) =>
        {
            var (training, validation) = (Row.Some(Rows, 5), Row.Some(10, 5));
            (isValidation ? validation : training)[place % (isValidation ? 10 : Rows)].Keys = keys;
            Fit(Task.Quantiles, 5, isStreamed ? DataCaching.Stream : DataCaching.Memory, training, validation, Vectors.FaultOfKeys(keys), nameof(Row.Keys));
            foreach (var task in (string[])[Task.Ranking, Task.Anomalies])
                Fit(task, 5, DataCaching.Memory, training, validation, Vectors.FaultOfKeys(keys), nameof(Row.Keys));
        },
        iter: samples, threads: 1);

    public static void EvaluationRefuses(int samples)
    {
        var mlContext = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Pair));
        foreach (var name in (string[])[nameof(Pair.Label), nameof(Pair.Score)])
            schema[name].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        foreach (var name in (string[])[nameof(Pair.Flags), nameof(Pair.PredictedLabel)])
            schema[name].ColumnType = new VectorDataViewType(BooleanDataViewType.Instance, 4);
        Gen.Select(Vectors.Of(4), Vectors.Of(4), Vectors.Of(4)).Sample(
            (label, score, predicted) =>
            {
                var pair = new Pair { Label = label, Score = score, Flags = Vectors.Labels(label), PredictedLabel = Vectors.Labels(predicted) };
                var view = mlContext.Data.LoadFromEnumerable([pair, new Pair()], schema);
                Check(() => mlContext.Regression.EvaluateMultiOutput(view), label, score);
                Check(() => mlContext.Regression.EvaluateQuantiles(view, nameof(Pair.Number), quantiles: [0.1f, 0.2f, 0.8f, 0.9f]), score);
                Check(() => mlContext.BinaryClassification.EvaluateMultiLabel(view, nameof(Pair.Flags)), label, predicted, score);
                Action evaluateNumbers = () => mlContext.BinaryClassification.EvaluateMultiLabel(view);
                if (Vectors.FaultOfLabels(label, 4) is { Length: > 0 } fault)
                    Expect.Refusal(evaluateNumbers, fault[0]);
            },
            iter: samples, threads: 1);

        static void Check(Action evaluate, params VBuffer<float>[] vectors)
        {
            if (vectors.Select(vector => Vectors.Fault(vector, 4)).FirstOrDefault(fault => fault.Length > 0) is { } fault)
                Expect.Refusal(evaluate, fault[0]);
            else
                Expect.NoAccident(evaluate);
        }
    }

    /// <summary>Values beyond what can be learned from are another matter: rows are skipped, or training says that it diverges. A model that comes of them predicts numbers.</summary>
    private static void Fit(string task, int length, DataCaching caching, List<Row> training, List<Row> validation, string[] fault, string features = nameof(Row.Features))
    {
        var mlContext = new MLContext(seed: 1);
        var schema = Row.Schema(length);
        var options = new DenseNeuralNetOptions
        {
            FeatureColumnName = features,
            HiddenLayers = [4],
            NumberOfEpochs = 1,
            DataCaching = caching,
            ValidationSet = mlContext.Data.LoadFromEnumerable(validation, schema),
            NumberOfThreads = 1,
            Seed = 1,
        };
        ITransformer? model = null;
        Action fit = () => model = Task.Trainer(mlContext, task, options).Fit(mlContext.Data.LoadFromEnumerable(training, schema));
        if (fault.Length > 0)
            Expect.Refusal(fit, fault[0]);
        else
            Expect.NoAccident(fit);
        if (model is not null)
            CheckFinite(model.Transform(mlContext.Data.LoadFromEnumerable(Row.Some(20, length), schema)), task);
    }

    private static void CheckFinite(IDataView scored, string task)
    {
        IEnumerable<float> scores = Task.HasSeveralScores(task) ? scored.GetColumn<float[]>("Score").SelectMany(row => row) : scored.GetColumn<float>("Score");
        if (scores.FirstOrDefault(score => !float.IsFinite(score)) is not 0 and var wrong)
            throw new InvalidOperationException($"A model of the task {task} predicts {wrong}.");
    }

    private sealed class Pair
    {
        public float Number { get; set; }

        public VBuffer<float> Label { get; set; } = new(4, [1, 2, 3, 4]);

        public VBuffer<float> Score { get; set; } = new(4, [4, 3, 2, 1]);

        public VBuffer<bool> Flags { get; set; } = new(4, [true, false, false, true]);

        public VBuffer<bool> PredictedLabel { get; set; } = new(4, [true, true, false, false]);
    }
}
