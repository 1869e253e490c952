using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>Makes a training ready: checks the columns, settles the options, loads the rows and makes the network for them.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">The log.</param>
/// <param name="options">A copy for this training alone, with a seed. What is left open in it is filled in.</param>
/// <param name="task">What the label asks of the network.</param>
/// <param name="initial">The model to go on from; null to begin anew.</param>
internal sealed class TrainingPreparation(IHost host, IChannel channel, DenseNeuralNetOptions options, NetworkTask task, IDenseNeuralNetModel? initial)
{
    private readonly TableDesign _design = new(options, task, initial?.Network);

    /// <summary>As far as the layers are known before a row is read.</summary>
    private NetworkSize SizeBeforeRows => new(host, options, (input, outputs) => NetworkLayers.Of(options, input, outputs, task.OutputActivation, _design.BeforeRows));

    /// <summary>What the caller knows the initial model by: the option, or the argument of Fit.</summary>
    private string NameOfInitial => ReferenceEquals(initial, options.InitialModel) ? nameof(options.InitialModel) : "modelParameters";

    /// <summary>Prepares a training.</summary>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with; null for those that are held out, or none.</param>
    /// <param name="features">The column of features as the user has it, for messages.</param>
    /// <param name="keys">Those that the features were made of; null where they come as vectors of numbers.</param>
    /// <param name="measures">Whether rows are measured with; otherwise all are learned from.</param>
    public TrainingRun Prepare(RoleMappedData training, RoleMappedData? validation, DataViewSchema.Column features, KeyFeatures? keys, bool measures)
    {
        var layout = LayoutOf(training.Schema.Feature!.Value, features) with { Keys = keys };
        CheckFeatures(features, layout);
        if (options.Layers is null && initial is not null)
            options.HiddenLayers ??= NetworkLayers.HiddenUnits(initial.Network);
        if (task.LearnsFeatures)
            HiddenLayerDefaults.FillInReconstruction(options, layout.Shape.Size, initial?.Network);
        var (trainingColumns, validationColumns, outputOfClass) = CheckColumns(training, validation, features, layout);

        // Settled before a row is read.
        var holdOut = measures ? HoldOutPlan.For(options, hasValidationSet: validation is not null) : HoldOutPlan.None;
        options.ValidationFraction = holdOut.Fraction;

        if (layout.Shape.Dimensions.Length == 2 && options.Layers is null && initial is null && !NetworkLayers.HaveConvolutions(options, layout.Shape))
            channel.Info(FormattableString.Invariant($"The feature column '{features.Name}', {layout.Shape}, is a sequence, and dense layers learn each of its positions by itself. {nameof(options.HiddenLayers)} left open, or Layers such as LstmLayer, find a pattern wherever it is."));

        var rows = new RowLoader(host, channel, options, holdOut).Load(trainingColumns, validationColumns);
        new LoadedRowChecks(host, channel, options, task, goesOn: initial is not null).Check(rows, trainingColumns, validationColumns);

        // Settled by the rows: how they are held out depends on the number of networks, the other defaults on the rows that are left.
        var hasConvolutions = NetworkLayers.HaveConvolutions(options, layout.Shape);
        var isForImages = hasConvolutions && layout.Shape.Dimensions.Length > 2;
        options.EnsembleSize ??= EnsembleDefaults.Size(options, rows.Training, task.Outputs, hasConvolutions && ConvolutionLayers.TakeLong(layout.Shape), initial?.Network);
        // The score of an anomaly is the error of the mean of all networks, which is smaller than theirs: rows that tell how large it is must be new to each of them.
        rows = holdOut.HoldOut(rows, task.LearnsFeatures ? 1 : options.EnsembleSize.Value, options.Augmentation);
        if (options.SamplingKeyColumnName is { } key && holdOut.Applies(rows.Training.Count) && !rows.AreMeasured)
            channel.Warning($"No rows are held out: of the groups in the column '{key}', none can be spared. There is one only, or each is the only one of a class.");
        if (initial is null && HiddenLayerDefaults.FillInRareClasses(options, rows.Training, layout.Shape) is { } others)
            channel.Info(FormattableString.Invariant($"{others} rows are of other classes than the commonest, too few for hidden layers: the model is linear, unless {nameof(options.HiddenLayers)} says otherwise."));
        var (first, choice) = _design.For(layout.Shape, rows);
        options.ThrowIfCanceled();
        SizeBeforeRows.CheckMissing(features, layout.Shape, task.Outputs, first.Missing?.Columns.Count ?? 0);
        var isLinear = first.Components is { KeepsInputs: false } && (initial is null || options.HiddenLayers is { Count: 0 });
        var isForWords = options.Layers is null && !hasConvolutions && !task.LearnsFeatures && rows.Training.IsSparse;
        var kind = new NetworkKind(first.EmbedsBeside ? 0 : first.Embedding?.ColumnsOf(layout.Shape).Length ?? 0, isForImages, isForWords, first.Screens, isLinear, HasCodes: first.Embedding?.Bins > TableDefaults.EmbeddingBins);
        var isRateOpen = options is { LearningRate: null, Optimizer: null };
        var goesOn = initial is not null && options.NumberOfEpochs is null;
        HiddenLayerDefaults.FillIn(options, rows.Training, kind);
        DefaultSettings.FillIn(options, rows, kind, task.HasFreeTargets(options.Loss), goesOn);

        var preparation = new NetworkPreparation(host, channel, options, task, initial?.Network, NameOfInitial);
        var network = preparation.Create(layout.Shape, rows, first, choice, outputOfClass);
        // All features together then move a prediction by about 1 in a step.
        if (first.Screens && isRateOpen)
            options.LearningRate = (goesOn ? StepDefaults.RateOfGoingOn : 1) * (float)(1 / FeatureScreening.SumOfWeights(network, first.IndexOfScreening));
        if (task.LearnsFeatures)
            rows = rows.WithTargets(new Reconstruction(network).WithTargets);
        var scaling = preparation.ScaleTargets(rows.Training, network);
        if (initial is null && isLinear)
            InitialOutputs.BeginAtRidge(network, (RowSubset)rows.Training, rows.Folds, scaling);
        else if (initial is null && first.HasSumsBeside)
            InitialOutputs.BeginBesideRidge(network, (RowSubset)rows.Training, rows.Folds, scaling);
        return new TrainingRun(rows, network, layout, ColumnMeanings.Of(training.Schema), options, scaling, initial?.History);
    }

