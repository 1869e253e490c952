using ScottPlot;
using ScottPlot.TickGenerators;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How many rows of each class were predicted to be of each.</summary>
internal static class ConfusionMatrixChart
{
    // Of more classes the numbers would not fit into their cells.
    private const int MostWithNumbers = 16;

    // Of more, cells without rows are not drawn one by one.
    private const int MostWithEmptyCells = 30;

    private const int LongestName = 18;

    // With room for more characters than there is in a line, names stand upright.
    private const int MostCharactersLying = 50;
    private const int CharacterWidth = 8;

    /// <param name="counts">(actual x predicted) rows.</param>
    /// <param name="classes">Their names.</param>
    public static Chart Of(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        var total = counts.Sum(row => row.Sum());
        var correct = Enumerable.Range(0, counts.Count).Sum(i => counts[i][i]);
        // Names that are told apart by their ends are as common as others.
        string[] names = [.. classes.Select(name => name.Length <= LongestName ? name : $"{name[..(LongestName / 2)]}…{name[^(LongestName / 2 - 1)..]}")];
        return new Chart(
            "confusion-matrix", "Confusion matrix",
            FormattableString.Invariant($"Of {total:N0} rows of the evaluation, {correct:N0} were classified right ({(total > 0 ? correct / total : 0):P1}). Blue: right, orange: wrong; the stronger the colour, the larger the share of the actual class."),
            (plot, theme) => Draw(plot, theme, counts, names), Height: 440 + (AreUpright(names) ? CharacterWidth * names.Max(name => name.Length) : 0));
    }

    private static void Draw(Plot plot, ChartTheme theme, IReadOnlyList<IReadOnlyList<double>> counts, string[] classes)
    {
        var count = counts.Count;
        if (count > MostWithEmptyCells)
            AddCell(plot, -0.5, count - 0.5, -count + 0.5, 0.5, theme.Grid.WithAlpha(0.5));
        for (var actual = 0; actual < count; actual++)
        {
            var rows = counts[actual].Sum();
            for (var predicted = 0; predicted < count; predicted++)
            {
                var share = rows > 0 ? counts[actual][predicted] / rows : 0;
                if (share == 0 && count > MostWithEmptyCells)
                    continue;
                var color = actual == predicted ? theme.Training : theme.Validation;
                // A small share has to be seen too.
                AddCell(plot, predicted - 0.48, predicted + 0.48, -actual - 0.48, -actual + 0.48, share > 0 ? color.WithAlpha(0.15 + 0.75 * share) : theme.Grid.WithAlpha(0.5));
                if (count > MostWithNumbers || counts[actual][predicted] == 0)
                    continue;
                var text = plot.Add.Text(FormattableString.Invariant($"{counts[actual][predicted]:0.#}"), predicted, -actual);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontColor = share > 0.5 ? theme.Background : theme.Text;
                text.LabelFontSize = count <= 10 ? 14 : 11;
            }
        }

        var shown = Shown(count);
        if (AreUpright(classes))
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -90;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            plot.Axes.Bottom.MinimumSize = CharacterWidth * classes.Max(name => name.Length) + 40;
        }

        plot.Axes.Bottom.TickGenerator = new NumericManual([.. shown.Select(i => (double)i)], [.. shown.Select(i => classes[i])]);
        plot.Axes.Left.TickGenerator = new NumericManual([.. shown.Select(i => -(double)i)], [.. shown.Select(i => classes[i])]);
        plot.XLabel("predicted");
        plot.YLabel("actual");
        plot.HideGrid();
        plot.Axes.SetLimits(-0.55, count - 0.45, -count + 0.45, 0.55);
    }

    private static void AddCell(Plot plot, double left, double right, double bottom, double top, Color color)
    {
        var cell = plot.Add.Rectangle(left, right, bottom, top);
        cell.FillColor = color;
        cell.LineWidth = 0;
    }

    private static bool AreUpright(string[] names) => Shown(names.Length).Length * names.Max(name => name.Length) > MostCharactersLying;

    /// <summary>The classes whose names there is room for.</summary>
    private static int[] Shown(int count)
    {
        var every = (count + MostWithNumbers - 1) / MostWithNumbers;
        return [.. Enumerable.Range(0, count).Where(i => i % every == 0)];
    }
}
