using System.Text;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How wide text is, in font sizes. The font of the reader's system is not known: these widths are those of a wide one, so that text has room in any.</summary>
internal static class TextWidth
{
    /// <summary>How many times as wide bold text is.</summary>
    public const double Bold = 1.1;

    public static double Of(string text) => text.EnumerateRunes().Sum(Of);

    private static double Of(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' => 0.28,
        ' ' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.33,
        'f' or 'r' or 't' or 'I' or 'J' or '(' or ')' or '[' or ']' or '-' or '/' => 0.4,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.96,
        >= 'A' and <= 'Z' => 0.7,
        // From the first letters of Hangul on, the scripts of East Asia and pictographs are square.
        >= 0x1100 => 1,
        _ => 0.63,
    };
}
