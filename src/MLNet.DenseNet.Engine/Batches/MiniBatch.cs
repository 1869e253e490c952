using System.Buffers;
using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The rows that a step is computed from. Their features are read where they lie, unless an augmentation writes them anew; targets and weights are gathered. The memory is used again for every batch.</summary>
internal sealed unsafe class MiniBatch : IDisposable
{
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly bool _hasRowWeights;
    private readonly float[]? _classFactors;
    private readonly int[]? _heldOutBy;
    private readonly double[] _meanWeights;
    private readonly int[] _heldOutByOfBatch;

    // Where each group of rows begins, and the end; empty where rows are in no groups.
    private int[] _groupStarts = [];
    private int _groups;

    // (learners x rows): the weights of each, where some leave some rows out.
    private readonly AlignedBuffer _ownWeights;

    // Where the rows lie: of dense ones the first value of each; of sparse ones the first of each and the one after its last.
    private readonly PinnedArray<nint> _offsets;
    private readonly PinnedArray<int> _starts;
    private readonly PinnedArray<int> _ends;
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _weights;

    // The weights without class weights. Empty where rows do not have both.
    private readonly AlignedBuffer _exampleWeights;
    private readonly AugmentedBatch? _augmented;
    private bool _isAugmented;
    private Dataset? _data;
    private MemoryHandle _features;
    private MemoryHandle _columns;

    /// <param name="inputs">Features a row.</param>
    /// <param name="rows">All there are.</param>
    /// <param name="hasWeights">Whether the data sets have weights.</param>
    /// <param name="layout">The batches.</param>
    public MiniBatch(int inputs, int rows, bool hasWeights, BatchLayout layout)
    {
        _inputs = inputs;
        _outputs = layout.Outputs;
        _classFactors = layout.ClassFactors;
        _heldOutBy = layout.HeldOutBy;
        _meanWeights = layout.MeanWeights ?? [];
        MaxRows = Math.Min(layout.MaxRows, rows);
        _heldOutByOfBatch = new int[_heldOutBy is null ? 0 : MaxRows];
        _ownWeights = BatchMemory.For(_heldOutBy is null ? 0 : _meanWeights.Length, MaxRows);
        _hasRowWeights = hasWeights;
        HasWeights = hasWeights || _classFactors is not null;
        _offsets = new PinnedArray<nint>(MaxRows);
        _starts = new PinnedArray<int>(MaxRows);
        _ends = new PinnedArray<int>(MaxRows);
        _targets = BatchMemory.For(_outputs, MaxRows);
        _weights = new AlignedBuffer(HasWeights ? MaxRows : 0);
        _exampleWeights = new AlignedBuffer(hasWeights && _classFactors is not null ? MaxRows : 0);
        _augmented = layout.Augmentation is null ? null : new AugmentedBatch(layout.Augmentation, layout.NoiseDeviations, inputs, _outputs, MaxRows);
    }

    public int MaxRows { get; }

    public int Rows { get; private set; }

    /// <summary>Where the rows come from.</summary>
    public Dataset? Data
    {
        get => _data;
        set
        {
            if (ReferenceEquals(_data, value))
                return;
            _features.Dispose();
            _columns.Dispose();
            _data = value;
            _features = value?.PinFeatures() ?? default;
            _columns = value?.Sparse?.Columns.Pin() ?? default;
        }
    }

    /// <summary>(rows x inputs).</summary>
    public InputRows Features => _isAugmented ? _augmented!.Features : Located;

