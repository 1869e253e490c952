using Microsoft.ML;
using MLNet.DenseNet;

namespace HostileInputs;

/// <summary>The tasks, by the type of the label.</summary>
internal static class Task
{
    public const string Multiclass = "multiclass";
    public const string Binary = "binary";
    public const string Regression = "regression";
    public const string MultiOutput = "several outputs";
    public const string MultiLabel = "several labels";

    public static IEstimator<ITransformer> Trainer(MLContext mlContext, string task, DenseNeuralNetOptions options)
    {
        options.LabelColumnName = task switch { Multiclass => nameof(Row.Key), Binary => nameof(Row.Flag), Regression => nameof(Row.Number), MultiLabel => nameof(Row.Flags), _ => nameof(Row.Numbers) };
        return mlContext.Transforms.DenseNeuralNet(options);
    }
}
