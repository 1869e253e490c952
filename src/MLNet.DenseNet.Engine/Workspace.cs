using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The memory of forward passes through one network: each layer's output. Allocated once and used again for every batch;
/// not for use by two threads at once.
/// </summary>
public sealed class Workspace
{
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _caches;

    internal Workspace(Network network, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        Network = network;
        MaxRows = maxRows;
        _outputs = [.. network.Layers.Select(l => Block(l.OutputShape.Size))];
        _caches = [.. network.Layers.Select(l => Block(l.Layer.CachePerRow(l.InputShape)))];

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

    internal Span<float> MutableOutput(int layer) => _outputs[layer].Span[..(Rows * Network.Layers[layer].OutputShape.Size)];

    internal unsafe MatrixRows OutputRows(int layer) => new(_outputs[layer].Pointer, Rows, Network.Layers[layer].OutputShape.Size);

    /// <summary>What a layer keeps from its forward pass for its backward pass.</summary>
    internal Span<float> Cache(int layer) => _caches[layer].Span[..(_caches[layer].Length / MaxRows * Rows)];
}
