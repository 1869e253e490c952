using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>A layer of a network, without the values of its parameters. In an ensemble, it stands for the same layer of all members.</summary>
/// <param name="Layer">What it is, in words, such as "Dense 64 ReLU".</param>
/// <param name="Activation">The activation that is applied to its outputs; null where it has none.</param>
/// <param name="InputShape">The shape of one row of its input.</param>
/// <param name="OutputShape">The shape of one row of its output.</param>
/// <param name="ParameterCount">The number of trained values, in all members.</param>
/// <param name="ValuesPerRow">How many values each row of a batch takes in training, in all members: the outputs, and what is kept beside them for the backward pass.</param>
public sealed record LayerSummary(string Layer, string? Activation, Shape InputShape, Shape OutputShape, int ParameterCount, int ValuesPerRow)
{
    /// <summary>How many members of an ensemble have this layer; 1 outside an ensemble.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The layers inside it, whose parameters and values a row it counts too; none in most kinds.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; init; } = [];

    /// <summary>The layer in words, with the number of members, such as "4 x Dense 64 ReLU".</summary>
    public string Title => Members == 1 ? Layer : $"{Members} x {Layer}";

    /// <summary>The memory of the trained values.</summary>
    public long ParameterBytes => (long)ParameterCount * sizeof(float);

    /// <summary>The memory that each row of a batch takes in training.</summary>
    public long BytesPerRow => (long)ValuesPerRow * sizeof(float);

    /// <inheritdoc/>
    public bool Equals(LayerSummary? other) => other is not null && Layers.SequenceEqual(other.Layers)
        && (Layer, Activation, InputShape, OutputShape, ParameterCount, ValuesPerRow, Members) == (other.Layer, other.Activation, other.InputShape, other.OutputShape, other.ParameterCount, other.ValuesPerRow, other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, InputShape, OutputShape, ParameterCount, ValuesPerRow, Members, Layers.Count);

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
