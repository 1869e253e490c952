using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>What the documentation of the integration says that a public member throws is thrown: every exception that is documented has a case here.</summary>
public class DocumentedExceptionsTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(Sample.Rows(40));
    private static readonly IDataView Nothing = Context.Data.LoadFromEnumerable(Array.Empty<Sample>());

    private static readonly DocumentedExceptions Documented = new(typeof(DenseNeuralNetOptions).Assembly);

    public static TheoryData<string> Cases => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_documented_is_thrown(string documented) => Documented.Check(documented, Ways[documented], isExact: false);

    [Fact]
    public void Every_documented_exception_has_a_case() => Assert.Equal(Documented.All.Order(), Ways.Keys.Order());

    private static readonly Dictionary<string, Action[]> Ways = new()
    {
        ["DenseNeuralNetTransformerExtensions.GetDenseNeuralNet: ArgumentException"] =
            [() => Context.Transforms.NormalizeMinMax("Features").Fit(Data).GetDenseNeuralNet(), () => Fitted(Tasks.Regression).Append(Fitted(Tasks.Binary)).GetDenseNeuralNet()],
        ["DenseNeuralNetModelParameters.SaveSummary: ArgumentNullException"] = [() => Trainer().Fit(Data).Model.SaveSummary(null!)],
        ["DenseNeuralNetModelParameters.SaveAsText: ArgumentNullException"] = [() => Trainer().Fit(Data).Model.SaveAsText(null!)],
        ["DenseNeuralNetEstimator.Fit: ArgumentOutOfRangeException"] = [() => Estimator(o => o.LabelColumnName = "Missing").Fit(Data), () => Estimator(o => o.FeatureColumnName = "Category").Fit(Data)],
        ["DenseNeuralNetEstimator.Fit: InvalidOperationException"] = [() => Estimator().Fit(Nothing), () => Estimator(o => o.LabelColumnName = "Flag").Fit(OneClass())],
        ["DenseNeuralNetEstimator.Fit: TrainingDivergedException"] = [() => Estimator(Diverge).Fit(Data)],
        ["DenseNeuralNetEstimator.Fit: ArgumentException"] =
            [() => Estimator(o => o.HiddenLayers = [5]).Fit(Data, null, Trainer().Fit(Data).Model), () => Estimator(o => o.LabelColumnName = "Flag").Fit(Data, null, Trainer().Fit(Data).Model)],
        ["DenseNeuralNetEstimator.FindLearningRate: ArgumentOutOfRangeException"] = [() => Estimator().FindLearningRate(Data, lowest: 0), () => Estimator(o => o.LabelColumnName = "Missing").FindLearningRate(Data)],
        ["DenseNeuralNetEstimator.GetOutputSchema: ArgumentOutOfRangeException"] = [() => Estimator(o => o.LabelColumnName = "Missing").GetOutputSchema(new SchemaShape([]))],
        ["DenseNeuralNetTrainer.Fit: ArgumentOutOfRangeException"] = [() => Trainer(o => o.LabelColumnName = "Missing").Fit(Data), () => Trainer(o => o.LabelColumnName = "Category").Fit(Data)],
        ["DenseNeuralNetTrainer.Fit: InvalidOperationException"] = [() => Trainer().Fit(Nothing)],
        ["DenseNeuralNetTrainer.Fit: TrainingDivergedException"] = [() => Trainer(Diverge).Fit(Data)],
        ["DenseNeuralNetEstimator.Fit: OperationCanceledException"] = [() => Estimator(o => o.CancellationToken = new CancellationToken(true)).Fit(Data)],
        ["DenseNeuralNetTrainer.Fit: OperationCanceledException"] = [() => Trainer(o => o.CancellationToken = new CancellationToken(true)).Fit(Data)],
        ["DenseNeuralNetEstimator.Fit: IOException"] = [() => Estimator(o => o.Checkpoints = new Checkpoints(typeof(Sample).Assembly.Location)).Fit(Data)],
        ["DenseNeuralNetTrainer.Fit: IOException"] = [() => Trainer(o => o.Checkpoints = new Checkpoints(typeof(Sample).Assembly.Location)).Fit(Data)],
        ["DenseNeuralNetTrainer.Fit: ArgumentException"] = [() => Trainer(o => o.HiddenLayers = [5]).Fit(Data, Trainer().Fit(Data).Model)],
        ["DenseNeuralNetTrainer.Fit: ArgumentNullException"] = [() => Trainer().Fit(Data, (DenseNeuralNetRegressionModelParameters)null!)],
        ["DenseNeuralNetTrainer.GetOutputSchema: ArgumentOutOfRangeException"] = [() => Trainer(o => o.LabelColumnName = "Missing").GetOutputSchema(new SchemaShape([]))],
        ["DenseNeuralNetTrainer.FindLearningRate: ArgumentOutOfRangeException"] = [() => Trainer().FindLearningRate(Data, steps: 1), () => Trainer(o => o.LabelColumnName = "Missing").FindLearningRate(Data)],
        ["DenseNeuralNetCatalog.DenseNeuralNet: ArgumentOutOfRangeException"] =
        [
            () => Context.Transforms.DenseNeuralNet(Wrong()), () => Context.MulticlassClassification.Trainers.DenseNeuralNet(Wrong()), () => Context.BinaryClassification.Trainers.DenseNeuralNet(Wrong()),
            () => Context.Regression.Trainers.DenseNeuralNet(Wrong()), () => Context.Regression.Trainers.DenseNeuralNet(learningRate: -1), () => Context.Transforms.DenseNeuralNet(numberOfEpochs: 0),
            () => Context.AnomalyDetection.Trainers.DenseNeuralNet(Wrong()), () => Context.AnomalyDetection.Trainers.DenseNeuralNet(contamination: 1), () => Context.AnomalyDetection.Trainers.DenseNeuralNet(hiddenLayers: []),
            () => Context.Ranking.Trainers.DenseNeuralNet(Wrong()), () => Context.Ranking.Trainers.DenseNeuralNet(dropoutRate: 1),
            () => Context.BinaryClassification.Trainers.DenseNeuralNet(learningRate: float.NaN), () => Context.MulticlassClassification.Trainers.DenseNeuralNet(hiddenLayers: [0]),
        ],
        ["MultiOutputRegressionCatalog.DenseNeuralNetMultiOutput: ArgumentOutOfRangeException"] = [() => Context.Regression.Trainers.DenseNeuralNetMultiOutput(Wrong())],
        ["MultiOutputRegressionCatalog.EvaluateMultiOutput: ArgumentNullException"] = [() => Context.Regression.EvaluateMultiOutput(null!)],
        ["MultiOutputRegressionCatalog.EvaluateMultiOutput: ArgumentException"] = [() => Context.Regression.EvaluateMultiOutput(Data, ""), () => Context.Regression.EvaluateMultiOutput(Data, "Numbers", "")],
        ["MultiOutputRegressionCatalog.EvaluateMultiOutput: ArgumentOutOfRangeException"] = [() => Context.Regression.EvaluateMultiOutput(Data, "Numbers"), () => Context.Regression.EvaluateMultiOutput(Data, "Numbers", "Features")],
        ["MultiOutputRegressionCatalog.EvaluateMultiOutput: InvalidOperationException"] = [() => Context.Regression.EvaluateMultiOutput(Context.Transforms.CopyColumns("Score", "Numbers").Fit(Nothing).Transform(Nothing), "Numbers")],
        ["MultiOutputRegressionCatalog.CrossValidateMultiOutput: ArgumentNullException"] =
            [() => Context.Regression.CrossValidateMultiOutput(null!, Estimator()), () => Context.Regression.CrossValidateMultiOutput(Data, null!)],
        ["MultiOutputRegressionCatalog.CrossValidateMultiOutput: ArgumentException"] =
            [() => Context.Regression.CrossValidateMultiOutput(Data, Estimator(), 1), () => Context.Regression.CrossValidateMultiOutput(Data, Estimator(), labelColumnName: "")],
        ["MultiOutputRegressionCatalog.CrossValidateMultiOutput: ArgumentOutOfRangeException"] = [() => Context.Regression.CrossValidateMultiOutput(Data, Estimator(), labelColumnName: "Missing")],
        ["ExplanationCatalog.CalculateDenseNeuralNetContribution: ArgumentNullException"] = [() => Context.Transforms.CalculateDenseNeuralNetContribution(null!)],
        ["ExplanationCatalog.CalculateDenseNeuralNetContribution: ArgumentException"] =
            [() => Context.Transforms.CalculateDenseNeuralNetContribution(Fitted(Tasks.MultiOutput)), () => Context.Transforms.CalculateDenseNeuralNetContribution(Context.Transforms.NormalizeMinMax("Features").Fit(Data))],
        ["ExplanationCatalog.CalculateDenseNeuralNetContribution: ArgumentOutOfRangeException"] = [() => Context.Transforms.CalculateDenseNeuralNetContribution(Fitted(Tasks.Binary), output: 1)],
        ["PredictionIntervalCatalog.CalculatePredictionInterval: ArgumentNullException"] = [() => Context.Transforms.CalculatePredictionInterval(null!)],
        ["HiddenFeatureCatalog.ExtractDenseNeuralNetFeatures: ArgumentNullException"] = [() => Context.Transforms.ExtractDenseNeuralNetFeatures(null!), () => Context.Transforms.ExtractDenseNeuralNetFeatures(Fitted(Tasks.Binary), null!)],
        ["HiddenFeatureCatalog.ExtractDenseNeuralNetFeatures: ArgumentException"] =
            [() => Context.Transforms.ExtractDenseNeuralNetFeatures(Trainer(o => o.HiddenLayers = []).Fit(Data)), () => Context.Transforms.ExtractDenseNeuralNetFeatures(Fitted(Tasks.Binary), "")],
        ["HiddenFeatureCatalog.ExtractDenseNeuralNetFeatures: ArgumentOutOfRangeException"] = [() => Context.Transforms.ExtractDenseNeuralNetFeatures(Fitted(Tasks.Binary), layer: 2)],
        ["HiddenFeatureExtractingEstimator.GetOutputSchema: ArgumentOutOfRangeException"] = [() => Context.Transforms.ExtractDenseNeuralNetFeatures(Fitted(Tasks.Binary)).GetOutputSchema(new SchemaShape([]))],
        ["PredictionIntervalCatalog.CalculatePredictionInterval: ArgumentException"] = [() => Context.Transforms.CalculatePredictionInterval(Fitted(Tasks.Binary))],
        ["PredictionIntervalCatalog.CalculatePredictionInterval: ArgumentOutOfRangeException"] = [() => Context.Transforms.CalculatePredictionInterval(Trainer(HoldOut).Fit(Data), confidence: 1)],
        ["PredictionIntervalCatalog.CalculatePredictionInterval: InvalidOperationException"] = [() => Context.Transforms.CalculatePredictionInterval(Trainer().Fit(Data))],
        ["DenseNeuralNetRegressionModelParameters.PredictionIntervalHalfWidth: ArgumentOutOfRangeException"] = [() => Trainer(HoldOut).Fit(Data).Model.PredictionIntervalHalfWidth(0), () => Trainer(HoldOut).Fit(Data).Model.PredictionIntervalHalfWidth(0.99f)],
        ["DenseNeuralNetRegressionModelParameters.PredictionIntervalHalfWidth: InvalidOperationException"] =
            [() => Trainer().Fit(Data).Model.PredictionIntervalHalfWidth(), () => Trainer(Count).Fit(Data).Model.PredictionIntervalHalfWidth()],
        ["DenseNeuralNetRegressionModelParameters.PredictionInterval: ArgumentOutOfRangeException"] =
            [() => Trainer(HoldOut).Fit(Data).Model.PredictionInterval(1, 0), () => Trainer(HoldOut).Fit(Data).Model.PredictionInterval(1, 0.99f), () => Trainer(Count).Fit(Data).Model.PredictionInterval(-1, 0.5f)],
        ["DenseNeuralNetRegressionModelParameters.PredictionInterval: InvalidOperationException"] = [() => Trainer().Fit(Data).Model.PredictionInterval(1)],
        ["DenseNeuralNetAnomalyModelParameters.ThresholdFor: ArgumentOutOfRangeException"] = [() => Context.AnomalyDetection.Trainers.DenseNeuralNet(numberOfEpochs: 1).Fit(Data).Model.ThresholdFor(0)],
        ["DenseNeuralNetMultiLabelTransformer.WithThresholds: ArgumentException"] = [() => MultiLabel().WithThresholds([0.5f]), () => MultiLabel().WithThresholds([0.5f, 2])],
        ["QuantileRegressionCatalog.DenseNeuralNetQuantile: ArgumentOutOfRangeException"] =
            [() => Context.Regression.Trainers.DenseNeuralNetQuantile(Wrong()), () => Context.Regression.Trainers.DenseNeuralNetQuantile(Options(o => o.Loss = new QuantileLoss(0.5f)))],
        ["QuantileRegressionCatalog.EvaluateQuantiles: ArgumentNullException"] = [() => Context.Regression.EvaluateQuantiles(null!)],
        ["QuantileRegressionCatalog.EvaluateQuantiles: ArgumentException"] =
        [
            () => Context.Regression.EvaluateQuantiles(Data, ""), () => Context.Regression.EvaluateQuantiles(Data, "Number", ""), () => Context.Regression.EvaluateQuantiles(Data, "Number", "Numbers", [0.5f, 0.1f]),
            () => Context.Regression.EvaluateQuantiles(Data, "Number", "Numbers", [0.5f]),
        ],
        ["QuantileRegressionCatalog.EvaluateQuantiles: ArgumentOutOfRangeException"] =
            [() => Context.Regression.EvaluateQuantiles(Data, "Numbers", "Numbers"), () => Context.Regression.EvaluateQuantiles(Data, "Number", "Numbers"), () => Context.Regression.EvaluateQuantiles(Data, "Number", "Numbers", [0.5f, 2])],
        ["QuantileRegressionCatalog.EvaluateQuantiles: InvalidOperationException"] = [() => Context.Regression.EvaluateQuantiles(Nothing, "Number", "Numbers", [0.1f, 0.9f])],
        ["QuantileRegressionCatalog.CrossValidateQuantiles: ArgumentNullException"] =
            [() => Context.Regression.CrossValidateQuantiles(null!, Estimator()), () => Context.Regression.CrossValidateQuantiles(Data, null!)],
        ["QuantileRegressionCatalog.CrossValidateQuantiles: ArgumentException"] =
        [
            () => Context.Regression.CrossValidateQuantiles(Data, Estimator(o => o.Loss = new MultiQuantileLoss(0.5f)), 1, "Number"), () => Context.Regression.CrossValidateQuantiles(Data, Estimator(), labelColumnName: ""),
            () => Context.Regression.CrossValidateQuantiles(Data, Estimator(), quantiles: []),
            () => Context.Regression.CrossValidateQuantiles(Data, Estimator(o => (o.LabelColumnName, o.Loss) = ("Number", new MultiQuantileLoss(0.5f))), labelColumnName: "Number", quantiles: [0.1f, 0.9f]),
        ],
        ["QuantileRegressionCatalog.CrossValidateQuantiles: ArgumentOutOfRangeException"] =
            [() => Context.Regression.CrossValidateQuantiles(Data, Estimator(), labelColumnName: "Number"), () => Context.Regression.CrossValidateQuantiles(Data, Estimator(), quantiles: [2])],
        ["MultiLabelCatalog.DenseNeuralNetMultiLabel: ArgumentOutOfRangeException"] = [() => Context.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(Wrong())],
        ["MultiLabelCatalog.ChangeModelThresholds: ArgumentNullException"] =
            [() => Context.BinaryClassification.ChangeModelThresholds(null!, [0.5f, 0.5f]), () => Context.BinaryClassification.ChangeModelThresholds(MultiLabel(), null!)],
        ["MultiLabelCatalog.ChangeModelThresholds: ArgumentException"] =
        [
            () => Context.BinaryClassification.ChangeModelThresholds(Trainer().Fit(Data), [0.5f, 0.5f]),
            () => Context.BinaryClassification.ChangeModelThresholds(new TransformerChain<ITransformer>(MultiLabel(), MultiLabel()), [0.5f, 0.5f]),
            () => Context.BinaryClassification.ChangeModelThresholds(MultiLabel(), [0.5f]),
            () => Context.BinaryClassification.ChangeModelThresholds(MultiLabel(), [0.5f, 2]),
        ],
        ["MultiLabelCatalog.EvaluateMultiLabel: ArgumentNullException"] = [() => Context.BinaryClassification.EvaluateMultiLabel(null!)],
        ["MultiLabelCatalog.EvaluateMultiLabel: ArgumentException"] =
            [() => Context.BinaryClassification.EvaluateMultiLabel(Data, ""), () => Context.BinaryClassification.EvaluateMultiLabel(Data, "Label", ""), () => Context.BinaryClassification.EvaluateMultiLabel(Data, "Label", "Label", "")],
        ["MultiLabelCatalog.EvaluateMultiLabel: ArgumentOutOfRangeException"] = [() => Context.BinaryClassification.EvaluateMultiLabel(Data, "Numbers")],
        ["MultiLabelCatalog.EvaluateMultiLabel: InvalidOperationException"] = [() => Context.BinaryClassification.EvaluateMultiLabel(MultiLabel().Transform(WithFlags(Nothing)), "Flags")],
        ["MultiLabelCatalog.CrossValidateMultiLabel: ArgumentNullException"] =
            [() => Context.BinaryClassification.CrossValidateMultiLabel(null!, Estimator()), () => Context.BinaryClassification.CrossValidateMultiLabel(Data, null!)],
        ["MultiLabelCatalog.CrossValidateMultiLabel: ArgumentException"] =
        [
            () => Context.BinaryClassification.CrossValidateMultiLabel(WithFlags(Data), Estimator(o => o.LabelColumnName = "Flags"), 1, "Flags"),
            () => Context.BinaryClassification.CrossValidateMultiLabel(Data, Estimator(), labelColumnName: ""),
        ],
        ["MultiLabelCatalog.CrossValidateMultiLabel: ArgumentOutOfRangeException"] = [() => Context.BinaryClassification.CrossValidateMultiLabel(Data, Estimator(), labelColumnName: "Missing")],
    };

    private static IDataView WithFlags(IDataView rows) => Context.Transforms.Concatenate("Flags", "Flag", "Flag").Fit(rows).Transform(rows);

    private static DenseNeuralNetMultiLabelTransformer MultiLabel() => (DenseNeuralNetMultiLabelTransformer)Estimator(o => o.LabelColumnName = "Flags").Fit(WithFlags(Data));

    private static void HoldOut(DenseNeuralNetOptions options) => options.ValidationFraction = 0.25f;

    private static void Count(DenseNeuralNetOptions options) => (options.LabelColumnName, options.Loss, options.ValidationFraction) = ("Weight", new PoissonLoss(), 0.5f);

    private static ITransformer Fitted(string task) => Tasks.Pipeline(Context, task).Fit(Data);

    private static DenseNeuralNetOptions Options(Action<DenseNeuralNetOptions>? change)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [4], NumberOfEpochs = 3, Seed = 1 };
        change?.Invoke(options);
        return options;
    }

    private static DenseNeuralNetEstimator Estimator(Action<DenseNeuralNetOptions>? change = null) => Context.Transforms.DenseNeuralNet(Options(change));

    private static DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions>? change = null) => Context.Regression.Trainers.DenseNeuralNet(Options(change));

    private static DenseNeuralNetOptions Wrong() => new() { BatchSize = 0 };

    private static void Diverge(DenseNeuralNetOptions options) => options.LearningRate = 3e38f;

    private static IDataView OneClass() => Context.Data.LoadFromEnumerable(Sample.Rows(40).Where(row => row.Flag));
}
