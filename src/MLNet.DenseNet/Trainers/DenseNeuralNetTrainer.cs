using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What the trainers of all tasks have in common: reading rows, building and training the network.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
/// <typeparam name="TModel">The model inside it.</typeparam>
public abstract class DenseNeuralNetTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly DenseNeuralNetOptions _options;
    private readonly Activation _outputActivation;

    private protected DenseNeuralNetTrainer(
        IHostEnvironment env, string name, DenseNeuralNetOptions options, SchemaShape.Column label, Activation defaultOutputActivation)
        : base(
            env.Register(name), TrainerUtils.MakeR4VecFeature(options.FeatureColumnName), label,
            TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        _options = options.Copy();
        _outputActivation = options.OutputActivation ?? defaultOutputActivation;
        CheckOutputActivation(_outputActivation);
        options.Loss?.CheckOutputActivation(_outputActivation);
    }

    /// <summary>Normalized features, caching in front of the trainer and a validation set all help.</summary>
    public sealed override TrainerInfo Info { get; } = new(normalization: true, caching: true, supportValid: true);

    /// <summary>Trains and measures the loss (and the accuracy of a classification) of a validation set after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">Rows with the same columns, never learned from.</param>
    /// <returns>The fitted transformer.</returns>
    public TTransformer Fit(IDataView trainData, IDataView validationData) => TrainTransformer(trainData, validationData);

    /// <inheritdoc/>
    protected sealed override TModel TrainModelCore(TrainContext trainContext)
    {
        using var channel = Host.Start("Training");
        var training = trainContext.TrainingSet;
        CheckLabel(training.Schema.Label!.Value);
        var rows = Read(training, channel);
        var validation = trainContext.ValidationSet is { } set ? Read(set, channel) : null;

        var options = _options.Copy();
        options.Seed ??= (Host as IHostEnvironmentInternal)?.Seed ?? Random.Shared.Next();
        options.EpochCompleted = summary =>
        {
            channel.Info(MessageSensitivity.None, Describe(summary));
            _options.EpochCompleted?.Invoke(summary);
        };
        var network = Network.Create(rows.Inputs, options.BuildLayers(CountOutputs(training.Schema.Label!.Value), _outputActivation), options.Seed.Value);
        new NetworkTrainer(network, options).Train(rows, validation);
        return CreateModel(network);
    }

    /// <summary>Checks the options before the base class takes names from them.</summary>
    private protected static DenseNeuralNetOptions Checked(DenseNeuralNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    /// <summary>Says no to activations that make no sense for the task's output.</summary>
    private protected abstract void CheckOutputActivation(Activation activation);

    /// <summary>Says no to what a label column's type shows to be unfit, before rows are read.</summary>
    private protected virtual void CheckLabel(DataViewSchema.Column label)
    {
    }

    /// <summary>The number of the network's outputs.</summary>
    private protected abstract int CountOutputs(DataViewSchema.Column label);

    /// <summary>Something to read the task's labels with.</summary>
    private protected abstract LabelReader CreateLabelReader(DataViewSchema.Column label);

    private protected abstract TModel CreateModel(Network network);

    private protected static void CheckOutput(bool isValid, Activation activation, string requirement) =>
        TrainingOptions.Check(isValid, nameof(DenseNeuralNetOptions.OutputActivation), activation, requirement);

    private Dataset Read(RoleMappedData data, IChannel channel)
    {
        var label = data.Schema.Label!.Value;
        var labels = CreateLabelReader(label);
        var rows = new RowReader(Host, data, labels).Read(channel);
        if (labels is ClassLabelReader { DistinctClasses: 1 })
            throw Host.Except($"All {rows.Rows} usable rows have the same class in the label column '{label.Name}'; a classification needs rows of at least two.");
        return rows;
    }

    private static string Describe(EpochSummary summary)
    {
        var text = FormattableString.Invariant($"Epoch {summary.Epoch} of {summary.NumberOfEpochs}: loss {summary.Loss:G6}");
        if (summary.Accuracy is { } accuracy)
            text += FormattableString.Invariant($", accuracy {accuracy:F4}");
        if (summary.ValidationLoss is { } loss)
            text += FormattableString.Invariant($", validation loss {loss:G6}");
        if (summary.ValidationAccuracy is { } validationAccuracy)
            text += FormattableString.Invariant($", validation accuracy {validationAccuracy:F4}");
        return text;
    }
}
