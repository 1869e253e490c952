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
            options.HiddenLayers ??= HiddenLayersOf(initial.Network);
        if (task.LearnsFeatures)
            HiddenLayerDefaults.FillInReconstruction(options, layout.Shape.Size, initial?.Network);
        var (trainingColumns, validationColumns, outputOfClass) = CheckColumns(training, validation, features, layout);

        // Settled before a row is read.
        var holdOut = measures ? HoldOutPlan.For(options, hasValidationSet: validation is not null) : HoldOutPlan.None;
        options.ValidationFraction = holdOut.Fraction;

        if (layout.Shape.Dimensions.Length == 2 && options.Layers is null && initial is null && !options.HasConvolutions(layout.Shape))
            channel.Info(FormattableString.Invariant($"The feature column '{features.Name}', {layout.Shape}, is a sequence, and dense layers learn each of its positions by itself. {nameof(options.HiddenLayers)} left open, or Layers such as LstmLayer, find a pattern wherever it is."));

        var rows = new RowLoader(host, channel, options, holdOut).Load(trainingColumns, validationColumns);
        CheckClasses(rows.Training, trainingColumns);
        CheckGroups(rows.Training, trainingColumns);
        CheckTargets(rows.Training, trainingColumns);
        WarnOfFarTarget(rows.Training, trainingColumns);
        if (rows.Validation is not null)
            CheckTargets(rows.Validation, validationColumns ?? trainingColumns);
        if (task.LearnsFeatures && rows is not { Training: RowSubset, Validation: null or RowSubset })
            throw host.Except($"Anomaly detection learns from rows in memory; these do not fit there. Take fewer of them, or say {nameof(DataCaching)}.{nameof(DataCaching.Memory)} if they do after all.");

        // Settled by the rows: how they are held out depends on the number of networks, the other defaults on the rows that are left.
        var hasConvolutions = options.HasConvolutions(layout.Shape);
        var isForImages = hasConvolutions && layout.Shape.Dimensions.Length > 2;
        options.EnsembleSize ??= EnsembleDefaults.Size(options, rows.Training, task.Outputs, hasConvolutions && ConvolutionLayers.TakeLong(layout.Shape), initial?.Network);
        // The score of an anomaly is the error of the mean of all networks, which is smaller than theirs: rows that tell how large it is must be new to each of them.
        rows = holdOut.HoldOut(rows, task.LearnsFeatures ? 1 : options.EnsembleSize.Value, options.Augmentation);
        if (options.SamplingKeyColumnName is { } key && holdOut.Applies(rows.Training.Count) && !rows.AreMeasured)
            channel.Warning($"No rows are held out: of the groups in the column '{key}', none can be spared. There is one only, or each is the only one of a class.");
        if (initial is null && HiddenLayerDefaults.FillInRareClasses(options, rows.Training, layout.Shape) is { } others)
            channel.Info(FormattableString.Invariant($"{others} rows are of other classes than the commonest, too few for hidden layers: the model is linear, unless {nameof(options.HiddenLayers)} says otherwise."));
        var (first, choice) = _design.For(layout.Shape, rows);
        ThrowIfCanceled();
        new NetworkSize(host, options, BuildLayers).CheckMissing(features, layout.Shape, task.Outputs, first.Missing?.Columns.Count ?? 0);
        var isLinear = first.Components is { KeepsInputs: false } && (initial is null || options.HiddenLayers is { Count: 0 });
        var isForWords = options.Layers is null && !hasConvolutions && !task.LearnsFeatures && rows.Training.IsSparse;
        var kind = new NetworkKind(first.EmbedsBeside ? 0 : first.Embedding?.ColumnsOf(layout.Shape).Length ?? 0, isForImages, isForWords, first.Screens, isLinear, HasCodes: first.Embedding?.Bins > TableDefaults.EmbeddingBins);
        var isRateOpen = options is { LearningRate: null, Optimizer: null };
        var goesOn = initial is not null && options.NumberOfEpochs is null;
        HiddenLayerDefaults.FillIn(options, rows.Training, kind);
        DefaultSettings.FillIn(options, rows, kind, task.HasFreeTargets(options.Loss), goesOn);

        var network = CreateNetwork(layout.Shape, rows, first, choice, outputOfClass);
        // All features together then move a prediction by about 1 in a step.
        if (first.Screens && isRateOpen)
            options.LearningRate = (goesOn ? StepDefaults.RateOfGoingOn : 1) * (float)(1 / FeatureScreening.SumOfWeights(network, first.IndexOfScreening));
        if (task.LearnsFeatures)
            rows = rows.WithTargets(new Reconstruction(network).WithTargets);
        var scaling = ScaleTargets(rows.Training, network);
        if (initial is null && isLinear)
            InitialOutputs.BeginAtRidge(network, (RowSubset)rows.Training, rows.Folds, scaling);
        else if (initial is null && first.HasSumsBeside)
            InitialOutputs.BeginBesideRidge(network, (RowSubset)rows.Training, rows.Folds, scaling);
        return new TrainingRun(rows, network, layout, ColumnMeanings.Of(training.Schema), options, scaling, initial?.History);
    }

    private void ThrowIfCanceled()
    {
        if (options.IsCanceled)
            throw new OperationCanceledException("Training was canceled before its first epoch.", options.CancellationToken);
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
        new NetworkSize(host, options, BuildLayers).Check(features, layout.Shape, label, task.Outputs);
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

    /// <summary>A model that goes on learning may meet rows of one class: it has met the others before.</summary>
    private void CheckClasses(RowSource rows, RowColumns columns)
    {
        if (rows.Targets.DistinctClasses == 1 && initial is null)
            throw host.Except($"All {rows.Count} usable rows have the same class in the label column '{columns.Label.Name}'; a classification needs rows of at least two, and so does each class in OneVersusAll and PairwiseCoupling.");
    }

    /// <summary>A model that goes on learning may meet such groups, as it may meet rows of one class.</summary>
    private void CheckGroups(RowSource rows, RowColumns columns)
    {
        if (rows.LargestGroup == 1 && initial is null && options.Loss is { NeedsGroups: true })
            throw host.Except($"None of the {rows.Count} usable rows shares its group in the column '{columns.Group!.Value.Name}' with another; a ranking learns the order of the rows of a group.");
    }

    /// <summary>The engine checks targets too, and knows no column.</summary>
    private void CheckTargets(RowSource rows, RowColumns columns)
    {
        if (!task.LearnsFeatures && options.Loss is { } loss && rows.WrongTarget(loss) is { } wrong)
            throw new ArgumentException($"{wrong} The label column is '{columns.Label.Name}'.");
    }

    /// <summary>Squared errors weigh one label that is far from all others more than these, and what is standardized by it makes these the same.</summary>
    private void WarnOfFarTarget(RowSource rows, RowColumns columns)
    {
        const double MostOfVariation = 0.5;
        const int FewestRows = 20;
        if (!task.HasFreeTargets(options.Loss) || options.Loss is not MeanSquaredError || rows.TargetCount != 1 || rows.Count < FewestRows)
            return;
        var (targets, mean) = (rows.Targets, rows.Targets.Means[0]);
        // Of rows with weights, the farthest one need not be the one that weighs most.
        if (targets.Total(classFactors: null).Weight != rows.Count)
            return;
        var (target, row) = targets.Highest - mean > mean - targets.Lowest ? (targets.Highest, targets.RowOfHighest) : (targets.Lowest, targets.RowOfLowest);
        var share = (target - mean) * (target - mean) / targets.Variations[0];
        if (share > MostOfVariation)
            channel.Warning(FormattableString.Invariant($"Row {rows.NumberInData(row)}, of the usable ones counted from 0, has the label {target:G4} in the column '{columns.Label.Name}', and is {share:P0} of the variance of all {rows.Count} by itself: little is learned of the others. If it is an error, leave it out; {nameof(HuberLoss)} and {nameof(QuantileLoss)} are not ruled by single labels, logarithms bring large ones near."));
    }

    /// <summary>A model that is gone on from keeps its standardization, which may fit what it learned from and not what it goes on with.</summary>
    private void WarnOfMovedFeatures(Network network, RowSource rows)
    {
        const double FarAway = 3;
        if (network.Standardization is not { } place || network.InputShape.Dimensions.Length > 1)
            return;
        var (means, scales) = StandardizationLayer.StatisticsOf(place);
        var features = rows.Features;
        var column = Enumerable.Range(0, rows.Inputs).MaxBy(Distance);
        if (Distance(column) > FarAway)
            channel.Warning(FormattableString.Invariant($"The mean of feature {column}, counted from 0, is {features.Mean(column):G4} by now, {Distance(column):F0} standard deviations from {means[column]:G4}, by which the model to go on from standardizes it: values so far away are hardly told apart. A new model may learn more."));

        double Distance(int column) => Math.Abs(features.Mean(column) - means[column]) * scales[column];
    }

    private Network CreateNetwork(Shape inputShape, TrainingRows rows, TableLayers first, ComponentChoice choice, int[]? outputOfClass)
    {
        var network = Network.Create(inputShape, BuildLayers(inputShape, task.Outputs, first), options.Seed!.Value);
        if (initial is not null)
        {
            CopyWeights(initial.Network, network, outputOfClass);
            if (!task.LearnsFeatures)
                InputStatistics.StandardizeLeftOut(network, rows.Training);
            WarnOfMovedFeatures(network, rows.Training);
            return network;
        }

        if (InputStatistics.HasComponentsElsewhere(network))
            throw host.Except($"The option {nameof(options.Layers)} has a {nameof(PrincipalComponentsLayer)} that is not its first layer. Principal components are statistics of the features: nothing sets those of what other layers make of them.");
        if (_design.IsStandardizing)
        {
            // An anomaly may be just that: another value where all were the same.
            var leftOut = InputStatistics.Standardize(network, rows.Training, forLabels: !task.LearnsFeatures);
            if (leftOut > 0)
                channel.Info(FormattableString.Invariant($"{leftOut} of {rows.Training.Inputs} features have the same value, or none, in all rows that are learned from. Nothing comes of other values of theirs later."));
            if (!task.LearnsFeatures && rows.Training.Features.Words.Count is > 0 and var words)
                channel.Info(FormattableString.Invariant($"{words} features are taken for words beside numbers, since they are 0 in most rows and about the same in the others: they have no functions of their own, unless {nameof(options.NumericEmbedding)} is {nameof(NumericEmbedding.On)}."));
            WeighIndicators(network, rows.Training, first);
        }

        if (choice.Components is { } found)
            InputStatistics.SetComponents(network, found);
        else if (rows.Training is RowSubset inMemory)
            InputStatistics.SetComponents(network, inMemory);
        else if (network.Members[0].Layers.Any(place => place.Layer is PrincipalComponentsLayer))
            throw host.Except($"Principal components are of rows in memory; these do not fit there. Take fewer of them, or say {nameof(DataCaching)}.{nameof(DataCaching.Memory)} if they do after all, or leave the {nameof(PrincipalComponentsLayer)} out of {nameof(options.Layers)}.");
        InputStatistics.SetBins(network, rows.Training, first.Codes is { Count: > 0 } codes ? column => codes.Contains(column) ? CodeColumns.MostBins(rows.Training.Features, column) : TableDefaults.EmbeddingBins : null);
        if (first.Screens)
        {
            // What random weights of thousands of features add up to would outweigh what so few rows tell.
            InitialOutputs.BeginAtZero(network);
            FeatureScreening.Apply(network, first.IndexOfScreening, (RowSubset)rows.Training, rows.Folds, ThrowIfCanceled);
        }

        if (task.OutputActivation == Activation.Exponential)
            InitialOutputs.BeginAtMeans(network, rows.Training.Targets);
        return network;
    }

    /// <summary>Where indicators, words or categories are so many, beside the rows, that what they tell by chance would outweigh the rest.</summary>
    private void WeighIndicators(Network network, RowSource rows, TableLayers first)
    {
        var isOneLabel = !task.LearnsFeatures && !rows.HasGroups && (rows.IsClassification || rows.TargetCount == 1);
        var isOpen = options.Layers is null && !first.Screens && network.Standardization is not null && network.InputShape.Dimensions.Length == 1;
        if (!isOneLabel || !isOpen || rows is not RowSubset inMemory)
            return;
        int[] numbers = [.. first.Embedding?.ColumnsOf(network.InputShape) ?? [], .. first.Components?.ColumnsOf(network.InputShape) ?? []];
        var (weighed, noughts) = IndicatorScreening.Apply(network, inMemory, numbers, TableDefaults.MostFloorOf(rows.Inputs), ThrowIfCanceled);
        if (weighed > 0)
            channel.Info(FormattableString.Invariant($"{weighed} features, of which about {noughts} may tell nothing, are weighed by how surely they go with the label."));
    }

    /// <summary>The units of the hidden layers; null where a network has others than a trainer makes of the option.</summary>
    private static int[]? HiddenLayersOf(Network network)
    {
        var layers = network.Members[0].Layers.SelectMany(place => place.Layer is WideAndDeepLayer beside ? beside.Layers : [place.Layer]).ToList();
        return layers.All(layer => layer is DenseLayer or DropoutLayer or StandardizationLayer or MissingValueLayer or PrincipalComponentsLayer or NumericEmbeddingLayer or ActivationLayer) ? [.. layers.OfType<DenseLayer>().SkipLast(1).Select(layer => layer.Units)] : null;
    }

    private IReadOnlyList<Layer> BuildLayers(Shape input, int outputs) => BuildLayers(input, outputs, _design.BeforeRows);

    private IReadOnlyList<Layer> BuildLayers(Shape input, int outputs, TableLayers first) => options.BuildLayers(input, outputs, task.OutputActivation, first);

    private void CopyWeights(Network trained, Network network, int[]? outputOfClass)
    {
        if (!NetworkWriter.HaveSameLayers(trained, network))
        {
            var others = trained.ToString() == network.ToString() ? "the same ones with other settings, such as columns" : $"[{network}]";
            throw host.ExceptParam(NameOfInitial, $"The model to go on from has the layers [{trained}]; the options and the data make {others}.");
        }

        network.CopyParameters(trained);
        if (outputOfClass is not null)
            network.ReorderOutputs(outputOfClass);
    }

    /// <summary>A trained network predicts in the targets' units: to go on, its outputs are brought to the scaled ones.</summary>
    private TargetScaling? ScaleTargets(RowSource rows, Network network)
    {
        if (!task.HasFreeTargets(options.Loss))
            return null;
        var scaling = TargetScaling.For(rows.Targets, options.Loss!, initial is null ? null : network);
        if (initial is not null)
            scaling?.Unfold(network);
        return scaling;
    }
}
