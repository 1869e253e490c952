using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>A pipeline for each task over <see cref="Sample"/> rows.</summary>
public static class Tasks
{
    public const string Multiclass = "multiclass";
    public const string Binary = "binary";
    public const string Regression = "regression";
    public const string MultiOutput = "multi-output";

    public static TheoryData<string> All => [Multiclass, Binary, Regression, MultiOutput];

    public static string LabelOf(string task) => task switch
    {
        Multiclass => "Label",
        Binary => nameof(Sample.Flag),
        Regression => nameof(Sample.Number),
        _ => nameof(Sample.Numbers),
    };

    public static IEstimator<ITransformer> Pipeline(MLContext mlContext, string task, Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = LabelOf(task), HiddenLayers = [16], LearningRate = 0.01f, NumberOfEpochs = 5, Seed = 1 };
        change?.Invoke(options);
        var net = mlContext.Transforms.DenseNeuralNet(options);
        return task == Multiclass ? mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Append(net) : net;
    }

    /// <summary>The bits of a score column, row by row.</summary>
    public static List<string> ScoreBits(IDataView scored, string column = "Score")
    {
        var score = scored.Schema[column];
        return score.Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>(score).Select(row => string.Join(' ', row.Select(Bits)))]
            : [.. scored.GetColumn<float>(score).Select(Bits)];
    }

    private static string Bits(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
