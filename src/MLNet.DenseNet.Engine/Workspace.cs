using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The memory for forward passes through one network: each layer's output, or, where only the last output is wanted, two buffers that layers write in turn, for as many rows as
/// go through the network together. Where more than one thread was asked for, it also owns the threads that share the work. It is allocated once and used again for every batch; two threads must not use it at once.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly bool _keepsOutputs;

    // One for each layer. Where outputs are not kept, layers write two buffers in turn.
    private readonly AlignedBuffer[] _outputs;
    private readonly int[] _units;

    // One for each layer; empty where outputs are not kept, since no backward pass follows then.
    private readonly AlignedBuffer[] _caches;
    private readonly LayerMemory[] _cacheSizes;

    // Used by one layer at a time.
    private readonly AlignedBuffer _scratch;
    private readonly LayerMemory _scratchSize;
    private readonly ThreadTeam? _team;

    // The threads work on data on their caller's stack, so they serve one call at a time.
    private readonly ExclusiveUse? _use;
    private InputRows _entryRows;
    private AlignedBuffer? _dense;
    private CsrMemory? _sparse;
    private Workspace? _single;
    private bool _isDisposed;

    internal Workspace(Network network, int maxRows, int threads = 1, bool keepsOutputs = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, ThreadTeam.Most);
        Network = network;
        MaxRows = maxRows;
        _keepsOutputs = keepsOutputs;
        _units = [.. network.Layers.Select(l => l.OutputShape.Size)];
        _cacheSizes = [.. network.Layers.Select(l => keepsOutputs ? l.Layer.Cache(l.InputShape) : default)];
        _scratchSize = network.Layers.Select(l => l.Layer.Scratch(l.InputShape)).Append(network.Ensemble?.Scratch ?? default).Aggregate(LayerMemory.Max);
        Blocks = keepsOutputs ? null : RowBlocks.For(network, maxRows, threads, valuesPerRow: Math.Max(_units.Max(), _scratchSize.PerRow));
        _outputs = keepsOutputs ? [.. _units.Select(units => Allocate(new(units)))] : Blocks is null ? InTurns() : [.. _units.SkipLast(1).Select(_ => Allocate(default)), Allocate(new(_units[^1]))];
        _caches = [.. _cacheSizes.Select(Allocate)];
        _scratch = Allocate(Blocks is null ? _scratchSize : default);
        if (threads > 1)
            (_use, _team) = (new ExclusiveUse("The workspace is used by another thread; each thread needs one of its own."), new ThreadTeam(threads));

        AlignedBuffer Allocate(LayerMemory size) => size.For(maxRows) <= AlignedBuffer.MaxLength ? new(size.For(maxRows))
            : throw new ArgumentOutOfRangeException(
                nameof(maxRows), maxRows, FormattableString.Invariant($"A layer with {size.PerRow:N0} values a row has room for at most {Math.Max(0, AlignedBuffer.MaxLength - size.PerBatch) / Math.Max(1, size.PerRow):N0} rows in one batch."));

        AlignedBuffer[] InTurns()
        {
            AlignedBuffer[] two = [.. Enumerable.Range(0, 2).Select(first => Allocate(new(_units.Where((_, layer) => layer % 2 == first).DefaultIfEmpty().Max())))];
            return [.. _units.Select((_, layer) => two[layer % 2])];
        }
    }

    /// <summary>The network that it was made for.</summary>
    public Network Network { get; }

    /// <summary>The largest batch that it has room for.</summary>
    public int MaxRows { get; }

    /// <summary>The rows of the latest forward pass.</summary>
    public int Rows { get; internal set; }

    /// <summary>Who shares the work of predictions; null for the caller alone.</summary>
    internal ThreadTeam? Team
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _team;
        }
    }

    /// <summary>Where the batch entered in the latest forward pass: the first layer that computed on it. Layers before it let sparse rows through.</summary>
    internal int Entry { get; set; }

    /// <summary>The rows that entered there in training, which the backward pass needs again.</summary>
    internal ref InputRows EntryRows => ref _entryRows;

    /// <summary>Where rows go through the network in blocks: these have the memory for all but the last output.</summary>
    internal RowBlocks? Blocks { get; }

    /// <summary>A workspace for a single row of the same network, made on first use.</summary>
    internal Workspace Single => _single ??= new Workspace(Network, maxRows: 1, threads: 1, _keepsOutputs);

    /// <summary>For sparse rows that a layer made of the batch's.</summary>
    internal CsrMemory SparseRows => _sparse ??= new CsrMemory();

    /// <summary>Ends the workspace's threads. No forward pass can use it afterwards. A workspace without threads of its own need not be disposed of.</summary>
    /// <exception cref="InvalidOperationException">A forward pass of another thread uses it.</exception>
    public void Dispose()
    {
        if (_team is not null && !_isDisposed)
        {
            Enter();
            _team.Dispose();
        }

        _isDisposed = true;
    }

    /// <summary>A layer's output in the latest forward pass: (rows x output units), row-major.</summary>
    /// <param name="layer">The layer's position, from 0.</param>
    /// <returns>A view of this memory, overwritten by the next pass.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such layer.</exception>
    /// <exception cref="InvalidOperationException">It is not the last layer, and the workspace keeps no other outputs.</exception>
    public ReadOnlySpan<float> Output(int layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Network.Layers.Count);
        if (!_keepsOutputs && layer != Network.Layers.Count - 1)
            throw new InvalidOperationException($"The output of layer {layer} was not kept: the workspace was made for that of the last layer, {Network.Layers.Count - 1}, alone.");
        return MutableOutput(layer);
    }

    /// <summary>Reserves its threads for one call, until the result is disposed of. Only for a workspace that has threads.</summary>
    internal ExclusiveUse.Use Enter() => _use!.Enter();

    /// <summary>Writes out sparse rows, zeros included, for a layer that takes only dense rows. Their memory is allocated on first use.</summary>
    internal unsafe MatrixRows WriteOut(CsrMatrix rows)
    {
        var length = (long)MaxRows * rows.ColumnCount;
        if (length > AlignedBuffer.MaxLength)
            throw new ArgumentException($"The first layer that computes takes no sparse rows, and {MaxRows} rows of {rows.ColumnCount} written out are more than one block of memory holds; use smaller batches.", nameof(rows));
        _dense ??= new AlignedBuffer(length);
        rows.CopyTo(_dense.Span[..(rows.Rows * rows.ColumnCount)]);
        return new MatrixRows(_dense.Pointer, rows.Rows, rows.ColumnCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<float> MutableOutput(int layer) => _outputs[layer].Span[..(Rows * _units[layer])];

    /// <summary>One row of it.</summary>
    internal Span<float> MutableOutput(int layer, int row) => _outputs[layer].Span.Slice(row * _units[layer], _units[layer]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe MatrixRows OutputRows(int layer) => new(_outputs[layer].Pointer, Rows, _units[layer]);

    /// <summary>What a layer keeps for its backward pass, besides its output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<float> Cache(int layer) => _caches[layer].Span[..(int)_cacheSizes[layer].For(Rows)];

    /// <summary>Memory that a layer uses only while it computes.</summary>
    internal Span<float> Scratch
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _scratch.Span[..(int)_scratchSize.For(Rows)];
    }

    /// <summary>Copies the outputs of one row from another workspace of the same kind: those of the last layer, or, where outputs are kept, of all layers that computed.</summary>
    internal void TakeRow(int row, Workspace single)
    {
        var last = _outputs.Length - 1;
        for (var layer = _keepsOutputs ? Entry : last; layer <= last; layer++)
            single.MutableOutput(layer).CopyTo(MutableOutput(layer, row));
    }
}
