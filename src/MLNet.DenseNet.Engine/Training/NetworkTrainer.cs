using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Trains one network: single steps, or epochs over a data set. Not for use by two threads at once, nor by a loss or a callback of its own training: both are refused with an <see cref="InvalidOperationException"/>.</summary>
public sealed class NetworkTrainer
{
    // How many validation rows go through the network at once: enough to keep the products busy, few enough to stay in cache.
    private const int ValidationBatchSize = 256;

    private readonly TrainingOptions _options;
    private readonly Loss _loss;
    private readonly int _seed;
    private readonly ParameterUpdate _update;
    private readonly ExclusiveUse _use = new("The trainer is at work already, in another thread or in what called back here; a trainer does one thing at a time.");
    private Backpropagation? _backpropagation;
    private bool _hasGradient;

    // What this network has learned before counts on: no order of rows and no random bits come twice.
    private int _epochsBegun;
    private long _stepsBefore;

    /// <summary>Prepares to train a network; its parameters change with every step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the augmentation does not fit the network's inputs or the loss.</exception>
    /// <exception cref="ArgumentException">The loss does not fit the network's output activation.</exception>
    public NetworkTrainer(Network network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Network = network;
        _options = options.Copy();
        _loss = options.Loss ?? Loss.For(network.OutputActivation);
        _loss.CheckOutputActivation(network.OutputActivation);
        if (_loss.Link == Activation.Softmax && network.OutputShape.Size < 2)
            throw new ArgumentException($"The loss {_loss} needs at least two outputs: the softmax of one is always 1.", nameof(network));
        TrainingOptions.Check(options.Seed is not null || options.Checkpoints is null, nameof(options.Seed), null, "be given where Checkpoints are, so that a training can go on as it began");
        if (options.Augmentation is { } augmentation)
            CheckAugmentation(augmentation);
        _seed = options.Seed ?? Random.Shared.Next();
        _update = new ParameterUpdate(network, _options);
    }

    /// <summary>The network being trained.</summary>
    public Network Network { get; }

    /// <summary>What standardizes targets while training, so that the network's outputs stand for predictions, until it ends; null where they are as they come.</summary>
    internal TargetScaling? TargetScaling { get; init; }

    /// <summary>The training that the network comes from, whose epochs and steps are counted on; null for a network that begins.</summary>
    internal TrainingHistory? Earlier
    {
        init => (_epochsBegun, _stepsBefore) = value is null ? (0, 0) : (value.EpochsBegun, value.StepsBegun);
    }

    /// <summary>Computes the mean loss of a batch and its gradient, as training does: with dropout on, though without augmentation. Weight decay is part of <see cref="Step"/>.</summary>
    /// <param name="features">(rows x inputs), row-major.</param>
    /// <param name="targets">(rows x outputs), row-major.</param>
    /// <param name="weights">(rows), or empty where all rows weigh the same: how much each counts beside the others of this batch.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">The trainer is in use, by another thread or from a callback of its own; or a <see cref="CustomLoss"/> is not finite.</exception>
    public unsafe double ComputeGradient(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights = default)
    {
        fixed (float* elements = features)
            return ComputeGradientOf(new MatrixRows(elements, Network.CountRows(features), Network.InputShape.Size), targets, weights);
    }

    /// <summary>The same for rows that may be sparse.</summary>
    internal double ComputeGradientOf(InputRows features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        using var use = _use.Enter();
        var rows = features.Rows;
        ArgumentOutOfRangeException.ThrowIfZero(rows, nameof(features));
        Elementwise.CheckSameLength(targets.Length, (long)rows * Network.OutputShape.Size);
        Elementwise.CheckSameLength(weights.Length, weights.IsEmpty ? 0 : rows);
        var computed = EnsureRoomFor(rows);
        var step = NextStep;
        var sums = computed.Evaluate(features, new BatchTargets(targets, weights), step, team: null);
        computed.Propagate(step, team: null, fusedUpdate: null);
        _hasGradient = true;
        return sums.MeanLoss;
    }

