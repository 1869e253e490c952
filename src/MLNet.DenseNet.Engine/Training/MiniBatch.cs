using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The memory that the rows of a batch are gathered in, used again for every batch. Where features are many, each thread gathers them for itself: reading
/// them from another core's cache would take longer than working on them.
/// </summary>
internal sealed unsafe class MiniBatch
{
    // Below it a batch crosses to another core in a few microseconds.
    private const int ElementsWorthACopy = 32_768;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly AlignedBuffer[] _features;
    private readonly nint[] _featurePointers;
    private readonly AlignedBuffer _targets;
    private readonly AlignedBuffer _weights;
    private int _rows;
    private bool _hasWeights;

    /// <param name="inputs">Features a row.</param>
    /// <param name="outputs">Targets a row.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="threads">How many threads will work on it.</param>
    public MiniBatch(int inputs, int outputs, int maxRows, int threads)
    {
        _inputs = inputs;
        _outputs = outputs;
        MaxRows = maxRows;
        var size = checked(inputs * maxRows);
        _features = new AlignedBuffer[size < ElementsWorthACopy ? 1 : threads];
        _featurePointers = GC.AllocateArray<nint>(_features.Length, pinned: true);
        for (var i = 0; i < _features.Length; i++)
        {
            _features[i] = new AlignedBuffer(size);
            _featurePointers[i] = (nint)_features[i].Pointer;
        }

        _targets = new AlignedBuffer(checked(outputs * maxRows));
        _weights = new AlignedBuffer(maxRows);
    }

    public int MaxRows { get; }

    /// <summary>(rows x inputs).</summary>
    public ReadOnlySpan<float> Features => _features[0].Span[..(_rows * _inputs)];

    /// <summary>The features once for each thread; empty where there is only the one copy.</summary>
    public MatrixCopies FeatureCopies => _features.Length == 1 ? default : Copies;

    /// <summary>(rows x outputs).</summary>
    public ReadOnlySpan<float> Targets => _targets.Span[..(_rows * _outputs)];

    /// <summary>(rows), or empty where all rows weigh the same.</summary>
    public ReadOnlySpan<float> Weights => _hasWeights ? _weights.Span[.._rows] : [];

    private MatrixCopies Copies => new((float**)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_featurePointers)));

    /// <param name="data">Where the rows come from.</param>
    /// <param name="rows">Which ones, in order.</param>
    /// <param name="crew">As many threads as at construction.</param>
    public void Gather(Dataset data, ReadOnlySpan<int> rows, Crew crew)
    {
        _rows = rows.Length;
        _hasWeights = data.HasWeights;
        fixed (float* source = data.AllFeatures)
        fixed (int* order = rows)
        {
            var copying = new FeatureCopying(source, order, rows.Length, _inputs, Copies);
            crew.Run(ref copying, _features.Length);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            data.CopyTarget(rows[i], _targets.Span.Slice(i * _outputs, _outputs));
            if (_hasWeights)
                _weights.Span[i] = data.Weight(rows[i]);
        }
    }

    /// <summary>Each part is all rows, into memory of its own.</summary>
    private readonly struct FeatureCopying(float* source, int* order, int rows, int inputs, MatrixCopies destinations) : ICrewWork
    {
        private const int RowsAhead = 2;

        public void Do(int part, int parts)
        {
            var destination = destinations[part];
            for (var i = 0; i < rows; i++, destination += inputs)
            {
                // Shuffled rows lie anywhere in memory: fetch the next ones while copying this one.
                if (i + RowsAhead < rows)
                    Prefetch.Span(Row(i + RowsAhead));
                Row(i).CopyTo(new Span<float>(destination, inputs));
            }
        }

        private ReadOnlySpan<float> Row(int index) => new(source + (nint)order[index] * inputs, inputs);
    }
}