    /// <summary>The shape of the features and their order. An initial model brings its own shape, for which its weights were learned.</summary>
    private FeatureLayout LayoutOf(DataViewSchema.Column features, DataViewSchema.Column shown)
    {
        var learned = initial?.Network.InputShape;
        var shape = options.InputShape ?? (learned?.Size == ((VectorDataViewType)features.Type).Size ? learned : null);
        var layout = FeatureLayout.Of(features, shape, shown);
        // A column without dimensions has the values in the model's order, as to predict from.
        if (initial is not null && options.InputShape is null && shape is not null && layout.Dimensions.Count == 1)
            layout = layout with { Planes = initial.Layout.Planes };
        if (options.InputShape is { Dimensions.Length: 3 } && layout.Planes == 1 && FeatureLayout.Of(features, null).Planes > 1)
            channel.Warning($"The option {nameof(options.InputShape)} is {shape}, height x width x channels. If the feature column '{shown.Name}', of type {shown.Type}, has its channels first, it should be {FeatureLayout.Of(features, null).Shape}.");
        return layout;
    }

    /// <summary>A model goes on from features of the kind that it knows.</summary>
    private void CheckFeatures(DataViewSchema.Column features, FeatureLayout layout)
    {
        if (initial is not { Layout: var learned } || (learned.Shape.Size == layout.Shape.Size && learned.Keys is null == layout.Keys is null && learned.Keys?.Match(layout.Keys!) != false))
            return;
        var known = learned.Keys?.ToString() ?? $"a vector of {learned.Shape.Size} values of Single";
        throw host.ExceptParam(NameOfInitial, $"The model to go on from has learned from {known}; the feature column '{features.Name}' is {features.Type}.");
    }

