namespace MLNet.DenseNet.Benchmarks;

/// <summary>A document of a query.</summary>
internal sealed class RankedRow
{
    /// <summary>The query.</summary>
    public uint GroupId { get; set; }

    /// <summary>How relevant it is, from 0 to 4.</summary>
    public float Label { get; set; }

    public float[] Features { get; set; } = [];

    /// <summary>What the label was drawn from, without noise; not-a-number where nobody knows.</summary>
    public float Truth { get; set; } = float.NaN;
}
