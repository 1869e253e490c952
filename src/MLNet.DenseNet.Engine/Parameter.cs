using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One array of a layer, such as its weights or its bias: a named place in the network's memory.</summary>
public sealed class Parameter
{
    // From this size on, updating panel by panel during the product beats a second pass over memory.
    private const int LargeSize = 1 << 15;

    private readonly AlignedBuffer _buffer;

    // The positions of values that are not 0; null where they are to be looked for.
    private int[]? _notZero;
    private long _timesSet;

    internal Parameter(ParameterSpecification specification, AlignedBuffer buffer, int offset)
    {
        (Name, Shape, IsDecayed, Role, IsLinearMap, ArePieces) = specification;
        _buffer = buffer;
        Offset = offset;
    }

    /// <summary>What the layer calls it: "weights" or "bias" in a dense layer, "mean" or "scale" in a standardization.</summary>
    public string Name { get; }

    /// <summary>Its dimensions: (inputs x outputs) for the weights of a dense layer.</summary>
    public Shape Shape { get; }

    /// <summary>Whether weight decay applies to it: to weights, not to biases.</summary>
    public bool IsDecayed { get; }

    /// <summary>Whether gradient descent changes it: weights and biases, not the statistics of a standardization.</summary>
    public bool IsTrained => Role == ParameterRole.Trained;

    /// <summary>What changes its values.</summary>
    internal ParameterRole Role { get; }

    /// <summary>Whether it is the matrix of a linear map, (inputs x outputs).</summary>
    internal bool IsLinearMap { get; }

    /// <summary>Whether the values are by how much functions change from piece to piece.</summary>
    internal bool ArePieces { get; }

    /// <summary>Where it starts in its buffer, a multiple of 16 elements.</summary>
    internal int Offset { get; }

    /// <summary>Whether it is large enough for a fused update to pay (see <see cref="Gradients.TargetOf"/>).</summary>
    internal bool IsLarge => Shape.Size >= LargeSize;

    /// <summary>The values as they lie in memory: in panels of columns (see PanelLayout).</summary>
    internal Span<float> Elements => In(_buffer);

    /// <summary>The first of them; valid as long as the network is reachable.</summary>
    internal unsafe float* Pointer => _buffer.Pointer + Offset;

    /// <summary>The length of a row: the last dimension.</summary>
    internal int Columns => Shape.Dimensions[^1];

    /// <summary>How many rows of that length it has.</summary>
    internal int Rows => Shape.Size / Columns;

    /// <summary>The positions of the values of a constant vector that are not 0, ascending. Looked for once and kept until others are set, since looking through the statistics of all features would slow down each prediction.</summary>
    internal int[] NotZero => _notZero ??= [.. Enumerable.Range(0, Shape.Size).Where(position => Elements[position] != 0)];

    /// <summary>Changes whenever the values may have changed, those of a constant only where they are set: what was computed from them may be kept until then.</summary>
    internal long Version => Role == ParameterRole.Constant ? _timesSet : _buffer.Version;

    /// <summary>A copy of the values, row-major; the weight from input i to output j of a dense layer is at i * outputs + j.</summary>
    /// <returns>As many values as the shape holds.</returns>
    public float[] ToArray() => ToArray(_buffer);

    /// <summary>Takes over values.</summary>
    /// <param name="values">As many as the shape holds, row-major.</param>
    internal void Set(ReadOnlySpan<float> values)
    {
        PanelLayout.FromRowMajor(values, Elements, Columns);
        NoteChange();
    }

    /// <summary>Takes over the values of a parameter of the same shape.</summary>
    internal void CopyFrom(Parameter other)
    {
        other.Elements.CopyTo(Elements);
        NoteChange();
    }

    /// <summary>Takes over the values of one row.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="values">As many as a row is long.</param>
    internal void SetRow(int row, ReadOnlySpan<float> values)
    {
        for (var column = 0; column < Columns; column += PanelLayout.Width)
        {
            var stride = PanelLayout.Stride(Columns, column);
            values.Slice(column, stride).CopyTo(Elements[((int)PanelLayout.Start(Rows, column) + row * stride)..]);
        }

        NoteChange();
    }

    /// <summary>Draws initial values, uniform over [-limit, limit). Row by row, since a second copy of the weights of a wide table would set the peak of a training's memory.</summary>
    internal void FillUniform(RandomBits random, float limit)
    {
        var values = new float[Columns];
        for (var row = 0; row < Rows; row++)
        {
            random.FillUniform(values, limit, first: (ulong)row * (ulong)Columns);
            SetRow(row, values);
        }
    }

    /// <summary>Says that values were written into <see cref="Elements"/>.</summary>
    internal void NoteChange()
    {
        _notZero = null;
        _timesSet++;
        _buffer.NoteChange();
    }

    /// <summary>Its range in another buffer of the same layout, such as that of the gradients or of the optimizer's state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<float> In(AlignedBuffer buffer) => buffer.Span.Slice(Offset, Shape.Size);

    /// <summary>A row-major copy of its range in such a buffer.</summary>
    internal float[] ToArray(AlignedBuffer buffer)
    {
        var values = new float[Shape.Size];
        PanelLayout.ToRowMajor(In(buffer), values, Columns);
        return values;
    }
}
