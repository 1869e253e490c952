using System.Globalization;

namespace MLNet.DenseNet.Engine;

/// <summary>A metric in words.</summary>
internal static class MetricText
{
    // An R-squared may be far below 0.
    private const double Far = 1000;

    private const int MostDecimals = 6;

    /// <param name="value">The metric.</param>
    /// <param name="decimals">How many digits it has behind the point; one that would be rounded to 1 has more, one that is far from 0 four in all.</param>
    public static string Of(double value, int decimals)
    {
        while (value < 1 && decimals < MostDecimals && Math.Round(value, decimals) == 1)
            decimals++;
        return value.ToString(Math.Abs(value) < Far ? $"F{decimals}" : "G4", CultureInfo.InvariantCulture);
    }
}
