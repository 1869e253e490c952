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
    public const string Quantiles = "several quantiles";

    /// <summary>The labels are numbers that are 0 or 1.</summary>
    public const string ZeroOne = "several labels of 0 and 1";

    public const string Ranking = "ranking";

    /// <summary>Features are learned themselves.</summary>
    public const string Anomalies = "anomalies";

    /// <summary>Whether a model's score is a vector.</summary>
    public static bool HasSeveralScores(string task) => task is not (Binary or Regression or Ranking or Anomalies);

    public static IEstimator<ITransformer> Trainer(MLContext mlContext, string task, DenseNeuralNetOptions options)
    {
        options.LabelColumnName = task switch
        {
            Multiclass => nameof(Row.Key),
            Binary => nameof(Row.Flag),
            Regression or Quantiles or Ranking or Anomalies => nameof(Row.Number),
            MultiLabel => nameof(Row.Flags),
            ZeroOne => nameof(Row.Ones),
            _ => nameof(Row.Numbers),
        };
        options.Loss = task == Quantiles ? new MultiQuantileLoss(0.1f, 0.5f, 0.9f) : null;
        options.RowGroupColumnName = task == Ranking ? nameof(Row.Group) : null;
        return task switch
        {
            ZeroOne => mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(options),
            Ranking => mlContext.Ranking.Trainers.DenseNeuralNet(options),
            Anomalies => mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options),
            _ => mlContext.Transforms.DenseNeuralNet(options),
        };
    }
}
