using System.Globalization;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How many rows of each class were predicted to be of each.</summary>
internal sealed class ConfusionMatrixChart
{
    // With more classes, cells without rows are not drawn one by one.
    private const int MostWithEmptyCells = 30;

    private const int LongestName = 18;
    private const double NameSize = 12;
    private const double LabelSize = 12.5;
    private const double NumberSize = 13;
    private const double SmallestNumber = 7;

    // The room for the axes' labels, and that between text and cells.
    private const double LabelHeight = 20;
    private const double Gap = 6;
    private const double RightMargin = 10;

    // The height of all cells together: few are flat, many are square.
    private const double HeightOfCell = 56;
    private const double LeastHeight = 150;
    private const double MostHeight = 310;

    // A cell with more of its row is dark, so that its number is light.
    private const double DarkFrom = 0.6;

    private readonly IReadOnlyList<IReadOnlyList<double>> _counts;
    private readonly string[] _names;

    // The size of a cell, where the first begins, which names are written and whether they stand upright below the cells.
    private readonly double _width;
    private readonly double _height;
    private readonly double _left;
    private readonly int _every;
    private readonly bool _isUpright;
    private readonly double _nameWidth;

    private ConfusionMatrixChart(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        _counts = counts;
        _names = ShortName.OfAll(classes, LongestName);
        _nameWidth = NameSize * _names.Max(TextWidth.Of);
        _left = LabelHeight + _nameWidth + Gap;
        _width = (Chart.Width - _left - RightMargin) / counts.Count;
        _height = Math.Clamp(HeightOfCell * counts.Count, LeastHeight, MostHeight) / counts.Count;
        _every = (int)Math.Ceiling((NameSize + 2) / Math.Min(_width, _height));
        _isUpright = _nameWidth > _every * _width - Gap;
    }

    /// <param name="counts">(actual x predicted) rows.</param>
    /// <param name="classes">Their names.</param>
    public static Chart Of(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        var total = counts.Sum(row => row.Sum());
        var correct = Enumerable.Range(0, counts.Count).Sum(i => counts[i][i]);
        var chart = new ConfusionMatrixChart(counts, classes);
        return new Chart(
            "confusion-matrix", "Confusion matrix",
            FormattableString.Invariant($"Of {total:N0} rows of the evaluation, {correct:N0} were classified right ({(total > 0 ? 100 * correct / total : 0):F1}%). Blue: right, orange: wrong; the stronger the colour, the larger the share of the actual class."),
            (int)Math.Ceiling(chart.Bottom + chart.NamesHeight + Gap + LabelHeight), chart.Draw);
    }

    private static double Top => Gap;

    private double Bottom => Top + _counts.Count * _height;

    private double NamesHeight => Gap + (_isUpright ? _nameWidth : NameSize);

    private void Draw(IRenderContext canvas, ChartTheme theme)
    {
        var count = _counts.Count;
        var isSparse = count > MostWithEmptyCells;
        var empty = OxyColor.FromAColor(128, theme.Grid);
        if (isSparse)
            Fill(canvas, new OxyRect(_left, Top, count * _width, count * _height), empty);
        var numberSize = NumberSize * Math.Min(1, 0.85 * _width / (NumberSize * _counts.Max(row => row.Max(rows => TextWidth.Of(Number(rows))))));
        for (var actual = 0; actual < count; actual++)
        {
            var rows = _counts[actual].Sum();
            for (var predicted = 0; predicted < count; predicted++)
            {
                var share = rows > 0 ? _counts[actual][predicted] / rows : 0;
                if (share == 0 && isSparse)
                    continue;
                var color = actual == predicted ? theme.Training : theme.Validation;
                // A small share has to be seen too.
                Fill(canvas, Cell(actual, predicted), share > 0 ? OxyColor.FromAColor((byte)Math.Round(255 * (0.15 + 0.75 * share)), color) : empty);
                if (share > 0 && numberSize >= SmallestNumber && _height > NumberSize)
                    Write(canvas, Center(actual, predicted), Number(_counts[actual][predicted]), share > DarkFrom ? theme.Background : theme.Text, numberSize);
            }
        }

        for (var index = 0; index < count; index += _every)
        {
            var (row, column) = (new ScreenPoint(_left - Gap, Center(index, 0).Y), new ScreenPoint(Center(0, index).X, Bottom + Gap));
            Write(canvas, row, _names[index], theme.Text, NameSize, HorizontalAlignment.Right);
            if (_isUpright)
                Write(canvas, column, _names[index], theme.Text, NameSize, HorizontalAlignment.Right, rotation: -90);
            else
                Write(canvas, column, _names[index], theme.Text, NameSize, vertical: VerticalAlignment.Top);
        }

        Write(canvas, new ScreenPoint(_left + count * _width / 2, Bottom + NamesHeight + Gap), "predicted", theme.Quiet, LabelSize, vertical: VerticalAlignment.Top);
        Write(canvas, new ScreenPoint(LabelHeight / 2, (Top + Bottom) / 2), "actual", theme.Quiet, LabelSize, rotation: -90);
    }

    private OxyRect Cell(int actual, int predicted)
    {
        const double seam = 0.04;
        return new OxyRect(_left + (predicted + seam / 2) * _width, Top + (actual + seam / 2) * _height, (1 - seam) * _width, (1 - seam) * _height);
    }

    private ScreenPoint Center(int actual, int predicted) => new(_left + (predicted + 0.5) * _width, Top + (actual + 0.5) * _height);

    private static string Number(double rows) => rows.ToString("0.#", CultureInfo.InvariantCulture);

    private static void Fill(IRenderContext canvas, OxyRect rectangle, OxyColor color) =>
        canvas.DrawRectangle(rectangle, color, OxyColors.Undefined, 0, EdgeRenderingMode.PreferGeometricAccuracy);

    private static void Write(
        IRenderContext canvas, ScreenPoint point, string text, OxyColor color, double size, HorizontalAlignment horizontal = HorizontalAlignment.Center,
        VerticalAlignment vertical = VerticalAlignment.Middle, double rotation = 0) =>
        canvas.DrawText(point, text, color, fontSize: size, rotation: rotation, horizontalAlignment: horizontal, verticalAlignment: vertical);
}
