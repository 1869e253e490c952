using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Overfitting;

/// <summary>Draws the gap of each trial: a line from its accuracy on the test set to that on its training rows.</summary>
internal static class GapChart
{
    private static readonly OxyColor TrainingColor = OxyColor.Parse("#0072b2");
    private static readonly OxyColor TestColor = OxyColor.Parse("#d55e00");
    private static readonly OxyColor GridColor = OxyColor.Parse("#e2e7ef");

    public static void Save(IReadOnlyList<Trial> trials, string path)
    {
        var plot = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Title = "Each remedy narrows the gap",
            TitleFontSize = 16,
            DefaultFont = "system-ui, 'DejaVu Sans', sans-serif",
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            // The left margin has room for the names.
            PlotMargins = new OxyThickness(250, 0, 20, 50),
        };
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Minimum = 0.5 - trials.Count,
            Maximum = 0.9,
            MajorStep = 1,
            MinorStep = 1,
            LabelFormatter = row => (int)-row is var index && index >= 0 && index < trials.Count ? trials[index].Name : "",
            TickStyle = TickStyle.None,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = GridColor,
            FontSize = 13,
        });
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = "accuracy",
            MinimumPadding = 0.06,
            MaximumPadding = 0.06,
            TickStyle = TickStyle.None,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = GridColor,
            FontSize = 13,
            AxisTitleDistance = 12,
        });
        for (var i = 0; i < trials.Count; i++)
        {
            var gap = new LineSeries { Color = OxyColors.LightGray, StrokeThickness = 6 };
            gap.Points.AddRange([new DataPoint(trials[i].Test, -i), new DataPoint(trials[i].Training, -i)]);
            plot.Series.Add(gap);
        }

        AddMarkers(plot, trials, trial => trial.Test, TestColor, "test set", HorizontalAlignment.Left);
        AddMarkers(plot, trials, trial => trial.Training, TrainingColor, "training rows", HorizontalAlignment.Right);
        using var file = File.Create(path);
        new SvgExporter { Width = 760, Height = 400, UseVerticalTextAlignmentWorkaround = true }.Export(plot, file);
    }

    /// <summary>A mark for each trial, and above the first what the marks are.</summary>
    private static void AddMarkers(PlotModel plot, IReadOnlyList<Trial> trials, Func<Trial, double> accuracy, OxyColor color, string name, HorizontalAlignment alignment)
    {
        var markers = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 7, MarkerFill = color };
        markers.Points.AddRange(trials.Select((trial, i) => new ScatterPoint(accuracy(trial), -i)));
        plot.Series.Add(markers);
        plot.Annotations.Add(new TextAnnotation
        {
            Text = name,
            TextColor = color,
            FontSize = 13,
            TextPosition = new DataPoint(accuracy(trials[0]), 0.3),
            TextHorizontalAlignment = alignment,
            TextVerticalAlignment = VerticalAlignment.Bottom,
            StrokeThickness = 0,
        });
    }
}
