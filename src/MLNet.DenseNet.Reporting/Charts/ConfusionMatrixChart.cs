using ScottPlot;
using ScottPlot.TickGenerators;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How many rows of each class were predicted to be of each.</summary>
internal static class ConfusionMatrixChart
{
    // Of more classes the numbers would not fit into their cells.
    private const int MostWithNumbers = 16;

    /// <param name="counts">(actual x predicted) rows.</param>
    /// <param name="classes">Their names.</param>
    public static Chart Of(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        var total = counts.Sum(row => row.Sum());
        var correct = Enumerable.Range(0, counts.Count).Sum(i => counts[i][i]);
        return new Chart(
            "confusion-matrix", "Confusion matrix",
            FormattableString.Invariant($"Of {total:N0} rows of the evaluation, {correct:N0} were classified right ({(total > 0 ? correct / total : 0):P1}). Blue: right, orange: wrong; the darker, the larger the share of the actual class."),
            (plot, theme) => Draw(plot, theme, counts, classes), Height: 440);
    }

    private static void Draw(Plot plot, ChartTheme theme, IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        var count = counts.Count;
        for (var actual = 0; actual < count; actual++)
        {
            var rows = counts[actual].Sum();
            for (var predicted = 0; predicted < count; predicted++)
            {
                var share = rows > 0 ? counts[actual][predicted] / rows : 0;
                var cell = plot.Add.Rectangle(predicted - 0.48, predicted + 0.48, -actual - 0.48, -actual + 0.48);
                var color = actual == predicted ? theme.Training : theme.Validation;
                // A small share has to be seen too.
                cell.FillColor = share > 0 ? color.WithAlpha(0.15 + 0.75 * share) : theme.Grid.WithAlpha(0.5);
                cell.LineWidth = 0;
                if (count > MostWithNumbers || counts[actual][predicted] == 0)
                    continue;
                var text = plot.Add.Text(FormattableString.Invariant($"{counts[actual][predicted]:0.#}"), predicted, -actual);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontColor = share > 0.5 ? theme.Background : theme.Text;
                text.LabelFontSize = count <= 10 ? 14 : 11;
            }
        }

        var every = (count + MostWithNumbers - 1) / MostWithNumbers;
        var shown = Enumerable.Range(0, count).Where(i => i % every == 0).ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. shown.Select(i => (double)i)], [.. shown.Select(i => classes[i])]);
        plot.Axes.Left.TickGenerator = new NumericManual([.. shown.Select(i => -(double)i)], [.. shown.Select(i => classes[i])]);
        plot.XLabel("predicted");
        plot.YLabel("actual");
        plot.HideGrid();
        plot.Axes.SetLimits(-0.55, count - 0.45, -count + 0.45, 0.55);
    }
}
