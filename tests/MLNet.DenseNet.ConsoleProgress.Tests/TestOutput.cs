using System.Text;
using Spectre.Console;

namespace MLNet.DenseNet.ConsoleProgress.Tests;

/// <summary>What a console writes, as a terminal or as a file.</summary>
internal sealed class TestOutput(bool isTerminal, int width = 100, int height = 40) : IAnsiConsoleOutput, IDisposable
{
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public TextWriter Writer => _writer;

    public bool IsTerminal { get; } = isTerminal;

    public int Width { get; } = width;

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

    /// <summary>The lines that a terminal shows in the end: it knows line feeds, carriage returns, moves up and clearing downwards.</summary>
    public IReadOnlyList<string> Screen()
    {
        var lines = new List<StringBuilder> { new() };
        var (row, text) = (0, Text);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b')
            {
                var end = i + 2;
                while (!char.IsLetter(text[end]))
                    end++;
                var argument = text[(i + 2)..end];
                if (text[end] == 'A')
                    row -= int.Parse(argument, System.Globalization.CultureInfo.InvariantCulture);
                else if (text[end] == 'J')
                    lines.RemoveRange(row + 1, lines.Count - row - 1);
                i = end;
            }
            else if (text[i] == '\n')
            {
                if (++row == lines.Count)
                    lines.Add(new());
                lines[row].Clear();
            }
            else if (text[i] == '\r')
            {
                lines[row].Clear();
            }
            else
            {
                lines[row].Append(text[i]);
            }
        }

        return [.. lines.Select(line => line.ToString().TrimEnd())];
    }
}
