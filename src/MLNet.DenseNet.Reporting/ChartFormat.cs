namespace MLNet.DenseNet;

/// <summary>What a chart is saved as.</summary>
public enum ChartFormat
{
    /// <summary>Lines and text, sharp at any size.</summary>
    Svg,

    /// <summary>Pixels.</summary>
    Png,
}
