using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>One training, from its first epoch or from a checkpoint to its end. Each epoch is trained, measured, recorded, saved and reported.</summary>
internal sealed class TrainingSession : IDisposable
{
    // How many validation rows go through the network at once: enough to keep the products busy, few enough to stay in cache.
    private const int ValidationBatchSize = 256;

    private readonly TrainingPlan _plan;
    private readonly TrainingState _state;
    private readonly TrainingSteps _steps;
    private readonly EpochMetrics _metrics;
    private readonly EpochValidation? _validation;
    private readonly ScheduledRate _rate;
    private readonly TrainingProgress _progress;
    private readonly DiagnosticsRecorder? _recorder;
    private readonly TrainingSettings _settings;
    private readonly DivergenceCause _divergence;
    private readonly CheckpointFile? _checkpoint;
    private readonly double? _baselineAccuracy;
    private readonly double? _baselineLoss;
    private readonly (int Epochs, long Steps) _before;
    private readonly HeldOutPart _heldOut;
    private readonly EpochClock _clock;

    private readonly EndOfLearning? _endOfLearning;

    /// <param name="plan">What is trained, and how.</param>
    /// <param name="state">What training changes.</param>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with after each epoch; null for none.</param>
    /// <param name="folds">The rows that each learner leaves out and is measured on; null where all learn from all rows.</param>
    public TrainingSession(TrainingPlan plan, TrainingState state, RowSource data, RowSource? validation, HeldOutFolds? folds)
    {
        var (network, options, loss) = (plan.Network, plan.Options, plan.Loss);
        (_plan, _state) = (plan, state);
        data.Check(network, loss, nameof(data));
        validation?.Check(network, loss, nameof(validation));
        if (validation is not null && validation.HasGroups != data.HasGroups)
            throw new ArgumentException("The rows to learn from or those to measure with are in groups, and the others are not: their metrics would be different ones.", nameof(validation));
        var classFactors = options.ClassWeights?.Factors(data.Targets);
        _baselineAccuracy = data.Targets.LargestClassShare(classFactors);
        _baselineLoss = loss is BinaryCrossEntropy { LabelSmoothing: 0 } or SoftmaxCrossEntropy { LabelSmoothing: 0 } ? data.Targets.ClassEntropy(classFactors) : null;
        _steps = new TrainingSteps(plan, state, data, classFactors, folds);
        try
        {
            _validation = validation is null ? null
                : new EpochValidation(validation, folds, loss, new BatchLayout(network.OutputShape.Size, ValidationBatchSize, ClassFactors: classFactors), state.Scaling);
            _metrics = new EpochMetrics(data, loss, network.OutputShape.Size, classFactors, state.Scaling, mixesTargets: options.Augmentation is { MixesRows: true });
            TrainingOptions.Check(
                _metrics.HasMetric || options.EarlyStopping?.Metric != EarlyStoppingMetric.TaskMetric, nameof(options.EarlyStopping), options.EarlyStopping?.Metric, $"go by the loss where that is {loss}: there is no metric besides it");
            state.Learners.EnsureRoomFor(Math.Max(_steps.MaxBatchRows, _validation?.MaxBatchRows ?? 0), state.Scaling);
            _rate = new ScheduledRate(options.EffectiveSchedule, options.EffectiveLearningRate, _steps.PerEpoch, options.EffectiveNumberOfEpochs);
            _progress = new TrainingProgress(network, state.Learners, _rate, options.KeepsBestWeights ? new BestWeights(network, options.EarlyStopping?.Metric ?? EarlyStoppingMetric.Loss) : null);
            _recorder = options.RecordDiagnostics ? new DiagnosticsRecorder(network, _steps.PerEpoch, state.Scaling) : null;
            _settings = plan.ToSettings(_steps.Rows, _validation?.Rows ?? 0);
            _divergence = new DivergenceCause(options, loss, data, network.Standardization is not null, state.Scaling is not null, classFactors)
            {
                LearnedOutputWeight = state.Scaling is null || state.EpochsBegun == 0 ? 0 : OutputSums.Of(network.Members[0].Layers[^1]).Weights.Max(weights => weights.ToArray().Max(Math.Abs)),
            };
            _endOfLearning = options.EarlyStopping is null ? null : new EndOfLearning(options.EarlyStopping, options.EffectiveNumberOfEpochs, _baselineAccuracy);
            _heldOut = new HeldOutPart(options.ValidationFraction, data is not RowSubset subset ? HoldOutUnit.StreamedRows : subset.Data.HeldOutTogether is null ? HoldOutUnit.Rows : HoldOutUnit.Groups, folds is not null);
            _before = (state.EpochsBegun, state.StepsBegun);
            _checkpoint = options.Checkpoints is null ? null
                : new CheckpointFile(options.Checkpoints.Folder, TrainingFingerprint.Of(network, options, loss, data, validation, (_before.Epochs, _before.Steps, state.Learners.Steps)));
            _checkpoint?.Load(_progress);
            state.Learners.AveragedSteps = (long)Epochs.Count * _steps.PerEpoch;
            _clock = new EpochClock(Epochs.Count == 0 ? TimeSpan.Zero : Epochs[^1].Elapsed);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private TrainingOptions Options => _plan.Options;

    /// <summary>The complete epochs.</summary>
    private IReadOnlyList<EpochSummary> Epochs => _progress.Epochs;

    /// <summary>The epoch that is trained, from 1.</summary>
    private int Epoch => Epochs.Count + 1;

    /// <inheritdoc cref="NetworkTrainer.Train(Dataset, Dataset?)"/>
    public TrainingHistory Run()
    {
        _state.EpochsBegun = _before.Epochs + Epochs.Count;
        var end = EndNow();
        // The interruption may have come before the epoch of the checkpoint was reported, or while it was.
        if (end is null && Epochs.Count > 0)
            Report(ref end);
        while (end is null)
        {
            Anneal();
            if (!TryTrain() || !TryMeasure())
            {
                end = TrainingEnd.Canceled;
                break;
            }

            Record();
            end = EndNow();
            if (end is not null || _checkpoint?.IsBehind == true || Epochs.Count % Options.Checkpoints?.EveryEpochs == 0)
                Save();
            Report(ref end);
        }

        return Close(end.Value);
    }

    public void Dispose()
    {
        _checkpoint?.Dispose();
        _validation?.Dispose();
        _steps.Dispose();
        // Single steps may follow, also where a callback has thrown.
        _state.Learners.EndAveraging();
        _state.Learners.WeightDecay = Options.EffectiveWeightDecay;
        _state.Learners.PenalizesTotalVariation = false;
    }

    /// <summary>The last epoch, as far as is known by now.</summary>
    private int LastEpoch => _endOfLearning?.After is { } learned ? learned + Math.Min(Options.EarlyStopping!.AnnealingEpochs, Options.EffectiveNumberOfEpochs - learned) : Options.EffectiveNumberOfEpochs;

    /// <returns>Why training ends here; null where it goes on.</returns>
    private TrainingEnd? EndNow()
    {
        while (_endOfLearning?.Count < Epochs.Count)
            _endOfLearning.Add(Epochs[_endOfLearning.Count]);
        return Epochs.Count == Options.EffectiveNumberOfEpochs ? TrainingEnd.Completed
            : Epochs.Count == LastEpoch ? TrainingEnd.EarlyStopped
            : _progress.IsStopped ? TrainingEnd.StoppedByCallback
            : null;
    }

    /// <summary>Begins the annealing before its first epoch. Asked before every epoch, since a training may go on from a checkpoint in the middle of it.</summary>
    private void Anneal()
    {
        if (_endOfLearning?.After is not { } learned)
            return;
        if (Epochs.Count == learned)
            _progress.Best?.Restore();
        _rate.Anneal(learned, LastEpoch, Epochs[learned - 1].LearningRate);
    }

    /// <param name="epoch">From 1, or 0 where there is none; those before it are complete.</param>
    private float WeightDecayOf(int epoch) => AdaptedWeightDecay.Of(Options, epoch > 1 ? Epochs[epoch - 2] : null, _steps.Rows);

    /// <returns>False where training was cancelled in the middle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTrain()
    {
        _clock.BeginEpoch();
        _state.EpochsBegun = _before.Epochs + Epoch;
        _state.Learners.WeightDecay = WeightDecayOf(Epoch);
        _state.Learners.PenalizesTotalVariation = Epochs.Take(Epoch - 1).Any(epoch => TotalVariationDecay.MayBeginAfter(epoch, _baselineLoss));
        _steps.BeginEpoch(_state.EpochsBegun);
        _metrics.Clear();
        // Where the rate falls to 0, the last weights are better than those before.
        if (_endOfLearning?.After is null)
            _state.Learners.BeginAveraging(_steps.PerEpoch);
        var isCanceled = false;
        var step = (Epoch - 1L) * _steps.PerEpoch;
        for (var index = 0; index < _steps.PerEpoch; index++)
        {
            var sums = default(BatchSums);
            isCanceled = Options.IsCanceled || !_steps.TryTakeNext(_rate.At(step++), _recorder?.For(index), out sums);
            if (isCanceled)
                break;
            if (!double.IsFinite(sums.Objective))
                throw new TrainingDivergedException(Epoch, "the loss", _divergence.ToString());
            _metrics.Add(sums, _state.Learners.Predictions, _steps.Batch);
            Options.BatchCompleted?.Invoke(ProgressAfter(index + 1));
        }

        if (!_plan.Network.IsFinite)
            throw new TrainingDivergedException(Epoch, "a weight", _divergence.ToString());
        _state.Learners.EndAveraging();
        _clock.EndTraining(_steps.Rows);
        return !isCanceled;
    }

    /// <returns>False where training was cancelled in the middle.</returns>
    private bool TryMeasure() => _validation is null || _validation.Measure(Epoch, _state.Learners, _steps.Team, Options);

    private void Record()
    {
        var (epoch, planned, measured) = (Epoch, Options.EffectiveNumberOfEpochs, _validation?.Metrics);
        _progress.Add(new EpochSummary(
            epoch, planned, _metrics.Sums.MeanLoss, _metrics.Accuracy, _metrics.RSquared, measured?.Sums.MeanExampleLoss, measured?.Accuracy, measured?.RSquared,
            _rate.Latest, _clock.RowsPerSecond, _clock.Elapsed, _clock.EstimateTimeLeft(epoch, LastEpoch - epoch))
        {
            ObjectiveApart = _metrics.ClassWeightedAccuracy is null ? _metrics.ObjectiveApart : null,
            ClassWeightedAccuracy = _metrics.ClassWeightedAccuracy,
            ValidationClassWeightedAccuracy = measured?.ClassWeightedAccuracy,
            Ndcg = _metrics.Ndcg,
            ValidationNdcg = measured?.Ndcg,
            ValidationObjectiveApart = measured?.ObjectiveApart,
            AnnealedFrom = _endOfLearning?.After == Epochs.Count ? _progress.Best?.Epoch ?? Epochs.Count : null,
            Diagnostics = _recorder?.EndEpoch() ?? [],
        });
        if (Options.EarlyStopping is { Metric: EarlyStoppingMetric.TaskMetric } && Epochs[^1].MonitoredMetric is null)
            throw new ArgumentException(WhyNoMetric());
    }

    private void Save()
    {
        if (_checkpoint is not null)
            _progress.NoteCheckpointError(_checkpoint.TrySave(_progress, _settings));
    }

    private void Report(ref TrainingEnd? end)
    {
        Options.EpochCompleted?.Invoke(Epochs[^1]);
        // A stop in the last epoch changes nothing: that epoch ends as it would have.
        if (end is not null || !Epochs[^1].IsStopRequested)
            return;
        end = TrainingEnd.StoppedByCallback;
        _progress.IsStopped = true;
        Save();
    }

    private TrainingHistory Close(TrainingEnd end)
    {
        var restored = _progress.Best?.Restore();
        if (end == TrainingEnd.Canceled && (Options.CancellationBehavior == CancellationBehavior.Throw || Epochs.Count == 0))
            throw new OperationCanceledException(WhyCanceled(), Options.CancellationToken);
        // Before the callback, to which the network predicts in the targets' own units.
        _state.Scaling?.Fold(_plan.Network);
        var history = new TrainingHistory(Epochs, end, restored, _settings with { WeightDecay = WeightDecayOf(Epochs.Count) }, _plan.Network.Summary(), _baselineAccuracy, _recorder?.EndTraining())
        {
            BaselineLoss = _baselineLoss,
            EpochsBefore = _before.Epochs,
            StepsBefore = _before.Steps,
            StepsPerEpoch = _steps.PerEpoch,
            HoldOutSeed = _plan.HoldOutSeed,
            HeldOut = _heldOut,
            MayHaveLearnedValidationRows = _state.Earlier?.MayHaveLearned(_heldOut, _settings) == true,
        };
        Options.TrainingCompleted?.Invoke(history);
        return history;
    }

    private string WhyNoMetric() =>
        $"The option {nameof(TrainingOptions.EarlyStopping)} goes by the task's metric, which the {(_validation is null ? "training" : "validation")} rows do not have: their targets are all the same, or none of them is what the metric counts. Let it go by the loss.";

    private string WhyCanceled() => Epochs.Count == 0 && Options.CancellationBehavior == CancellationBehavior.ReturnModel
        ? $"Training was canceled before the end of its first epoch: there is no model yet that has seen all rows, as {nameof(CancellationBehavior.ReturnModel)} needs."
        : $"Training was canceled after {Epochs.Count} of {Options.EffectiveNumberOfEpochs} epochs.";

    private BatchProgress ProgressAfter(int batches) => new(
        Epoch, Options.EffectiveNumberOfEpochs, batches, _steps.PerEpoch, _steps.RowsTaken, _metrics.Sums.MeanLoss, _metrics.Accuracy);
}
