using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet;

/// <summary>
/// Trains a dense neural network for the task that the label column's type names: a key is a multiclass classification, Boolean a
/// binary one, Single a regression, a known-size vector of Single a regression of several outputs, one of Boolean a multi-label classification.
/// </summary>
/// <remarks>
/// <para>
/// Input: the label, of one of these types; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: the columns of the task's trainer, which are
/// <see cref="DenseNeuralNetMulticlassTrainer"/>, <see cref="DenseNeuralNetBinaryTrainer"/>, <see cref="DenseNeuralNetRegressionTrainer"/>,
/// <see cref="DenseNeuralNetMultiOutputRegressionTrainer"/> and <see cref="DenseNeuralNetMultiLabelTrainer"/>; of a regression whose loss is a <see cref="MultiQuantileLoss"/>, <see cref="DenseNeuralNetQuantileRegressionTrainer"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multiclass classification, binary classification, regression, multi-output regression or multi-label classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features, and the labels of regressions, are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetEstimator : IEstimator<ISingleFeaturePredictionTransformer<object>>
{
    private readonly IHost _host;
    private readonly DenseNeuralNetOptions _options;

    internal DenseNeuralNetEstimator(IHostEnvironment env, DenseNeuralNetOptions options)
    {
        _options = DenseNeuralNetOptions.Checked(options).Copy();
        _host = env.Register(nameof(DenseNeuralNetEstimator));
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Data with the label and feature columns.</param>
    /// <returns>A prediction transformer of the label's task, as from the trainer in that task's catalog; its <c>Model</c> is an <see cref="IDenseNeuralNetModel"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row is usable, or all have the same class.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled and the options say that this is an exception.</exception>
    /// <exception cref="IOException">The folder of checkpoints cannot be used, or another training uses it.</exception>
    public ISingleFeaturePredictionTransformer<object> Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return CreateTrainer(SchemaShape.Create(input.Schema)).Fit(input, null, null);
    }

    /// <summary>Trains, measures a validation set after each epoch, and goes on from a model.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">Rows never learned from, as they come or as the steps before the trainer transform them (see <see cref="DenseNeuralNetOptions.ValidationSet"/>); null for those of the options.</param>
    /// <param name="modelParameters">A model of the same task and layers to go on from, which does not change; null, the default, to begin anew.</param>
    /// <returns>A prediction transformer of the label's task.</returns>
    /// <exception cref="ArgumentException">The model is of another task, or its network is another one than the options and the data make.</exception>
    public ISingleFeaturePredictionTransformer<object> Fit(IDataView trainData, IDataView? validationData, IDenseNeuralNetModel? modelParameters = null)
    {
        _host.CheckValue(trainData, nameof(trainData));
        return CreateTrainer(SchemaShape.Create(trainData.Schema)).Fit(trainData, validationData, modelParameters);
    }

    /// <summary>Looks for a learning rate: trains for some steps, each at a higher rate than the one before, and watches the loss. No model comes of it.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="lowest">The first rate, above 0.</param>
    /// <param name="highest">The last rate, above the first and at most 10^9 times as high.</param>
    /// <param name="steps">How many steps, at least 2.</param>
    /// <returns>The loss at each rate, up to where it became much larger than the best, and a suggestion.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range, or a column is missing or of the wrong type.</exception>
    public LearningRateCurve FindLearningRate(IDataView trainData, float lowest = 1e-6f, float highest = 10, int steps = 200)
    {
        _host.CheckValue(trainData, nameof(trainData));
        return CreateTrainer(SchemaShape.Create(trainData.Schema)).FindLearningRate(trainData, lowest, highest, steps);
    }

    /// <summary>The columns after fitting. Tells a missing column, a wrong type or an option that does not fit the task before any training.</summary>
    /// <param name="inputSchema">The columns before.</param>
    /// <returns>The columns before and those that predictions add.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or an option does not fit the task.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return CreateTrainer(inputSchema).GetOutputSchema(inputSchema);
    }

    private static SchemaShape.Column VectorLabel(string name) => new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);

    private ITaskTrainer CreateTrainer(SchemaShape schema)
    {
        var name = _options.LabelColumnName;
        if (!schema.TryFindColumn(name, out var label))
            throw _host.ExceptSchemaMismatch(nameof(schema), "label", name);

        var isNumber = label.Kind == SchemaShape.Column.VectorKind.Scalar && !label.IsKey && label.ItemType == NumberDataViewType.Single;
        TrainingOptions.Check(
            isNumber || _options.Loss is not MultiQuantileLoss, nameof(DenseNeuralNetOptions.Loss), _options.Loss,
            $"be another one here: several quantiles need a label of type Single, and the label column '{name}' is {label.GetTypeString()}");
        return (label.Kind, label.IsKey, label.ItemType) switch
        {
            (SchemaShape.Column.VectorKind.Scalar, true, _) => new DenseNeuralNetMulticlassTrainer(_host, _options),
            (SchemaShape.Column.VectorKind.Scalar, false, BooleanDataViewType) => new DenseNeuralNetBinaryTrainer(_host, _options),
            (SchemaShape.Column.VectorKind.Scalar, false, var type) when type == NumberDataViewType.Single && _options.Loss is MultiQuantileLoss => new DenseNeuralNetQuantileRegressionTrainer(_host, _options),
            (SchemaShape.Column.VectorKind.Scalar, false, var type) when type == NumberDataViewType.Single => new DenseNeuralNetRegressionTrainer(_host, _options),
            (SchemaShape.Column.VectorKind.Vector, false, BooleanDataViewType) => new DenseNeuralNetMultiLabelTrainer(_host, _options),
            (SchemaShape.Column.VectorKind.Vector, false, var type) when type == NumberDataViewType.Single => new DenseNeuralNetMultiOutputRegressionTrainer(_host, _options),
            _ => throw _host.ExceptSchemaMismatch(
                nameof(schema), "label", name,
                "a key (multiclass classification; MapValueToKey makes one), Boolean (binary classification), Single (regression; Conversion.ConvertType makes it of another number), a known-size vector of Boolean (multi-label classification) or one of Single (several outputs)",
                label.GetTypeString() + (label.Kind == SchemaShape.Column.VectorKind.VariableVector ? ColumnCheck.Advice(VectorLabel(name), label) : "")),
        };
    }
}
