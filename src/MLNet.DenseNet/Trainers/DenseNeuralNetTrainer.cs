using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>What the trainers of all tasks have in common: reading rows, building and training the network.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
/// <typeparam name="TModel">The model inside it.</typeparam>
public abstract class DenseNeuralNetTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>, IEstimator<TTransformer>, ITaskTrainer
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly DenseNeuralNetOptions _options;
    private readonly Activation _outputActivation;
    private readonly SchemaShape.Column _groupColumn;

    private protected DenseNeuralNetTrainer(
        IHostEnvironment env, string name, DenseNeuralNetOptions options, SchemaShape.Column label, Activation defaultOutputActivation, Loss? defaultLoss = null,
        SchemaShape.Column group = default)
        : base(
            env.Register(name), TrainerUtils.MakeR4VecFeature(options.FeatureColumnName), label,
            TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        _options = options.Copy();
        _groupColumn = group;
        TrainingOptions.Check(group.IsValid || options.RowGroupColumnName is null, nameof(options.RowGroupColumnName), options.RowGroupColumnName, "be null here: only a ranking has groups of rows");
        TrainingOptions.Check(group.IsValid || options.Loss is not { NeedsGroups: true }, nameof(options.Loss), options.Loss, "be a loss of single rows here: only a ranking has groups of rows");
        TrainingOptions.Check(
            options.Loss is not MultiQuantileLoss || defaultLoss is MultiQuantileLoss, nameof(options.Loss), options.Loss,
            "be one of a single quantile here: several are learned of one number, by mlContext.Regression.Trainers.DenseNeuralNetQuantile or mlContext.Transforms.DenseNeuralNet");
        TrainingOptions.Check(!group.IsValid || options.DataCaching != DataCaching.Stream, nameof(options.DataCaching), options.DataCaching, "be Memory or Auto in a ranking: groups of rows are not streamed");
        TrainingOptions.Check(!group.IsValid || options.SamplingKeyColumnName is null, nameof(options.SamplingKeyColumnName), options.SamplingKeyColumnName, "be null in a ranking, whose groups are held out as wholes");
        TrainingOptions.Check(
            options.SamplingKeyColumnName is null || options.DataCaching != DataCaching.Stream, nameof(options.DataCaching), options.DataCaching, "be Memory or Auto where SamplingKeyColumnName is given: rows that are held out together are not streamed");
        var learnsLogarithms = options.Loss?.Link == Activation.Exponential && defaultOutputActivation == Activation.Identity;
        _outputActivation = options.OutputActivation ?? (learnsLogarithms ? Activation.Exponential : defaultOutputActivation);
        CheckOutputActivation(_outputActivation);
        TrainingOptions.Check(options.InitialModel is null or TModel, nameof(options.InitialModel), options.InitialModel?.GetType().Name, $"be a {typeof(TModel).Name} here");
        _options.Loss ??= defaultLoss;
        if (_options.Loss?.Link is { } link)
            TrainingOptions.Check(link == _outputActivation, nameof(options.Loss), _options.Loss, $"be one that fits the output activation {_outputActivation}: this loss needs {link}");
    }

    /// <summary>A validation set helps, and a cache where the rows are read again, as in a cross-validation; features need no normalization; training can go on from a model.</summary>
    public sealed override TrainerInfo Info { get; } = new(normalization: false, caching: true, supportValid: true, supportIncrementalTrain: true);

    /// <summary>Trains.</summary>
    /// <param name="input">The rows to learn from.</param>
    /// <returns>The fitted transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row is usable, all have the same class, no two rows of a ranking share a group, or a row cannot be read.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled and the options say that this is an exception.</exception>
    /// <exception cref="IOException">The folder of checkpoints cannot be used, or another training uses it.</exception>
    public new TTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>The columns after fitting. Tells a missing column or a wrong type before any training.</summary>
    /// <param name="inputSchema">The columns before.</param>
    /// <returns>The columns before and those that predictions add.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public new SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        if (_options.SamplingKeyColumnName is { } samplingKey)
            ColumnCheck.CheckGroup(Host, inputSchema, "sampling key", TrainerUtils.MakeU4ScalarColumn(samplingKey));
        return OutputSchema(inputSchema);
    }

    /// <summary>Trains and measures a validation set after each epoch.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="validationData">Rows never learned from, as they come or as the steps before the trainer transform them (see <see cref="DenseNeuralNetOptions.ValidationSet"/>); null for those of the options.</param>
    /// <param name="modelParameters">A model to go on from, as below; null to begin anew.</param>
    /// <returns>The fitted transformer.</returns>
    /// <exception cref="ArgumentException">The model's network is another one than the options and the data make.</exception>
    // Preferred to the overload below, so that a call with null for the validation set is not ambiguous.
    [OverloadResolutionPriority(1)]
    public TTransformer Fit(IDataView trainData, IDataView? validationData, TModel? modelParameters = null) =>
        Train(trainData, validationData, (IPredictor?)modelParameters);

    /// <summary>Goes on training from a model, with the optimizer beginning anew. The model itself does not change.</summary>
    /// <remarks>
    /// Rows may come in pieces, of one class too. The epochs of the model are counted on, so that calls of one epoch each, with the same seed, go over the rows in another order each time. Where rows
    /// are held out, they are the rows that were held out for the model, whatever the seed: with the same rows and options, none that it has learned is measured with. Where it may have learned them, since it held out none, or another part of as many rows, <see cref="TrainingHistory.ValidationCaveat"/> says so, and there are no prediction intervals.
    /// </remarks>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="modelParameters">A model with the layers of the options, for as many features and outputs.</param>
    /// <returns>The fitted transformer.</returns>
    /// <exception cref="ArgumentNullException">The model is null.</exception>
    /// <exception cref="ArgumentException">The model's network is another one than the options and the data make.</exception>
    public TTransformer Fit(IDataView trainData, TModel modelParameters)
    {
        Host.CheckValue(modelParameters, nameof(modelParameters));
        return Fit(trainData, null, modelParameters);
    }

    ISingleFeaturePredictionTransformer<object> ITaskTrainer.Fit(IDataView trainData, IDataView? validationData, IDenseNeuralNetModel? modelParameters) =>
        Train(trainData, validationData, (IPredictor?)modelParameters);

    /// <summary>Looks for a learning rate: trains for some steps, each at a higher rate than the one before, and watches the loss. No model comes of it.</summary>
    /// <param name="trainData">The rows to learn from.</param>
    /// <param name="lowest">The first rate, above 0.</param>
    /// <param name="highest">The last rate, above the first and at most 10^9 times as high.</param>
    /// <param name="steps">How many steps, at least 2.</param>
    /// <returns>The loss at each rate, up to where it became much larger than the best, and a suggestion.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range, or a column is missing or of the wrong type.</exception>
    public LearningRateCurve FindLearningRate(IDataView trainData, float lowest = 1e-6f, float highest = 10, int steps = 200)
    {
        Host.CheckValue(trainData, nameof(trainData));
        using var channel = Host.Start("Finding the learning rate");
        return Prepare(CheckedRoles(trainData), validation: null, Checked(_options.InitialModel), channel, measures: false).FindLearningRate(lowest, highest, steps);
    }

    private TTransformer Train(IDataView trainData, IDataView? validationData, IPredictor? initial)
    {
        Host.CheckValue(trainData, nameof(trainData));
        CheckColumns(SchemaShape.Create(trainData.Schema));
        // What the base class does, but for its check of the columns, which knows no keys as features.
        var validation = Transformed(validationData, trainData) is { } set ? MakeRoles(set) : null;
        return MakeTransformer(TrainModelCore(new TrainContext(MakeRoles(trainData), validation, initialPredictor: initial)), trainData.Schema);
    }

    /// <inheritdoc/>
    protected sealed override TModel TrainModelCore(TrainContext trainContext)
    {
        using var channel = Host.Start("Training");
        if (!LearnsFeatures && HasOutput(LabelColumn.Name, SchemaShape.Create(trainContext.TrainingSet.Data.Schema)))
            channel.Warning($"The label column '{LabelColumn.Name}' is hidden in scored rows by the predictions of that name, with which an evaluation would compare them. CopyColumns gives labels another name before the trainer.");
        var validation = trainContext.ValidationSet ?? (Transformed(_options.ValidationSet, trainContext.TrainingSet.Data) is { } set ? CheckedRoles(set) : null);
        var initial = Checked(trainContext.InitialPredictor ?? (object?)_options.InitialModel);
        var run = Prepare(trainContext.TrainingSet, validation, initial, channel, measures: true);

        using var log = new TrainingLog(Host, channel, run.Options.Verbosity);
        run.Options.EpochCompleted = summary =>
        {
            log.Report(summary);
            _options.EpochCompleted?.Invoke(summary);
        };
        log.Begin(run.Network);
        var history = run.Train();
        log.End(history);
        return CreateModel(new TrainedNetwork(run.Network, run.Layout, history, run.Meanings, MeasureErrors(run, history, channel)));
    }

    private TrainingRun Prepare(RoleMappedData training, RoleMappedData? validation, IDenseNeuralNetModel? initial, IChannel channel, bool measures)
    {
        var features = training.Schema.Feature!.Value;
        var keys = KeyFeatures.Of(Host, features, areNumbers: _options.BeginsWithEmbedding);
        if (keys is not null)
            (training, validation) = (KeyVectors.Of(Host, keys, training), validation is null ? null : KeyVectors.Of(Host, keys, validation));
        var label = training.Schema.Label!.Value;
        CheckLabel(label);
        var task = new NetworkTask(CountOutputs(label), CountClasses(label), _outputActivation, LearnsFeatures, LearnsLabels);
        return new TrainingPreparation(Host, channel, OptionsFor(initial), task, initial).Prepare(training, validation, features, keys, measures);
    }

    /// <summary>The options of one training: with a seed, and a way to be cancelled by the host.</summary>
    private DenseNeuralNetOptions OptionsFor(IDenseNeuralNetModel? initial)
    {
        var options = _options.Copy();
        options.Seed ??= (Host as IHostEnvironmentInternal)?.Seed;
        TrainingOptions.Check(options.Seed is not null || options.Checkpoints is null, nameof(options.Seed), null, "be given where Checkpoints are, here or to the MLContext");
        options.Seed ??= Random.Shared.Next();
        // Rows that the initial model has learned would flatter the new one: the rows that were held out from it are held out again.
        options.HoldOutSeed = initial?.History?.HoldOutSeed ?? options.Seed;
        options.IsCanceledByHost = () => (Host as ICancelable)?.IsCanceled == true;
        return options;
    }

    /// <summary>The columns after fitting, of rows to learn from or to measure with.</summary>
    private SchemaShape OutputSchema(SchemaShape inputSchema)
    {
        CheckColumns(inputSchema);
        return ColumnCheck.WithFeatures(inputSchema, FeatureColumn, base.GetOutputSchema, HasOutput(FeatureColumn.Name, inputSchema));
    }

    private bool HasOutput(string name, SchemaShape inputSchema) => GetOutputColumnsCore(inputSchema).Any(output => output.Name == name);

    /// <summary>Checks the columns before the base class does, whose messages do not say what to do.</summary>
    private void CheckColumns(SchemaShape schema)
    {
        ColumnCheck.CheckFeatures(Host, schema, FeatureColumn);
        ColumnCheck.Check(Host, schema, "weight", WeightColumn);
        ColumnCheck.CheckGroup(Host, schema, "group", _groupColumn);
        CheckLabelColumn(schema);
    }

    /// <summary>Checks the label column.</summary>
    private protected virtual void CheckLabelColumn(SchemaShape schema) => ColumnCheck.Check(Host, schema, "label", LabelColumn);

    /// <inheritdoc/>
    protected sealed override void CheckLabelCompatible(SchemaShape.Column labelCol)
    {
        // What CheckLabelColumn has let through is right.
    }

    /// <inheritdoc/>
    protected sealed override RoleMappedData MakeRoles(IDataView data) =>
        new(data, label: (LearnsFeatures ? FeatureColumn : LabelColumn).Name, feature: FeatureColumn.Name, group: _groupColumn.IsValid ? _groupColumn.Name : null, weight: WeightColumn.Name);

    /// <summary>Gives the columns their roles, checked as the base class checks those of the training data.</summary>
    private RoleMappedData CheckedRoles(IDataView data)
    {
        GetOutputSchema(SchemaShape.Create(data.Schema));
        return MakeRoles(data);
    }

    private IDenseNeuralNetModel? Checked(object? initial) => initial switch
    {
        null => null,
        TModel and IDenseNeuralNetModel model => model,
        _ => throw Host.ExceptParam("modelParameters", $"The model to go on from is {initial.GetType().Name}; this trainer needs {typeof(TModel).Name}."),
    };

    /// <summary>Applies to a validation set those steps of the pipeline before this trainer that it has not gone through.</summary>
    private IDataView? Transformed(IDataView? validation, IDataView training)
    {
        if (validation is null)
            return null;
        using var channel = Host.Start("Preparing the validation set");
        var (rows, steps) = new EarlierSteps(Host, training).Apply(validation, WhyUnfit);
        if (steps > 0 && _options.Verbosity >= Verbosity.Summary)
            channel.Info(MessageSensitivity.None, FormattableString.Invariant($"The validation set is transformed by the {steps} steps before the trainer that it had not gone through"));
        return rows;

        string? WhyUnfit(IDataView view)
        {
            try
            {
                // A validation set needs no sampling key.
                OutputSchema(SchemaShape.Create(view.Schema));
                return null;
            }
            catch (ArgumentException mismatch)
            {
                return mismatch.Message;
            }
        }
    }

    /// <summary>Refuses activations that make no sense for the task's output.</summary>
    private protected abstract void CheckOutputActivation(Activation activation);

    /// <summary>Refuses a label column whose type shows that it cannot be learned, before rows are read.</summary>
    private protected virtual void CheckLabel(DataViewSchema.Column label)
    {
    }

    /// <summary>The number of the network's outputs: by default one for each value of the label.</summary>
    private protected virtual int CountOutputs(DataViewSchema.Column label) => (label.Type as VectorDataViewType)?.Size ?? 1;

    /// <summary>The number of classes, or 0 where labels are numbers.</summary>
    private protected virtual int CountClasses(DataViewSchema.Column label) => 0;

    /// <summary>Whether the network learns to put out its own features, which are then the label too.</summary>
    private protected virtual bool LearnsFeatures => false;

    /// <summary>Whether rows have several labels of 0 and 1.</summary>
    private protected virtual bool LearnsLabels => false;

    private protected virtual HeldOutErrors? MeasureErrors(TrainingRun run, TrainingHistory history, IChannel channel) => PredictionKind == PredictionKind.Regression ? run.MeasureErrors(history) : null;

    private protected abstract TModel CreateModel(TrainedNetwork trained);

    private protected static void CheckOutput(bool isValid, Activation activation, string requirement) =>
        TrainingOptions.Check(isValid, nameof(DenseNeuralNetOptions.OutputActivation), activation, requirement);
}
