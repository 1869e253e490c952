using System.Text;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How wide text is, in font sizes. Which font the reader's system has is not known: these are those of a wide one, so that text has room in all.</summary>
internal static class TextWidth
{
    /// <summary>What bold text is wider.</summary>
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