    /// <summary>The targets of the rows, and how much each row counts.</summary>
    public BatchTargets Targets
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get => new(_targets.Span[..(Rows * _outputs)], Weights, ExampleWeights) { Divisor = _meanWeights.Length > 0 ? Rows * _meanWeights[0] : null, AreLabels = AreLabels, GroupStarts = GroupStarts };
    }

    private bool HasWeights { get; }

    private bool AreLabels => _data is { IsClassification: false };

    private Span<float> Weights => HasWeights ? _weights.Span[..Rows] : [];

    private ReadOnlySpan<float> ExampleWeights => !_hasRowWeights ? [] : _classFactors is null ? _weights.Span[..Rows] : _exampleWeights.Span[..Rows];

    private ReadOnlySpan<int> GroupStarts => _groups == 0 ? [] : _groupStarts.AsSpan(0, _groups + 1);

    /// <summary>The features where they lie.</summary>
    private InputRows Located
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get => _data?.Sparse is null
            ? new MatrixRows((float*)_features.Pointer, _offsets.Pointer, Rows, _inputs)
            : new CsrMatrix((float*)_features.Pointer, (int*)_columns.Pointer, _starts.Pointer, _ends.Pointer, Rows, _inputs);
    }

    /// <param name="rows">Rows of the data set, where they are in groups one group after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(ReadOnlySpan<int> rows)
    {
        var data = _data!;
        Rows = rows.Length;
        _isAugmented = false;
        Locate(rows);
        data.CopyTargets(rows, _targets.Span, _outputs);
        for (var i = 0; i < rows.Length && HasWeights; i++)
        {
            var weight = data.Weight(rows[i]);
            _weights.Span[i] = weight * (_classFactors is null ? 1 : _classFactors[data.Class(rows[i])]);
            if (_exampleWeights.Length > 0)
                _exampleWeights.Span[i] = weight;
        }

        for (var i = 0; i < rows.Length && _heldOutBy is not null; i++)
            _heldOutByOfBatch[i] = _heldOutBy[rows[i]];
        if (data.Groups is { } groups)
            FindGroups(rows, groups.OfRows);
    }

    /// <summary>Varies the rows where the layout says so. Until the next batch is taken, features, targets and weights are those of the variants.</summary>
    /// <param name="step">Which step of training it is for.</param>
    /// <param name="team">Who shares the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Augment(TrainingStep step, ThreadTeam team)
    {
        if (_augmented is null)
            return;
        _augmented.Fill(Located, _targets.Span[..(Rows * _outputs)], Weights, step, team);
        _isAugmented = true;
    }

    /// <summary>The same for one of several learners: rows that it leaves out weigh nothing. Each of them may ask from a thread of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchTargets TargetsOf(int learner)
    {
        if (_heldOutBy is null)
            return Targets;
        var weights = Weights;
        var own = _ownWeights.Span.Slice(learner * MaxRows, Rows);
        var count = 0;
        for (var row = 0; row < own.Length; row++)
        {
            var isOwn = _heldOutByOfBatch[row] != learner;
            own[row] = !isOwn ? 0 : weights.IsEmpty ? 1 : weights[row];
            count += isOwn ? 1 : 0;
        }

        return new BatchTargets(_targets.Span[..(Rows * _outputs)], own) { Divisor = count * _meanWeights[learner], AreLabels = AreLabels, GroupStarts = GroupStarts };
    }

    public void Dispose() => Data = null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindGroups(ReadOnlySpan<int> rows, ReadOnlySpan<int> groupOf)
    {
        if (_groupStarts.Length == 0)
            _groupStarts = new int[MaxRows + 1];
        _groups = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i == 0 || groupOf[rows[i]] != groupOf[rows[i - 1]])
                _groupStarts[_groups++] = i;
        }

        _groupStarts[_groups] = rows.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Locate(ReadOnlySpan<int> rows)
    {
        if (_data!.Sparse is null)
        {
            for (var i = 0; i < rows.Length; i++)
                _offsets[i] = (nint)rows[i] * _inputs;
            return;
        }

        var starts = _data.Sparse.RowStarts.Span;
        for (var i = 0; i < rows.Length; i++)
            (_starts[i], _ends[i]) = (starts[rows[i]], starts[rows[i] + 1]);
    }
}
