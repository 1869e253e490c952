using System.Text;

namespace MLNet.DenseNet.Engine;

/// <summary>Reads the layers of a saved network. A damaged file could hold any number of layers, or nest them without end: what no network has is refused before it is read.</summary>
/// <param name="stream">At the first layer; it stays open.</param>
internal sealed class LayerReader(Stream stream) : BinaryReader(stream, Encoding.UTF8, leaveOpen: true)
{
    // Of the network, and then of an ensemble's members.
    private const int MostLayers = 2 * Layer.MaxCount;

    private int _count;
    private int _depth;

    /// <summary>Reads layers one after the other, each as its kind and what that writes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="mayEndInEnsemble">Whether the last may be an ensemble.</param>
    /// <exception cref="FormatException">There are more layers than a network has, a kind is unknown, or an ensemble stands where none may.</exception>
    public Layer[] ReadLayers(int count, bool mayEndInEnsemble = false)
    {
        if (count is < 1 or > Layer.MaxCount || (_count += count) > MostLayers)
            throw new FormatException(FormattableString.Invariant($"The saved network has {(count is < 1 or > Layer.MaxCount ? count : _count)} layers; expected 1 to {Layer.MaxCount}."));
        var layers = new Layer[count];
        for (var i = 0; i < count; i++)
            layers[i] = LayerKinds.Read(this, mayEndInEnsemble && i == count - 1);
        return layers;
    }

    /// <summary>Reads the layers inside another layer: int32 their number, then each.</summary>
    /// <inheritdoc cref="ReadLayers"/>
    public Layer[] ReadInnerLayers()
    {
        if (++_depth > Layer.MaxDepth)
            throw new FormatException(FormattableString.Invariant($"The saved network has layers that lie more than {Layer.MaxDepth} deep in one another."));
        var layers = ReadLayers(ReadInt32());
        _depth--;
        return layers;
    }
}
