using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace TimeSeries;

/// <summary>Draws the last days: what was forecast, and what came.</summary>
internal static class ForecastChart
{
    private static readonly OxyColor TruthColor = OxyColor.Parse("#1b1f24");
    private static readonly OxyColor NetworkColor = OxyColor.Parse("#0072b2");
    private static readonly OxyColor NaiveColor = OxyColor.Parse("#e69f00");
    private static readonly OxyColor GridColor = OxyColor.Parse("#e2e7ef");

    public static void Save(IReadOnlyList<ForecastDay> days, string path)
    {
        var plot = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Title = "People entering Clark/Lake, forecast a day ahead",
            TitleFontSize = 16,
            DefaultFont = "system-ui, 'DejaVu Sans', sans-serif",
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            PlotMargins = new OxyThickness(60, 0, 20, 40),
        };
        plot.Axes.Add(new DateTimeAxis
        {
            Position = AxisPosition.Bottom,
            StringFormat = "MMM d, yyyy",
            IntervalType = DateTimeIntervalType.Days,
            MajorStep = 14,
            MinorStep = 7,
            TickStyle = TickStyle.None,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = GridColor,
            FontSize = 13,
        });
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = "thousands",
            Minimum = 0,
            MaximumPadding = 0.06,
            TickStyle = TickStyle.None,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = GridColor,
            FontSize = 13,
            AxisTitleDistance = 12,
        });
        Add(plot, days, "a week before", namedOn: 2, day => day.AWeekBefore, NaiveColor, LineStyle.Dot, 1.5);
        Add(plot, days, "the network's forecast", namedOn: 10, day => day.Score, NetworkColor, LineStyle.Solid, 2.5);
        Add(plot, days, "how many came", namedOn: 24, day => day.Ridership, TruthColor, LineStyle.Solid, 1.5);
        using var file = File.Create(path);
        new SvgExporter { Width = 900, Height = 340, UseVerticalTextAlignmentWorkaround = true }.Export(plot, file);
    }

    /// <summary>A line, and its name, in its colour, on a day near the bottom, where no line comes.</summary>
    private static void Add(PlotModel plot, IReadOnlyList<ForecastDay> days, string name, int namedOn, Func<ForecastDay, double> value, OxyColor color, LineStyle style, double thickness)
    {
        var line = new LineSeries { Color = color, LineStyle = style, StrokeThickness = thickness };
        line.Points.AddRange(days.Select(day => DateTimeAxis.CreateDataPoint(day.Date, value(day))));
        plot.Series.Add(line);
        plot.Annotations.Add(new TextAnnotation
        {
            Text = name,
            TextColor = color,
            FontSize = 13,
            TextPosition = DateTimeAxis.CreateDataPoint(days[namedOn].Date, 2),
            TextHorizontalAlignment = HorizontalAlignment.Left,
            TextVerticalAlignment = VerticalAlignment.Middle,
            StrokeThickness = 0,
        });
    }
}
