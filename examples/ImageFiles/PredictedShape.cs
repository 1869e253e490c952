namespace ImageFiles;

internal sealed class PredictedShape
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each shape.</summary>
    public float[] Score { get; set; } = [];
}
