using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The memory that the rows of a batch are gathered in, used again for every batch.</summary>
internal sealed class MiniBatch(int inputs, int outputs, int maxRows)
{
    private const int RowsAhead = 2;

    private readonly AlignedBuffer _features = new(checked(inputs * maxRows));
    private readonly AlignedBuffer _targets = new(checked(outputs * maxRows));
    private readonly AlignedBuffer _weights = new(maxRows);
    private int _rows;
    private bool _hasWeights;

    public int MaxRows => maxRows;

    /// <summary>(rows x inputs).</summary>
    public ReadOnlySpan<float> Features => _features.Span[..(_rows * inputs)];

    /// <summary>(rows x outputs).</summary>
    public ReadOnlySpan<float> Targets => _targets.Span[..(_rows * outputs)];

    /// <summary>(rows), or empty where all rows weigh the same.</summary>
    public ReadOnlySpan<float> Weights => _hasWeights ? _weights.Span[.._rows] : [];

    public void Gather(Dataset data, ReadOnlySpan<int> rows)
    {
        _rows = rows.Length;
        _hasWeights = data.HasWeights;
        for (var i = 0; i < rows.Length; i++)
        {
            // Shuffled rows lie anywhere in memory: fetch the next ones while copying this one.
            if (i + RowsAhead < rows.Length)
                Prefetch.Span(data.Features(rows[i + RowsAhead]));
            data.Features(rows[i]).CopyTo(_features.Span.Slice(i * inputs, inputs));
            data.CopyTarget(rows[i], _targets.Span.Slice(i * outputs, outputs));
            if (_hasWeights)
                _weights.Span[i] = data.Weight(rows[i]);
        }
    }
}
