using Microsoft.ML.Data;

namespace TimeSeries;

/// <summary>What is known of a day before it begins.</summary>
internal sealed class Window
{
    /// <summary>Four weeks of steps, the last of which is the day to forecast.</summary>
    public const int Steps = 28;

    /// <summary>Of each step: how many came the day before, which day of the week it is, and whether it is a day off.</summary>
    public const int Channels = 1 + 7 + 1;

    /// <summary>Step after step; the column's type has both dimensions, so that networks know them.</summary>
    [VectorType(Steps, Channels)]
    public float[] Features { get; set; } = [];

    /// <summary>The seasonal naive forecast.</summary>
    public float AWeekBefore { get; set; }

    /// <summary>Whether so many days are known.</summary>
    public bool IsFull { get; set; }
}
