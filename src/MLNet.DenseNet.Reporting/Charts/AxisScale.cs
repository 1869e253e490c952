using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>
/// How values become places along an axis, and which of them are written there. A place is the number of steps from zero, so that what is drawn has to do with numbers of a common size only,
/// whatever the values' scale.
/// </summary>
internal sealed class AxisScale
{
    // Values that differ less, relative to their magnitude, are the same for the eye and nearly so for arithmetic.
    private const double LeastRange = 1e-6;

    // Beyond, differences and steps of doubles overflow or vanish.
    private const double MostMagnitude = 1e300;
    private const double LeastMagnitude = 1e-300;

    // The share of the range that is left free at each end.
    private const double Margin = 0.04;

    // Numbers of other magnitudes are written with a power of ten.
    private const double Smallest = 1e-3;
    private const double Largest = 1e6;

    // Of a double.
    private const int MostDigits = 15;

    private readonly bool _isLogarithmic;
    private readonly double _step;
    private readonly string _format;

    private AxisScale(double lowest, double highest, int mostSteps, bool isInteger, bool isLogarithmic)
    {
        _isLogarithmic = isLogarithmic;
        _step = Step((highest - lowest) / mostSteps, isInteger);
        (From, To) = (lowest / _step, highest / _step);
        var magnitude = isLogarithmic ? 1 : Math.Max(Math.Abs(lowest), Math.Abs(highest));
        // Enough to tell neighboring numbers apart, however close they are.
        var digits = Math.Clamp((int)Math.Ceiling(Math.Log10(magnitude / _step)) + 1, 6, MostDigits);
        _format = magnitude is not (>= Smallest and < Largest) ? $"0.{new string('#', digits)}e0"
            : $"#,0.{new string('#', Math.Clamp(1 - (int)Math.Floor(Math.Log10(_step)), 8, MostDigits))}";
    }

    /// <summary>Where the axis begins.</summary>
    public double From { get; }

    /// <summary>Where the axis ends.</summary>
    public double To { get; }

    /// <summary>Whether there can be a place for a value.</summary>
    public static bool Holds(double value) => Math.Abs(value) <= MostMagnitude;

    /// <summary>A scale on which all values lie, with a little room beside them, but not below 0 where none is.</summary>
    /// <param name="values">Each of which it holds; none for 0 to 1.</param>
    /// <param name="mostSteps">The most intervals between numbers.</param>
    public static AxisScale Of(IEnumerable<double> values, int mostSteps)
    {
        var (lowest, highest) = Range(values);
        var room = Margin * (highest - lowest);
        return new AxisScale(lowest >= 0 ? Math.Max(0, lowest - room) : lowest - room, highest + room, mostSteps, isInteger: false, isLogarithmic: false);
    }

    /// <summary>A scale from one value to another.</summary>
    public static AxisScale Between(double lowest, double highest, int mostSteps) => new(lowest, highest, mostSteps, isInteger: false, isLogarithmic: false);

    /// <summary>A scale for what is counted, from 1 on.</summary>
    public static AxisScale OfCounts(int highest, int mostSteps)
    {
        // What lies at an end is seen whole.
        var room = highest > 1 ? Margin / 2 * (highest - 1) : 0.5;
        return new AxisScale(1 - Math.Min(room, 0.5), highest + room, mostSteps, isInteger: true, isLogarithmic: false);
    }

    /// <summary>A scale on which equal distances are equal factors.</summary>
    /// <param name="values">Positive, and each of which it holds.</param>
    /// <param name="mostSteps">The most intervals between numbers.</param>
    public static AxisScale Logarithmic(IEnumerable<double> values, int mostSteps)
    {
        var (lowest, highest) = Range(values.Select(Math.Log10));
        var room = Margin * (highest - lowest);
        return new AxisScale(lowest - room, highest + room, mostSteps, isInteger: true, isLogarithmic: true);
    }

    /// <summary>Where a value lies.</summary>
    public double Place(double value) => (_isLogarithmic ? Math.Log10(value) : value) / _step;

    /// <summary>The axis, with numbers at whole steps.</summary>
    /// <param name="position">At which side.</param>
    /// <param name="title">What it is of.</param>
    /// <param name="theme">Its colours.</param>
    public LinearAxis Axis(AxisPosition position, string title, ChartTheme theme) => new()
    {
        Position = position,
        Minimum = From,
        Maximum = To,
        MajorStep = 1,
        MinorStep = 1,
        LabelFormatter = Text,
        Title = title,
        TitleColor = theme.Quiet,
        TextColor = theme.Quiet,
        FontSize = 12,
        TitleFontSize = 12.5,
        AxisTickToLabelDistance = 6,
        AxisTitleDistance = 9,
        TickStyle = TickStyle.None,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = theme.Grid,
        MajorGridlineThickness = 1,
        // Sharp lines are of one or two pixels, by chance, where the page is shown in another size.
        EdgeRenderingMode = EdgeRenderingMode.PreferGeometricAccuracy,
        IsZoomEnabled = false,
        IsPanEnabled = false,
    };

    /// <summary>The number at a place.</summary>
    public string Text(double place)
    {
        var value = Math.Round(place) * _step;
        // A power of ten is written as what stands on its axis.
        return value == 0 && !_isLogarithmic ? "0"
            : !_isLogarithmic ? value.ToString(_format, CultureInfo.InvariantCulture)
            : Math.Pow(10, value).ToString(value is >= -4 and < 6 ? "#,0.####" : "0e0", CultureInfo.InvariantCulture);
    }

    /// <summary>The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below a number.</summary>
    private static double Step(double least, bool isInteger)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        if (isInteger && power < 1)
            return 1;
        var steps = ((double[])[1, 2, 2.5, 5]).Select(factor => factor * power).Where(step => !isInteger || double.IsInteger(step));
        return steps.FirstOrDefault(step => step >= least * (1 - 1e-9), 10 * power);
    }

    /// <summary>The smallest and the largest value; where they are the same, so far that they lie in the middle between 0 and there.</summary>
    private static (double Lowest, double Highest) Range(IEnumerable<double> values)
    {
        var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        if (lowest > highest)
            return (0, 1);
        var magnitude = Math.Max(Math.Abs(lowest), Math.Abs(highest));
        if (magnitude < LeastMagnitude)
            return (-1, 1);
        return highest - lowest > LeastRange * magnitude ? (lowest, highest) : (Math.Min(0, 2 * lowest), Math.Max(0, 2 * highest));
    }
}
