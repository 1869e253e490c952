using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Features of rows with all their values, (rows x inputs), row-major.</summary>
/// <param name="inputs">Features a row.</param>
internal sealed class DenseFeatureBuffer(int inputs)
{
    private readonly ValueBuffer<float> _values = new("features");
    private long _reserved;

    public int Rows { get; private set; }

    public ReadOnlyMemory<float> Values => _values.Values;

    public long Bytes => sizeof(float) * (long)Values.Length;

    /// <summary>Makes room for so many rows with the next one, as far as an array reaches.</summary>
    public void Reserve(long rows) => _reserved = Math.Max(_reserved, rows * inputs);

    public void Add(in VBuffer<float> row) => row.CopyTo(AddRow());

    /// <summary>Adds a row for the caller to fill: its values are left over from earlier rows.</summary>
    public Span<float> AddRow()
    {
        _values.Reserve(_reserved);
        Rows++;
        return _values.Add(inputs);
    }

    public void Clear()
    {
        Rows = 0;
        _values.Clear();
    }
}
