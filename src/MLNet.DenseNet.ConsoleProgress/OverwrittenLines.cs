using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>
/// Lines of a terminal that are written over each time. Nothing is cleared but what stands to the right of a line or in lines that are no longer needed: a terminal keeps what is on a screen that is
/// cleared as a whole, so that every state would be found again above.
/// </summary>
/// <param name="console">An ANSI terminal.</param>
internal sealed class OverwrittenLines(IAnsiConsole console)
{
    private const string ToEndOfLine = "\u001b[K";
    private const string WholeLine = "\u001b[2K";

    private int[] _lengths = [];

    /// <summary>How long a line may be: shorter than the terminal is wide, since terminals differ in where a full line leaves the cursor.</summary>
    public int Width => Math.Max(1, console.Profile.Width - 1);

    /// <summary>How many lines there may be, since what has left the screen cannot be written over; the cursor stands below them.</summary>
    public int Height => console.Profile.Height - 1;

    /// <summary>Writes lines over those of before.</summary>
    /// <param name="lines">None wider than <see cref="Width"/>, and at most <see cref="Height"/>.</param>
    public void Write(IReadOnlyList<IReadOnlyList<Segment>> lines)
    {
        // A terminal that was made narrower has wrapped the lines that no longer fit.
        var width = Math.Max(1, console.Profile.Width);
        var before = Math.Min(_lengths.Sum(length => Math.Max(1, (length + width - 1) / width)), Height);
        var segments = new List<Segment> { Segment.Control(Up(before)) };
        foreach (var line in lines)
        {
            segments.AddRange(line);
            segments.Add(Segment.Control(ToEndOfLine));
            segments.Add(Segment.LineBreak);
        }

        var left = before - lines.Count;
        for (var i = 0; i < left; i++)
        {
            segments.Add(Segment.Control(WholeLine));
            segments.Add(Segment.LineBreak);
        }

        segments.Add(Segment.Control(Up(left)));
        console.Write(new Output(segments));
        _lengths = [.. lines.Select(line => line.Sum(segment => segment.Text.Length))];
    }

    /// <summary>Leaves the lines as they are: the next ones begin below them.</summary>
    public void Keep() => _lengths = [];

    private static string Up(int lines) => lines > 0 ? $"\u001b[{lines}A\r" : "\r";

    /// <summary>Segments that are written at once.</summary>
    private sealed class Output(IReadOnlyList<Segment> segments) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
