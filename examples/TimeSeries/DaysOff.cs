namespace TimeSeries;

/// <summary>The days of the calendar on which most offices in the United States are closed or empty.</summary>
internal static class DaysOff
{
    public static bool Contains(DateTime date) => (date.Month, date.DayOfWeek) switch
    {
        // Martin Luther King's and Presidents' Day, Memorial and Labor Day, Thanksgiving and the day after.
        (1, DayOfWeek.Monday) when date.Day is >= 15 and <= 21 => true,
        (2, DayOfWeek.Monday) when date.Day is >= 15 and <= 21 => true,
        (5, DayOfWeek.Monday) when date.Day >= 25 => true,
        (9, DayOfWeek.Monday) when date.Day <= 7 => true,
        (11, DayOfWeek.Thursday) when date.Day is >= 22 and <= 28 => true,
        (11, DayOfWeek.Friday) when date.Day is >= 23 and <= 29 => true,
        _ => IsFixed(date)
            // What falls on a weekend is observed on the Friday before or the Monday after.
            || (date.DayOfWeek == DayOfWeek.Friday && IsFixed(date.AddDays(1)))
            || (date.DayOfWeek == DayOfWeek.Monday && IsFixed(date.AddDays(-1))),
    };

    private static bool IsFixed(DateTime date) => (date.Month, date.Day) is (1, 1) or (7, 4) or (12, 24) or (12, 25);
}
