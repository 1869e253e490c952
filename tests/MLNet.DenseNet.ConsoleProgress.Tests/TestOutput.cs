using System.Text;
using Spectre.Console;

namespace MLNet.DenseNet.ConsoleProgress.Tests;

/// <summary>What a console writes, as a terminal or as a file.</summary>
internal sealed class TestOutput(bool isTerminal, int width = 100, int height = 40) : IAnsiConsoleOutput, IDisposable
{
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public TextWriter Writer => _writer;

    public bool IsTerminal { get; } = isTerminal;

    public int Width { get; set; } = width;

    public int Height { get; } = height;

    public string Text => _writer.ToString();

    public IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Out = this,
    });

    public void Dispose() => _writer.Dispose();

    public void SetEncoding(Encoding encoding)
    {
    }

    /// <summary>
    /// All lines of a terminal in the end, those that have left its screen above among them, as one does that keeps what is on a screen that is cleared as a whole. It began empty, knows moves up and
    /// clearing of lines and of all that is below, and wraps what is wider than it is.
    /// </summary>
    public IReadOnlyList<string> Screen()
    {
        var lines = new List<StringBuilder> { new() };
        var (row, column, text) = (0, 0, Text);
        for (var i = 0; i < text.Length; i++)
        {
            // What is above can no longer be reached.
            var top = Math.Max(0, lines.Count - Height);
            if (text[i] == '\u001b')
            {
                var end = i + 2;
                while (!char.IsLetter(text[end]))
                    end++;
                var argument = text[(i + 2)..end];
                if (text[end] == 'A')
                    row = Math.Max(top, row - int.Parse(argument, System.Globalization.CultureInfo.InvariantCulture));
                else if (text[end] == 'K')
                    lines[row].Length = argument == "2" ? 0 : Math.Min(column, lines[row].Length);
                else if (text[end] == 'J' && row == top && column == 0)
                    (row, _) = (lines.Count, Add(lines.Count));
                else if (text[end] == 'J')
                    lines.RemoveRange(row + 1, lines.Count - row - 1);
                i = end;
            }
            else if (text[i] == '\n')
            {
                (row, column, _) = (row + 1, 0, Add(row + 1));
            }
            else if (text[i] == '\r')
            {
                column = 0;
            }
            else
            {
                if (column == Width)
                    (row, column, _) = (row + 1, 0, Add(row + 1));
                var line = lines[row];
                line.Length = Math.Max(line.Length, column + 1);
                line[column++] = text[i];
            }
        }

        return [.. lines.Select(line => line.ToString().Replace('\0', ' ').TrimEnd())];

        bool Add(int index)
        {
            if (index == lines.Count)
                lines.Add(new());
            return true;
        }
    }
}
