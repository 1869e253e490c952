using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>A row of <see cref="MadeAmounts"/>.</summary>
internal sealed class AmountRow
{
    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public float Weight { get; set; } = 1;

    [NoColumn]
    public double Rate { get; set; }
}