    /// <summary>Refuses columns that cannot be learned from, before a row is read.</summary>
    /// <returns>The columns to read, and for each class the output of the initial model that stands for it; null where that is the same one.</returns>
    private (RowColumns Training, RowColumns? Validation, int[]? OutputOfClass) CheckColumns(RoleMappedData training, RoleMappedData? validation, DataViewSchema.Column features, FeatureLayout layout)
    {
        // The features themselves may be the label.
        var label = task.LearnsFeatures ? features : training.Schema.Label!.Value;
        options.FitAugmentation(layout.Shape);
        SizeBeforeRows.Check(features, layout.Shape, label, task.Outputs);
        TrainingOptions.Check(
            options.NumericEmbedding != NumericEmbedding.On || (layout.Shape.Dimensions.Length == 1 && layout.Shape.Size <= TableDefaults.MostColumns), nameof(options.NumericEmbedding), options.NumericEmbedding,
            FormattableString.Invariant($"not be On where the feature column '{features.Name}', of type {features.Type}, is no table of up to {TableDefaults.MostColumns} columns; some columns of a wider one can be embedded by new WideAndDeepLayer(columns, [new NumericEmbeddingLayer(units), new DenseLayer(units)]) at the start of {nameof(options.Layers)}"));
        var agreement = new ColumnAgreement(host, channel, training.Schema);
        var validationColumns = validation is null ? null : Columns(validation, "validation", layout, agreement.Check(validation.Schema), validation.Schema.Group);
        var classesOfModel = initial is null ? null : agreement.Check(initial.Meanings, NameOfInitial);
        // The keys of a ranking's label are relevances, which have no outputs of their own.
        var outputOfClass = task.ClassCount == 0 ? null : classesOfModel;
        return (Columns(training, "training", layout, group: SamplingKey(training) ?? training.Schema.Group), validationColumns, outputOfClass);
    }

    private RowColumns Columns(RoleMappedData data, string set, FeatureLayout layout, int[]? classOfKey = null, DataViewSchema.Column? group = null) =>
        new(data, set, task.ClassCount, task.LearnsFeatures ? NoLabelReader.Targets : task.Outputs, mayBeSparse: options.Augmentation is null && options.NumericEmbedding != NumericEmbedding.On, layout.Planes, MissingColumns(layout.Shape), options.LookedUpBy, classOfKey) { Group = group, HasLabels = !task.LearnsFeatures, AreLabelsZeroOrOne = task.LearnsLabels };

    /// <summary>The column that says which rows are held out together; null for none. Rows of a validation set need none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    private DataViewSchema.Column? SamplingKey(RoleMappedData training)
    {
        if (options.SamplingKeyColumnName is not { } name)
            return null;
        ColumnCheck.CheckGroup(host, SchemaShape.Create(training.Data.Schema), "sampling key", TrainerUtils.MakeU4ScalarColumn(name));
        return training.Data.Schema[name];
    }

    /// <summary>The columns of which features may be missing: in standardized tables all of them (null), going on from a model those of that one. In a pixel that is turned or zoomed, a missing one would spread.</summary>
    private IReadOnlyList<int>? MissingColumns(Shape shape) => options.MissingFeatures == MissingFeatures.Skip || options.Augmentation is ImageAugmentation ? []
        : initial is not null ? initial.Network.MissingColumns
        : _design.IsStandardizing && options.Layers is null && shape.Dimensions.Length == 1 ? null : [];
}
