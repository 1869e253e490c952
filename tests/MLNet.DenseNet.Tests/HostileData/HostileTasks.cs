using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>For each task the labels of made rows, and a trainer that is quick with them.</summary>
internal static class HostileTasks
{
    public const string Quantiles = "quantiles";
    public const string MultiLabel = "several labels";

    /// <summary>The labels are numbers that are 0 or 1.</summary>
    public const string ZeroOne = "several labels of 0 and 1";

    public const string Ranking = "ranking";

    /// <summary>Rows have no label.</summary>
    public const string Anomalies = "anomalies";

    public static readonly string[] All = [.. Tasks.All.Select(row => row.Data), Quantiles, MultiLabel, ZeroOne, Ranking, Anomalies];

    /// <summary>Where the rows of a task may be: those of a group, and those to learn themselves from, are not streamed.</summary>
    public static DataCaching[] Cachings(string task) => task is Ranking or Anomalies ? [DataCaching.Memory] : [DataCaching.Memory, DataCaching.Stream];

    /// <summary>The tasks whose rows may be in a place.</summary>
    public static IEnumerable<string> With(DataCaching caching) => All.Where(task => Cachings(task).Contains(caching));

    /// <summary>Three features of a row.</summary>
    public static float[] Features(long row) => [row % 3, row % 7, row % 11];

    /// <summary>One of three classes.</summary>
    public static uint Key(long row) => (uint)(row % 3 + 1);

    /// <summary>Adds the column "Label", where a task has labels, and "Group", where it has groups.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="task">The task.</param>
    /// <param name="number">From the number of a row to that of the row whose label it has.</param>
    public static MadeDataView WithLabel(MadeDataView data, string task, Func<long, long> number) => task switch
    {
        Tasks.Multiclass => data.Add("Label", new KeyDataViewType(typeof(uint), 3), row => Key(number(row))),
        Tasks.Binary => data.Add("Label", BooleanDataViewType.Instance, row => number(row) % 3 == 0),
        MultiLabel => data.Add("Label", new VectorDataViewType(BooleanDataViewType.Instance, 2), row => new VBuffer<bool>(2, [number(row) % 7 > 3, number(row) % 3 == 0])),
        Anomalies => data,
        _ => WithNumbers(WithGroup(data, task, number), task, row => Numbers(task, number(row))),
    };

    /// <summary>Adds the column "Group" in a ranking: five rows belong together.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="task">The task.</param>
    /// <param name="number">From the number of a row to that of the row whose group it has.</param>
    public static MadeDataView WithGroup(MadeDataView data, string task, Func<long, long> number) =>
        task == Ranking ? data.Add("Group", new KeyDataViewType(typeof(uint), 1000), row => (uint)(number(row) / 5 + 1)) : data;

    /// <summary>The label of a row in a task whose labels are numbers, as many as there are. On no line: a table of which a line tells the labels is learned in another way, which is for rows in memory and features of one dimension.</summary>
    public static float[] Numbers(string task, long row) => task switch
    {
        Tasks.Regression or Quantiles or Ranking => [Math.Abs(row % 7 - 3)],
        ZeroOne => [row % 7 / 4, row % 2],
        _ => [Math.Abs(row % 7 - 3), row % 3],
    };

    /// <summary>Adds the column "Label" of a task whose labels are numbers.</summary>
    public static MadeDataView WithNumbers(MadeDataView data, string task, Func<long, float[]> label) => task is Tasks.Regression or Quantiles or Ranking
        ? data.Add("Label", NumberDataViewType.Single, row => label(row)[0])
        : data.Add("Label", new VectorDataViewType(NumberDataViewType.Single, 2), row => new VBuffer<float>(2, label(row)));

    /// <summary>A trainer of rows that have a weight.</summary>
    public static IEstimator<ITransformer> Trainer(MLContext mlContext, DataCaching caching, string task, Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions
        {
            ExampleWeightColumnName = "Weight",
            HiddenLayers = [4],
            NumberOfEpochs = 2,
            BatchSize = 8,
            Seed = 1,
            DataCaching = caching,
            DataLimits = new DataLimits(Chunk: 200),
            Verbosity = Verbosity.Silent,
            RowGroupColumnName = task == Ranking ? "Group" : null,
        };
        change?.Invoke(options);
        return task switch
        {
            Quantiles => mlContext.Regression.Trainers.DenseNeuralNetQuantile(options),
            ZeroOne => mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(options),
            Ranking => mlContext.Ranking.Trainers.DenseNeuralNet(options),
            Anomalies => mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options),
            _ => mlContext.Transforms.DenseNeuralNet(options),
        };
    }

    /// <summary>The bits of what a model has learned.</summary>
    public static List<uint> Weights(ITransformer model) =>
        [.. model.GetDenseNeuralNet().Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.ToArray()).Select(BitConverter.SingleToUInt32Bits)];

    /// <summary>The bits of what a model learns.</summary>
    public static List<uint> Weights(MLContext mlContext, IDataView data, DataCaching caching, string task) => Weights(Trainer(mlContext, caching, task).Fit(data));
}
