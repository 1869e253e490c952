using Microsoft.ML.Data;

namespace Overfitting;

internal sealed class DigitImage
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Features { get; set; } = [];

    [LoadColumn(64)]
    public float Label { get; set; }
}
