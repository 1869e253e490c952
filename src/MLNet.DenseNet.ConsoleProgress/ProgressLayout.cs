using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>Arranges what is shown of a training in the lines of a terminal, whatever its size: what does not fit beside something else goes below it, or is left out.</summary>
/// <param name="width">Characters of a line.</param>
/// <param name="height">The most lines.</param>
/// <param name="isUnicode">Whether it shows more than ASCII.</param>
internal sealed class ProgressLayout(int width, int height, bool isUnicode)
{
    private const int LongestBar = 30;
    private const int ShortestBar = 4;
    private const int NameWidth = 6;
    private const string Gap = "  ";

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Done = new(Color.Green);

    private readonly List<IReadOnlyList<Segment>> _lines = [];

    public IReadOnlyList<IReadOnlyList<Segment>> Lines => _lines;

    /// <summary>Adds bars below each other, each with remarks beside it where there is room for all.</summary>
    /// <param name="bars">The name of what is counted, how much of it there is and what else there is to say.</param>
    public void AddBars(params IReadOnlyList<(string Name, int Count, int Of, double Share, string[] Remarks)> bars)
    {
        var countWidth = bars.Max(bar => Count(bar.Count, bar.Of).Length);
        var remarkWidth = bars.Max(bar => string.Join(", ", bar.Remarks).Length) + Gap.Length;
        var room = width - NameWidth - 1 - countWidth;
        var areBeside = room - remarkWidth >= ShortestBar;
        var barWidth = Math.Min(LongestBar, areBeside ? room - remarkWidth : room);
        foreach (var (name, count, of, share, remarks) in bars)
        {
            List<Segment> line = [new(name.PadRight(NameWidth))];
            if (barWidth >= ShortestBar)
                line.AddRange([.. Bar(share, barWidth), new(" ")]);
            line.Add(new(Count(count, of).PadRight(areBeside ? countWidth : 0)));
            if (areBeside && remarks.Length > 0)
                line.Add(new($"{Gap}{string.Join(", ", remarks)}"));
            Add(line);
        }

        if (!areBeside)
            AddRemarks([.. bars.SelectMany(bar => bar.Remarks)]);
    }

    /// <summary>Adds a table, where there is room for it: in full, with shorter words, or without its last column.</summary>
    /// <param name="rows">Headings and rows, each with its words, the shorter ones second, and numbers that stand below each other.</param>
    public void AddTable(IReadOnlyList<((string Long, string Short) Name, (string Long, string Short)[] Cells)> rows)
    {
        var columns = rows[0].Cells.Length;
        foreach (var (isLong, gap, shown) in ((bool, int, int)[])[(true, 3, columns), (false, 2, columns), (false, 1, columns), (false, 1, 1)])
        {
            string[][] words = [.. rows.Select(row => (string[])[Word(row.Name), .. row.Cells.Take(shown).Select(Word)])];
            int[] widths = [.. Enumerable.Range(0, words[0].Length).Select(column => words.Max(row => row[column].Length))];
            if (widths.Sum() + gap * shown > width)
                continue;
            // Apart from what is above, where there is room for that.
            if (_lines.Count + rows.Count + 1 <= height)
                Add([]);
            else if (_lines.Count + rows.Count > height)
                return;
            foreach (var (index, row) in words.Index())
            {
                var line = row[0].PadRight(widths[0]) + string.Concat(Enumerable.Range(1, row.Length - 1).Select(column => new string(' ', gap) + row[column].PadLeft(widths[column])));
                Add([new Segment(line, index == 0 ? Quiet : Style.Plain)]);
            }

            return;

            string Word((string Long, string Short) word) => isLong ? word.Long : word.Short;
        }
    }

    private static string Count(int count, int of) => $"{count}/{of}";

    /// <summary>Adds as many to a line as there is room for.</summary>
    private void AddRemarks(IEnumerable<string> remarks)
    {
        var line = "";
        foreach (var remark in remarks)
        {
            var longer = line.Length == 0 ? remark : $"{line}, {remark}";
            if (longer.Length > width && line.Length > 0)
            {
                Add([new(line)]);
                longer = remark;
            }

            line = longer;
        }

        if (line.Length > 0)
            Add([new(line)]);
    }

    private IEnumerable<Segment> Bar(double share, int length)
    {
        var done = (int)Math.Round(length * Math.Clamp(share, 0, 1));
        var (full, empty) = isUnicode ? ('\u2501', '\u2500') : ('#', '-');
        return [new(new string(full, done), Done), new(new string(empty, length - done), Quiet)];
    }

    private void Add(IReadOnlyList<Segment> line)
    {
        if (_lines.Count < height)
            _lines.Add(line.Sum(segment => segment.Text.Length) <= width ? line : [new(string.Concat(line.Select(segment => segment.Text))[..width])]);
    }
}
