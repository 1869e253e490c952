using ScottPlot;
using ScottPlot.TickGenerators;

namespace Overfitting;

/// <summary>Draws the gap of each trial: a line from its accuracy on the test set to that on its training rows.</summary>
internal static class GapChart
{
    private static readonly Color TrainingColor = Color.FromHex("#0072b2");
    private static readonly Color TestColor = Color.FromHex("#d55e00");

    public static void Save(IReadOnlyList<Trial> trials, string path)
    {
        using var plot = new Plot();
        for (var i = 0; i < trials.Count; i++)
        {
            var gap = plot.Add.Line(trials[i].Test, -i, trials[i].Training, -i);
            gap.Color = Colors.LightGray;
            gap.LineWidth = 6;
            gap.MarkerSize = 0;
        }

        AddMarkers(plot, trials, trial => trial.Test, TestColor, "test set");
        AddMarkers(plot, trials, trial => trial.Training, TrainingColor, "training rows");
        plot.Axes.Left.TickGenerator = new NumericManual([.. trials.Select((_, i) => (double)-i)], [.. trials.Select(trial => trial.Name)]);
        plot.Axes.SetLimitsY(0.5 - trials.Count, 0.5);
        plot.XLabel("accuracy");
        plot.Title("Each remedy narrows the gap");
        plot.ShowLegend(Edge.Bottom);
        plot.SavePng(path, 760, 400);
    }

    private static void AddMarkers(Plot plot, IReadOnlyList<Trial> trials, Func<Trial, double> accuracy, Color color, string name)
    {
        var markers = plot.Add.Markers(trials.Select((trial, i) => new Coordinates(accuracy(trial), -i)).ToArray(), MarkerShape.FilledCircle, 14, color);
        markers.LegendText = name;
    }
}
