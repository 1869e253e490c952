namespace TimeSeries;

/// <summary>What came on a day, and what was forecast.</summary>
internal sealed class ForecastDay
{
    public DateTime Date { get; set; }

    public float Ridership { get; set; }

    public float AWeekBefore { get; set; }

    public float Score { get; set; }
}
