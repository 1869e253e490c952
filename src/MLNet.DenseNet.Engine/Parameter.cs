using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One trained array of a layer, such as its weights or its bias: a named part of the network's flat block.</summary>
public sealed class Parameter
{
    private readonly AlignedBuffer _block;

    internal Parameter(string name, Shape shape, bool isDecayed, AlignedBuffer block, int offset)
    {
        Name = name;
        Shape = shape;
        IsDecayed = isDecayed;
        _block = block;
        Offset = offset;
    }

    /// <summary>What the layer calls it: "weights" or "bias" in a dense layer.</summary>
    public string Name { get; }

    /// <summary>The extent of the array; (inputs x outputs) for the weights of a dense layer.</summary>
    public Shape Shape { get; }

    /// <summary>Whether weight decay applies to it: to weights, not to biases.</summary>
    public bool IsDecayed { get; }

    /// <summary>The values, row-major; the weight from input i to output j of a dense layer is at i * outputs + j.</summary>
    public ReadOnlySpan<float> Values => MutableValues;

    /// <summary>Where it starts in the network's flat block, a multiple of 16 elements.</summary>
    internal int Offset { get; }

    internal Span<float> MutableValues => In(_block);

    /// <summary>The same part of another block laid out like the network's: its gradient, its optimizer state.</summary>
    internal Span<float> In(AlignedBuffer block) => block.Span.Slice(Offset, Shape.Size);
}