    /// <summary>The gradient that <see cref="ComputeGradient"/> found for a parameter.</summary>
    /// <param name="parameter">A member of the network's parameters.</param>
    /// <returns>A copy, row-major, limited by <see cref="Step"/> where the options limit gradients; all 0 for a parameter that is not trained.</returns>
    /// <exception cref="ArgumentException">The parameter is not this network's.</exception>
    /// <exception cref="InvalidOperationException">No gradient was computed yet, or not since <see cref="Train(Dataset, Dataset?)"/>.</exception>
    public float[] Gradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Network.Parameters.Contains(parameter))
            throw new ArgumentException("The parameter belongs to another network.", nameof(parameter));
        var gradients = GradientsOfCaller;
        return parameter.IsTrained ? gradients.ToArray(parameter) : new float[parameter.Shape.Size];
    }

    /// <summary>Applies the gradient that <see cref="ComputeGradient"/> found: one step of the optimizer at the options' rate; schedules are for <see cref="Train(Dataset, Dataset?)"/>. Whether it leaves all weights finite is for the caller to see; <see cref="Train(Dataset, Dataset?)"/> looks.</summary>
    /// <exception cref="InvalidOperationException">No gradient was computed yet, or not since <see cref="Train(Dataset, Dataset?)"/>; or the trainer is in use.</exception>
    public void Step()
    {
        using var use = _use.Enter();
        _update.Step(GradientsOfCaller, _options.EffectiveLearningRate, Computed.Rows, team: null);
    }

    /// <summary>Makes the <see cref="StandardizationLayer"/> that the network begins with bring the features of these rows to mean 0 and variance 1.</summary>
    /// <param name="data">The rows to learn from, by their weights.</param>
    /// <exception cref="ArgumentException">The rows have another number of features than the network.</exception>
    /// <exception cref="InvalidOperationException">The network does not begin with such a layer.</exception>
    public void Standardize(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Standardize(Network, RowSubset.All(data));
    }

    /// <inheritdoc cref="Standardize(Dataset)"/>
    internal static void Standardize(Network network, RowSource data)
    {
        var first = network.Layers[0];
        if (first.Layer is not StandardizationLayer)
            throw new InvalidOperationException($"The network begins with [{first}]; to standardize features, its first layer must be a {nameof(StandardizationLayer)}.");
        if (data.Inputs != network.InputShape.Size)
            throw new ArgumentException($"The rows have {data.Inputs} features; the network takes {network.InputShape.Size}.", nameof(data));
        var (means, scales) = data.Features.ToStandardization();
        StandardizationLayer.Set(first, means, scales);
    }

    /// <summary>Trains for the number of epochs in the options, or until they say that it is enough.</summary>
    /// <remarks>Called again it goes on: the optimizer keeps its state, and epochs and steps are counted on, so that rows come in a new order and dropout and augmentation draw anew, while the same rows are split off. The learning-rate schedule begins again.</remarks>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with after each epoch, never to learn from; null for none, or those that <see cref="TrainingOptions.ValidationFraction"/> splits off.</param>
    /// <returns>A summary of each epoch, and how training ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option does not fit the rows, or a validation set is given beside a <see cref="TrainingOptions.ValidationFraction"/>.</exception>
    /// <exception cref="ArgumentException">The rows do not fit the network, or their targets the loss; or the checkpoint in the folder is of another training, or of another version of this library.</exception>
    /// <exception cref="FormatException">The checkpoint in the folder is damaged, or of a newer version.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled and the options say that this is an exception, or no epoch was complete.</exception>
    /// <exception cref="IOException">The folder of checkpoints cannot be used, or another training uses it.</exception>
    /// <exception cref="InvalidOperationException">The trainer is in use, by another thread or from a callback of its own; or a <see cref="CustomLoss"/> is not finite.</exception>
    public TrainingHistory Train(Dataset data, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (_options.ValidationFraction == 0)
            return Train(RowSubset.All(data), validation is null ? null : RowSubset.All(validation));
        TrainingOptions.Check(validation is null, nameof(TrainingOptions.ValidationFraction), _options.ValidationFraction, "be 0 where a validation set is given");
        var (kept, splitOff) = RowSubset.SplitAsAsked(data, _options.ValidationFraction, HoldOutSeed);
        return Train(kept, splitOff);
    }

    /// <inheritdoc cref="Train(Dataset, Dataset?)"/>
    /// <param name="data">The rows to learn from, all of them: <see cref="TrainingOptions.ValidationFraction"/> is the caller's affair.</param>
    /// <param name="validation">Rows to measure with after each epoch; null for none.</param>
    internal TrainingHistory Train(RowSource data, RowSource? validation) => Train(data, validation, folds: null);

    /// <summary>Trains an ensemble of which each member leaves other rows out and is measured on them.</summary>
    /// <inheritdoc cref="Train(Dataset, Dataset?)"/>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="folds">Which member leaves which of them out.</param>
    internal TrainingHistory Train(RowSubset data, HeldOutFolds folds) => Train(data, folds.All, folds);

    private TrainingHistory Train(RowSource data, RowSource? validation, HeldOutFolds? folds)
    {
        using var use = _use.Enter();
        data.Check(Network, _loss, nameof(data));
        validation?.Check(Network, _loss, nameof(validation));
        var classFactors = _options.ClassWeights?.Factors(data.Targets);
        using var team = new ThreadTeam(_options.EffectiveNumberOfThreads, _options.AdaptsThreads);
        using var training = OpenTraining(data, classFactors, folds);
        using var measuring = validation is null ? null : new EpochValidation(validation, folds, _loss, new BatchLayout(Network.OutputShape.Size, ValidationBatchSize, ClassFactors: classFactors), TargetScaling);
        var trainingMetrics = new EpochMetrics(data, _loss, Network.OutputShape.Size, classFactors, TargetScaling, mixesTargets: _options.Augmentation is { MixesRows: true });
        EnsureRoomFor(Math.Max(training.Batch.MaxRows, measuring?.MaxBatchRows ?? 0)).CountsCorrect = data.IsClassification || validation is { IsClassification: true };
        var rate = new ScheduledRate(_options.EffectiveSchedule, _options.EffectiveLearningRate, training.BatchCount, _options.EffectiveNumberOfEpochs);
        var best = _options.KeepsBestWeights ? new BestWeights(Network, _options.EarlyStopping?.Metric ?? EarlyStoppingMetric.Loss) : null;
        var progress = new TrainingProgress(Network, _update, rate, best);
        var recorder = _options.RecordDiagnostics ? new DiagnosticsRecorder(Network, training.BatchCount, TargetScaling) : null;
        var settings = Settings(training, measuring);
        var divergence = new DivergenceCause(_options, _loss, data, Network.Layers[0].Layer is StandardizationLayer, TargetScaling is not null, classFactors)
        {
            LearnedOutputWeight = TargetScaling is null || _epochsBegun == 0 ? 0 : Network.Members[0].Layers[^1].Parameters[0].ToArray().Max(Math.Abs),
        };
        var (epochsBefore, stepsBefore) = (_epochsBegun, _stepsBefore + _update.Steps);
        using var checkpoint = _options.Checkpoints is null ? null
            : new CheckpointFile(_options.Checkpoints.Folder, TrainingFingerprint.Of(Network, _options, _loss, data, validation, (epochsBefore, stepsBefore, _update.Steps)));
        checkpoint?.Load(progress);
        _epochsBegun = epochsBefore + progress.Epochs.Count;
        var end = EndAfter(progress.Epochs);
        var clock = new EpochClock(progress.Epochs.Count == 0 ? TimeSpan.Zero : progress.Epochs[^1].Elapsed);
        while (end is null)
        {
            clock.BeginEpoch();
            var number = progress.Epochs.Count + 1;
            _epochsBegun = epochsBefore + number;
            var isWhole = TrainEpoch(number, training, trainingMetrics, rate, team, recorder, divergence);
            clock.EndTraining(training.Rows);
            if (!isWhole || (measuring is not null && !measuring.Measure(number, Computed, team, _options)))
            {
                end = TrainingEnd.Canceled;
                break;
            }

            progress.Add(Summarize(number, trainingMetrics, measuring?.Metrics, rate, clock, recorder));
            end = EndAfter(progress.Epochs);
            if (checkpoint is not null && (end is not null || checkpoint.IsBehind || number % _options.Checkpoints!.EveryEpochs == 0))
                progress.NoteCheckpointError(checkpoint.TrySave(progress, settings));
            _options.EpochCompleted?.Invoke(progress.Epochs[^1]);
            // An epoch that was the last one anyway ends as it would have.
            if (progress.Epochs[^1].IsStopRequested)
                end ??= TrainingEnd.StoppedByCallback;
        }

        var restored = best?.Restore();
        if (end == TrainingEnd.Canceled && (_options.CancellationBehavior == CancellationBehavior.Throw || progress.Epochs.Count == 0))
            throw new OperationCanceledException(WhenCanceled(progress.Epochs.Count), _options.CancellationToken);
        // From here on the network predicts in the targets' own units, for whoever is told that training has ended.
        TargetScaling?.Fold(Network);
        var history = new TrainingHistory(
            progress.Epochs, end.Value, restored, settings, Network.Summary(), data.Targets.LargestClassShare(classFactors), recorder?.EndTraining())
        {
            EpochsBefore = epochsBefore,
            StepsBefore = stepsBefore,
            HoldOutSeed = HoldOutSeed,
        };
        _options.TrainingCompleted?.Invoke(history);
        return history;
    }

    /// <summary>Takes steps apart from any epoch, each at a rate of its own.</summary>
    /// <param name="data">The rows to learn from; begun again, shuffled anew, where they are not enough.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="rateOf">From a step's number, from 0, to its rate.</param>
    /// <returns>The sums of each step's batch; nothing is done before it is asked for.</returns>
    internal IEnumerable<BatchSums> TrainSteps(RowSource data, int count, Func<int, float> rateOf)
    {
        using var use = _use.Enter();
        data.Check(Network, _loss, nameof(data));
        using var team = new ThreadTeam(_options.EffectiveNumberOfThreads, _options.AdaptsThreads);
        using var batches = OpenTraining(data, _options.ClassWeights?.Factors(data.Targets));
        EnsureRoomFor(batches.Batch.MaxRows);
        for (var step = 0; step < count; step++)
        {
            var (epoch, index) = Math.DivRem(step, batches.BatchCount);
            if (index == 0)
                batches.Begin(_epochsBegun + epoch + 1);
            if (_options.IsCanceled || !batches.TryTakeNext())
                throw new OperationCanceledException(_options.CancellationToken);
            yield return TakeStep(batches.Batch, rateOf(step), team);
        }
    }

    private void CheckAugmentation(Augmentation augmentation)
    {
        TrainingOptions.Check(
            augmentation.Inputs is not { } values || values == Network.InputShape.Size, nameof(TrainingOptions.Augmentation), augmentation,
            $"be of images whose width * height * channels, here {augmentation.Inputs}, is the number of features, {Network.InputShape.Size}");
        TrainingOptions.Check(!augmentation.IsIdle, nameof(TrainingOptions.Augmentation), augmentation, "be told what to change: all of its changes are off");
        TrainingOptions.Check(
            !augmentation.MixesRows || !_loss.NeedsOneClass, nameof(TrainingOptions.Augmentation), augmentation, $"be without mixup where the loss is {_loss}, which needs one class a row");
    }

    /// <returns>Why training ends after these epochs; null where it goes on.</returns>
    private TrainingEnd? EndAfter(IReadOnlyList<EpochSummary> epochs) =>
        epochs.Count == _options.EffectiveNumberOfEpochs ? TrainingEnd.Completed
        : _options.EarlyStopping?.IsOver(epochs) == true ? TrainingEnd.EarlyStopped
        : null;

    /// <returns>False where training was cancelled in the middle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TrainEpoch(int epoch, BatchSource batches, EpochMetrics metrics, ScheduledRate rate, ThreadTeam team, DiagnosticsRecorder? recorder, DivergenceCause divergence)
    {
        batches.Begin(_epochsBegun);
        metrics.Clear();
        var isCanceled = false;
        var step = (epoch - 1L) * batches.BatchCount;
        for (var index = 0; index < batches.BatchCount && !(isCanceled = _options.IsCanceled || !batches.TryTakeNext()); index++)
        {
            var sums = TakeStep(batches.Batch, rate.At(step++), team, recorder?.For(index));
            if (!double.IsFinite(sums.Objective))
                throw new TrainingDivergedException(epoch, "the loss", divergence.ToString());
            metrics.Add(sums, Computed.Predictions, batches.Batch);
            _options.BatchCompleted?.Invoke(Progress(epoch, index + 1, batches, metrics));
        }

        if (!FiniteValues.All(Network.Block.Span))
            throw new TrainingDivergedException(epoch, "a weight", divergence.ToString());

        return !isCanceled;
    }

    /// <returns>The sums of before the step, which is not taken where the loss is not finite.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BatchSums TakeStep(MiniBatch batch, float rate, ThreadTeam team, DiagnosticsRecorder? recorder = null)
    {
        team.BeginStep();
        var step = NextStep;
        batch.Augment(step, team);
        var sums = Computed.Evaluate(batch.Features, batch.Targets, step, team);
        if (double.IsFinite(sums.Objective))
        {
            Computed.Propagate(step, team, _update.Begin(rate, Computed.Rows, keepsGradients: recorder is not null));
            recorder?.Observe(Computed);
            _update.End(Computed.Gradients, Computed.Rows, team);
        }

        team.EndStep(Computed.Rows);
        return sums;
    }

    private string WhenCanceled(int epochs) => epochs == 0 && _options.CancellationBehavior == CancellationBehavior.ReturnModel
        ? $"Training was canceled before the end of its first epoch: there is no model yet that has seen all rows, as {nameof(CancellationBehavior.ReturnModel)} needs."
        : $"Training was canceled after {epochs} of {_options.EffectiveNumberOfEpochs} epochs.";

    private BatchProgress Progress(int epoch, int batches, BatchSource source, EpochMetrics metrics) => new(
        epoch, _options.EffectiveNumberOfEpochs, batches, source.BatchCount, (int)Math.Min((long)batches * source.Batch.MaxRows, source.Rows), metrics.Sums.MeanLoss, metrics.Accuracy);

    private EpochSummary Summarize(int epoch, EpochMetrics training, EpochMetrics? measuring, ScheduledRate rate, EpochClock clock, DiagnosticsRecorder? recorder) => new(
        epoch, _options.EffectiveNumberOfEpochs, training.Sums.MeanLoss, training.Accuracy, training.RSquared,
        measuring?.Sums.MeanExampleLoss, measuring?.Accuracy, measuring?.RSquared,
        rate.Latest, clock.RowsPerSecond, clock.Elapsed, clock.EstimateTimeLeft(epoch, _options.EffectiveNumberOfEpochs - epoch))
    {
        ObjectiveApart = training.ClassWeightedAccuracy is null ? training.ObjectiveApart : null,
        ClassWeightedAccuracy = training.ClassWeightedAccuracy,
        ValidationClassWeightedAccuracy = measuring?.ClassWeightedAccuracy,
        ValidationObjectiveApart = measuring?.ObjectiveApart,
        Diagnostics = recorder?.EndEpoch() ?? [],
    };

    private TrainingSettings Settings(BatchSource training, EpochValidation? measuring) => new(
        $"{_loss}", $"{_options.EffectiveOptimizer}", _options.EffectiveLearningRate, $"{_options.EffectiveSchedule}", _options.EffectiveWeightDecay,
        _options.EffectiveBatchSize, _options.EffectiveNumberOfEpochs, _options.Shuffle, _seed, training.Rows, measuring?.Rows ?? 0,
        _options.GradientNormLimit, _options.GradientValueLimit, _options.Augmentation?.ToString(), _options.ClassWeights?.ToString(), _options.EarlyStopping?.ToString());

    private BatchSource OpenTraining(RowSource rows, float[]? classFactors, HeldOutFolds? folds = null) => rows.OpenBatches(new BatchLayout(
        Network.OutputShape.Size, _options.EffectiveBatchSize, _options.Shuffle ? _seed : null, classFactors, folds?.HeldOutBy, MeanWeights(rows, classFactors, folds),
        _options.Augmentation, _options.Augmentation is { Noise: > 0 } augmentation ? rows.Features.ToDeviations(augmentation.Noise) : null));

    /// <summary>The mean weight of the rows learned from: of each member of an ensemble, where each leaves others out.</summary>
    private static double[] MeanWeights(RowSource rows, float[]? classFactors, HeldOutFolds? folds)
    {
        var (weight, count) = rows.Targets.Total(classFactors);
        return folds is null ? [weight / count] : [.. folds.Members.Select(Mean)];

        double Mean(RowSubset heldOut)
        {
            var (weightOfFold, countOfFold) = heldOut.Targets.Total(classFactors);
            return count == countOfFold ? 0 : (weight - weightOfFold) / (count - countOfFold);
        }
    }

    private Backpropagation Computed => _backpropagation!;

    private TrainingStep NextStep => new(_seed, _stepsBefore + _update.Steps);

    private int HoldOutSeed => _options.HoldOutSeed ?? _seed;

    /// <summary>Those of <see cref="ComputeGradient"/>: training leaves none behind, as it uses up the gradients of large parameters part by part.</summary>
    private GradientBlock GradientsOfCaller =>
        _hasGradient ? Computed.Gradients : throw new InvalidOperationException("No gradient was computed yet: call ComputeGradient first.");

    private Backpropagation EnsureRoomFor(int rows)
    {
        _hasGradient = false;
        if (_backpropagation is null || _backpropagation.MaxRows < rows)
            _backpropagation = new Backpropagation(Network, _loss, rows, TargetScaling);
        return _backpropagation;
    }
}
