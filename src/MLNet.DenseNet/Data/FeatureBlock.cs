using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>The features of a block of rows.</summary>
/// <param name="inputs">Features a row.</param>
internal sealed class FeatureBlock(int inputs)
{
    private readonly ValueBlock<float> _values = new("features");

    public int Inputs => inputs;

    public int Rows => _values.Values.Length / inputs;

    /// <summary>(rows x inputs), row-major.</summary>
    public ReadOnlyMemory<float> Values => _values.Values;

    /// <summary>Makes room beforehand, as far as an array reaches.</summary>
    public void Reserve(long rows) => _values.Reserve(rows * inputs);

    /// <summary>What the rows take in memory.</summary>
    public long Bytes => (long)_values.Values.Length * sizeof(float);

    public void Add(in VBuffer<float> row) => row.CopyTo(_values.Add(inputs));

    public void Clear() => _values.Clear();
}
