using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>A layer of a network without its parameters' values.</summary>
/// <param name="Layer">What it is, in words, such as "Dense 64 ReLU".</param>
/// <param name="Activation">The activation that ends it; null where it has none.</param>
/// <param name="InputShape">The shape of one row of its input.</param>
/// <param name="OutputShape">The shape of one row of its output.</param>
/// <param name="ParameterCount">The number of trained values.</param>
/// <param name="ValuesPerRow">How many values each row of a batch takes while training: the outputs, and what is kept beside them for the backward pass.</param>
public sealed record LayerSummary(string Layer, string? Activation, Shape InputShape, Shape OutputShape, int ParameterCount, int ValuesPerRow)
{
    /// <summary>The memory of the trained values.</summary>
    public long ParameterBytes => (long)ParameterCount * sizeof(float);

    /// <summary>The memory that each row of a batch takes while training.</summary>
    public long BytesPerRow => (long)ValuesPerRow * sizeof(float);
}
