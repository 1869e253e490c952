using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Some rows of a data set: their features where they lie, their targets and weights gathered. Its memory is used again for every batch.</summary>
internal sealed unsafe class MiniBatch : IDisposable
{
    private readonly Dataset _data;
    private readonly int _outputs;
    private readonly nint[] _offsets;
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _weights;
    private MemoryHandle _features;
    private int _rows;

    /// <param name="data">Where the rows come from.</param>
    /// <param name="outputs">Targets a row.</param>
    /// <param name="maxRows">The largest batch.</param>
    public MiniBatch(Dataset data, int outputs, int maxRows)
    {
        _data = data;
        _outputs = outputs;
        MaxRows = maxRows;
        _offsets = GC.AllocateArray<nint>(maxRows, pinned: true);
        _targets = new AlignedBuffer(checked(outputs * maxRows));
        _weights = new AlignedBuffer(data.HasWeights ? maxRows : 0);
        _features = data.PinFeatures();
    }

    public int MaxRows { get; }

    /// <summary>(rows x inputs).</summary>
    public MatrixRows Features => new(
        (float*)_features.Pointer, (nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_offsets)), _rows, _data.Inputs);

    /// <summary>(rows x outputs).</summary>
    public ReadOnlySpan<float> Targets => _targets.Span[..(_rows * _outputs)];

    /// <summary>(rows), or empty where all rows weigh the same.</summary>
    public ReadOnlySpan<float> Weights => _data.HasWeights ? _weights.Span[.._rows] : [];

    /// <param name="order">Rows of the data set.</param>
    /// <param name="first">The first of them that belongs to the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(ReadOnlySpan<int> order, int first)
    {
        var rows = order.Slice(first, Math.Min(MaxRows, order.Length - first));
        _rows = rows.Length;
        for (var i = 0; i < rows.Length; i++)
            _offsets[i] = (nint)rows[i] * _data.Inputs;
        _data.CopyTargets(rows, _targets.Span, _outputs);
        for (var i = 0; i < rows.Length && _data.HasWeights; i++)
            _weights.Span[i] = _data.Weight(rows[i]);
    }

    public void Dispose() => _features.Dispose();
}
