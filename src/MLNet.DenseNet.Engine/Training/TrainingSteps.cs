using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The steps of a training, one for each batch of its rows, and the threads that share their work.</summary>
internal sealed class TrainingSteps : IDisposable
{
    private readonly TrainingState _state;
    private readonly BatchSource _batches;
    private readonly bool _countsCorrect;

    /// <param name="plan">What is trained, and how.</param>
    /// <param name="state">What each step changes.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    /// <param name="folds">The rows that each learner leaves out; null where all learn from all rows.</param>
    public TrainingSteps(TrainingPlan plan, TrainingState state, RowSource rows, float[]? classFactors, HeldOutFolds? folds = null)
    {
        var options = plan.Options;
        _state = state;
        _countsCorrect = rows.HasAccuracy(plan.Loss);
        Team = new ThreadTeam(options.EffectiveNumberOfThreads, options.AdaptsThreads);
        try
        {
            _batches = rows.OpenBatches(new BatchLayout(
                plan.Network.OutputShape.Size, options.EffectiveBatchSize, options.Shuffle ? plan.Seed : null, classFactors, folds?.HeldOutBy, MeanWeights(rows, classFactors, folds),
                options.Augmentation, options.Augmentation is { Noise: > 0 } augmentation ? rows.Features.ToDeviations(augmentation.Noise) : null));
        }
        catch
        {
            Team.Dispose();
            throw;
        }
    }

    public ThreadTeam Team { get; }

    /// <summary>The rows of an epoch.</summary>
    public int Rows => _batches.Rows;

    /// <summary>The rows of the epoch that steps were taken with so far.</summary>
    public int RowsTaken => _batches.RowsTaken;

    /// <summary>The steps of an epoch.</summary>
    public int PerEpoch => _batches.BatchCount;

    /// <summary>The rows of the largest batch.</summary>
    public int MaxBatchRows => _batches.Batch.MaxRows;

    /// <summary>The batch of the latest step.</summary>
    public MiniBatch Batch => _batches.Batch;

    /// <summary>Begins an epoch.</summary>
    /// <param name="epoch">The epoch's number, from 1, which decides the order of rows where they are shuffled.</param>
    public void BeginEpoch(int epoch) => _batches.Begin(epoch);

    /// <summary>Takes the next step of the epoch.</summary>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="recorder">Observes all gradients before they are applied; null for none.</param>
    /// <param name="sums">The batch's sums before the step. Where the loss is not finite, no step is taken.</param>
    /// <returns>False where training was cancelled while the rows were waited for.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTakeNext(float rate, DiagnosticsRecorder? recorder, out BatchSums sums)
    {
        sums = default;
        if (!_batches.TryTakeNext())
            return false;
        Team.BeginStep();
        var step = _state.NextStep;
        Batch.Augment(step, Team);
        sums = _state.Learners.BeginStep(Batch, step, rate, Team, keepsGradients: recorder is not null, _countsCorrect);
        if (double.IsFinite(sums.Objective))
        {
            recorder?.Observe(_state.Learners);
            _state.Learners.EndStep(Team);
        }

        Team.EndStep(Batch.Rows);
        return true;
    }

    public void Dispose()
    {
        _batches.Dispose();
        Team.Dispose();
    }

    /// <summary>The mean weight of the rows learned from: one for all learners, or one for each where each leaves out other rows.</summary>
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
}
