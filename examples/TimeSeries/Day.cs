using Microsoft.ML.Data;

namespace TimeSeries;

/// <summary>How many people entered the station that day.</summary>
internal sealed class Day
{
    [LoadColumn(0)]
    public DateTime Date { get; set; }

    /// <summary>In thousands.</summary>
    [LoadColumn(1)]
    public float Ridership { get; set; }
}
