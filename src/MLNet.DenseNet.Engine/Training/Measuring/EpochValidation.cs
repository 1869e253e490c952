using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Measures a network after each epoch on rows that it did not learn from: the whole network, or each member of an ensemble on those that it alone left out.</summary>
internal sealed class EpochValidation : IDisposable
{
    // One for all learners, or one for each member; null for a member that leaves no row out.
    private readonly BatchSource?[] _sources;
    private readonly bool _isByMember;
    private readonly bool _countsCorrect;

    /// <param name="rows">The rows.</param>
    /// <param name="folds">The rows that each member left out; null where none learned from any.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="layout">The batches.</param>
    /// <param name="scaling">Standardizes targets; null where they are learned as they are.</param>
    public EpochValidation(RowSource rows, HeldOutFolds? folds, Loss loss, BatchLayout layout, TargetScaling? scaling)
    {
        _isByMember = folds is not null;
        _countsCorrect = rows.HasAccuracy(loss);
        _sources = folds is null ? [rows.OpenBatches(layout)] : [.. folds.Members.Select(fold => fold.Count > 0 ? fold.OpenBatches(layout) : null)];
        Metrics = new EpochMetrics(rows, loss, layout.Outputs, layout.ClassFactors, scaling);
        Rows = rows.Count;
    }

    public int Rows { get; }

    public int MaxBatchRows => _sources.Max(source => source?.Batch.MaxRows ?? 0);

    public EpochMetrics Metrics { get; }

    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="learners">Of the network.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="options">Say whether training was cancelled.</param>
    /// <returns>False where training was cancelled in the middle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Measure(int epoch, Learners learners, ThreadTeam team, TrainingOptions options)
    {
        Metrics.Clear();
        for (var member = 0; member < _sources.Length; member++)
        {
            if (_sources[member] is not { } source)
                continue;
            source.Begin(epoch);
            for (var index = 0; index < source.BatchCount; index++)
            {
                if (options.IsCanceled || !source.TryTakeNext())
                    return false;
                var batch = source.Batch;
                if (_isByMember)
                    Metrics.Add(learners.All[member].Measure(batch.Features, batch.Targets, team, _countsCorrect), learners.All[member].Predictions, batch);
                else
                    Metrics.Add(learners.Measure(batch.Features, batch.Targets, team, _countsCorrect), learners.Predictions, batch);
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var source in _sources)
            source?.Dispose();
    }
}
