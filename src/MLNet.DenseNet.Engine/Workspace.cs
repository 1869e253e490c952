using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The memory of forward passes through one network: each layer's output, and threads that share the work where more than one was asked for.
/// Allocated once and used again for every batch; not for use by two threads at once.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _caches;

    // Values a row in each of them.
    private readonly int[] _outputWidths;
    private readonly int[] _cacheWidths;
    private readonly Crew? _crew;
    private AlignedBuffer? _dense;
    private int? _firstLayerOfSparse;
    private bool _isDisposed;

    internal Workspace(Network network, int maxRows, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Network = network;
        MaxRows = maxRows;
        _outputWidths = [.. network.Layers.Select(l => l.OutputShape.Size)];
        _cacheWidths = [.. network.Layers.Select(l => l.Layer.CachePerRow(l.InputShape))];
        _outputs = [.. _outputWidths.Select(Block)];
        _caches = [.. _cacheWidths.Select(Block)];
        _crew = threads == 1 ? null : new Crew(threads);

        AlignedBuffer Block(int perRow)
        {
            var length = (long)perRow * maxRows;
            if (length > Array.MaxLength - AlignedBuffer.Alignment)
                throw new ArgumentOutOfRangeException(
                    nameof(maxRows), maxRows, $"A layer with {perRow} values a row has room for at most {(Array.MaxLength - AlignedBuffer.Alignment) / perRow} rows in one batch.");
            return new AlignedBuffer((int)length);
        }
    }

    /// <summary>The network that it fits.</summary>
    public Network Network { get; }

    /// <summary>The largest batch that it has room for.</summary>
    public int MaxRows { get; }

    /// <summary>The rows of the latest forward pass.</summary>
    public int Rows { get; internal set; }

    /// <summary>Who shares the work of predictions; null for the caller alone.</summary>
    internal Crew? Crew
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _crew;
        }
    }

    /// <summary>The first layer that computed in the latest forward pass: layers before it only handed on a view of sparse rows.</summary>
    internal int FirstLayer { get; set; }

    /// <summary>The first layer that computes on sparse rows. Looked for once: what layers before it go by is not trained.</summary>
    internal int FirstLayerOfSparse => _firstLayerOfSparse ??=
        Math.Min(Network.Layers.TakeWhile(layer => layer.Layer.HandsOnSparse(layer) && layer.Index == 0).Count(), Network.Layers.Count - 1);

    /// <summary>What went into that layer.</summary>
    internal InputRows FirstInput { get; set; }

    /// <summary>Ends the threads of a workspace that has some; afterwards there are no forward passes. One without threads need not be disposed of.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _crew?.Dispose();
    }

    /// <summary>A layer's output in the latest forward pass: (rows x output units), row-major.</summary>
    /// <param name="layer">The layer's position, from 0.</param>
    /// <returns>A view of this memory, overwritten by the next pass.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such layer.</exception>
    public ReadOnlySpan<float> Output(int layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Network.Layers.Count);
        return MutableOutput(layer);
    }

    /// <summary>Writes out sparse rows, zeros included, for a layer that computes on nothing else. The memory for them is allocated the first time.</summary>
    internal unsafe MatrixRows WriteOut(SparseRows rows)
    {
        var length = (long)MaxRows * rows.ColumnCount;
        if (length > Array.MaxLength - AlignedBuffer.Alignment)
            throw new ArgumentException($"The first layer that computes takes no sparse rows, and {MaxRows} rows of {rows.ColumnCount} written out are more than one block of memory holds; use smaller batches.", nameof(rows));
        _dense ??= new AlignedBuffer((int)length);
        rows.CopyTo(_dense.Span[..(rows.Rows * rows.ColumnCount)]);
        return new MatrixRows(_dense.Pointer, rows.Rows, rows.ColumnCount);
    }

    internal Span<float> MutableOutput(int layer) => _outputs[layer].Span[..(Rows * _outputWidths[layer])];

    internal unsafe MatrixRows OutputRows(int layer) => new(_outputs[layer].Pointer, Rows, _outputWidths[layer]);

    /// <summary>What a layer keeps from its forward pass for its backward pass.</summary>
    internal Span<float> Cache(int layer) => _caches[layer].Span[..(Rows * _cacheWidths[layer])];
}
