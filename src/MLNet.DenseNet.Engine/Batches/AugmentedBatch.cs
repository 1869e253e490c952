using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The variants that an augmentation makes of a batch's rows, in memory of their own. All threads make them together.</summary>
internal sealed unsafe class AugmentedBatch
{
    // The time that varying a value takes, in multiply-adds of a dense product, by which the number of threads is chosen.
    private const int MultiplyAddsPerValue = 64;

    private readonly Augmentation _augmentation;
    private readonly float[]? _noiseDeviations;
    private readonly int _inputs;
    private readonly int _outputs;

    // Every row begins at a cache line, _stride values after the one before. The offsets say so where that leaves gaps between rows.
    private readonly int _stride;
    private readonly PinnedArray<nint> _offsets;
    private readonly AlignedBuffer _features;

    // Copies of targets and weights as they were before mixing, which overwrites them.
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _weights;

    // Memory of each thread that has worked so far: room for a row, then the scratch memory of the augmentation.
    private readonly List<AlignedBuffer> _scratch = [];
    private int _rows;

    /// <param name="augmentation">Makes the variants.</param>
    /// <param name="noiseDeviations">(inputs): the standard deviations of the noise; null for none.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="outputs">Targets a row.</param>
    /// <param name="maxRows">The largest batch.</param>
    public AugmentedBatch(Augmentation augmentation, float[]? noiseDeviations, int inputs, int outputs, int maxRows)
    {
        _augmentation = augmentation;
        _noiseDeviations = noiseDeviations;
        _inputs = inputs;
        _outputs = outputs;
        var stride = AlignedBuffer.RoundUp(inputs);
        _features = BatchMemory.For(stride, maxRows);
        _stride = (int)stride;
        if (_stride != inputs)
        {
            _offsets = new PinnedArray<nint>(maxRows);
            for (var row = 0; row < maxRows; row++)
                _offsets[row] = (nint)row * _stride;
        }

        _targets = new AlignedBuffer(augmentation.MixesRows ? (long)outputs * maxRows : 0);
        _weights = new AlignedBuffer(augmentation.MixesRows ? maxRows : 0);
    }

    /// <summary>(rows x inputs): the variants.</summary>
    public MatrixRows Features => new(_features.Pointer, _offsets.Pointer, _rows, _inputs);

    /// <summary>Makes the variants of a batch.</summary>
    /// <param name="rows">(rows x inputs).</param>
    /// <param name="targets">(rows x outputs): replaced by those of the variants.</param>
    /// <param name="weights">(rows) or empty: replaced by those of the variants.</param>
    /// <param name="step">The step of training, which determines the random numbers.</param>
    /// <param name="team">Who shares the work.</param>
    /// <exception cref="ArgumentException">The rows are sparse.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(InputRows rows, Span<float> targets, Span<float> weights, TrainingStep step, ThreadTeam team)
    {
        if (rows.IsSparse)
            throw SparseRowsRefused();
        _rows = rows.Rows;
        if (_augmentation.MixesRows)
        {
            targets.CopyTo(_targets.Span);
            weights.CopyTo(_weights.Span);
        }

        var shares = RangeShares.For(team, (long)_rows * _inputs * MultiplyAddsPerValue, _rows);
        while (_scratch.Count < shares.Parts)
            _scratch.Add(new AlignedBuffer(_stride + _augmentation.ScratchLength));
        fixed (float* deviations = _noiseDeviations, mixedTargets = targets, mixedWeights = weights)
        {
            var work = new Rows(this, rows.Dense, new RandomBits((ulong)step.Seed, RandomStreams.Augmenting(step.Number)), deviations, mixedTargets, mixedWeights, shares);
            ThreadTeam.Run(team, ref work, shares.Parts);
        }
    }

    private ArgumentException SparseRowsRefused() =>
        new($"The option {nameof(TrainingOptions.Augmentation)} is {_augmentation}; it must be null where rows are sparse: only dense rows are varied.", nameof(TrainingOptions.Augmentation));

    private readonly struct Rows(
        AugmentedBatch batch, MatrixRows rows, RandomBits random, float* deviations, float* mixedTargets, float* mixedWeights, RangeShares shares) : ITeamWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var features = batch._features.Pointer;
            // The cache lines of the destination are still in the caches of the cores that read the last batch. So a thread makes a row in memory of its own and streams it out once.
            var ownRow = batch._scratch[part].Pointer;
            var scratch = ownRow + batch._stride;
            var isShared = parts > 1;
            var (index, end) = shares[part];
            for (; index < end; index++)
            {
                // Shuffled rows lie in an order that the processor cannot foresee.
                if (index + 1 < end)
                    CacheLines.Prefetch(rows.Start(index + 1), rows.Columns);
                var destination = features + (nint)index * batch._stride;
                var row = new AugmentedRow(rows, index, isShared ? ownRow : destination, deviations, scratch, random);
                batch._augmentation.Apply(in row);
                if (isShared)
                    CacheLines.Stream(ownRow, destination, batch._stride);
                if (batch._augmentation.MixesRows)
                    MixTargets(in row);
            }

            if (isShared)
                CacheLines.EndStream();
        }

        private void MixTargets(in AugmentedRow row)
        {
            var (partner, share) = batch._augmentation.Mixture(in row);
            nint outputs = batch._outputs;
            var targets = batch._targets.Pointer;
            var weights = batch._weights.Pointer;
            RowMixing.Run(targets + row.Index * outputs, targets + partner * outputs, share, mixedTargets + row.Index * outputs, batch._outputs);
            if (mixedWeights != null)
                RowMixing.Run(weights + row.Index, weights + partner, share, mixedWeights + row.Index, 1);
        }
    }
}
