using System.Globalization;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Numbers along axes, the same in every culture.</summary>
internal static class AxisNumber
{
    private const double Smallest = 1e-4;
    private const double Largest = 1e6;

    /// <summary>Such as "0.25", "12,000" and "1e-28".</summary>
    public static string Text(double value) =>
        value.ToString(value == 0 || Math.Abs(value) is >= Smallest * 0.999 and < Largest ? "#,0.######" : "0.#####e0", CultureInfo.InvariantCulture);
}
