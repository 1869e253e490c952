using System.Text;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>An SVG that is drawn on. Text stays text, in the font of the reader's system.</summary>
internal sealed class SvgCanvas : SvgRenderContext
{
    // Without serifs, as the page's own. Programs other than browsers may not know the system's font, so that common ones follow it.
    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif";

    // How far capitals rise above the base line, and descenders fall below it, as shares of the font size.
    private const double Ascent = 0.73;
    private const double Descent = 0.2;

    private SvgCanvas(Stream stream, int width, int height, OxyColor background)
        : base(stream, width, height, isDocument: false, new PdfRenderContext(width, height, background), background)
    {
    }

    public static string Draw(int width, int height, OxyColor background, Action<IRenderContext> draw)
    {
        using var stream = new MemoryStream();
        using (var canvas = new SvgCanvas(stream, width, height, background))
        {
            draw(canvas);
            canvas.Complete();
        }

        var svg = Encoding.UTF8.GetString(stream.ToArray());
        // The root has a view box, without which it could not be shown in another size.
        const string root = "<svg ";
        return svg[svg.IndexOf(root, StringComparison.Ordinal)..].Insert(root.Length, FormattableString.Invariant($"viewBox=\"0 0 {width} {height}\" "));
    }

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
        string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(fontSize * TextWidth.Of(text) * (fontWeight > FontWeights.Normal ? TextWidth.Bold : 1), fontSize * (Ascent + Descent));

    public override void DrawText(
        ScreenPoint p, string text, OxyColor c, string fontFamily, double fontSize, double fontWeight, double rotate, HorizontalAlignment halign, VerticalAlignment valign, OxySize? maxSize)
    {
        if (string.IsNullOrEmpty(text))
            return;
        // Placed by its base line, which every viewer of SVG knows.
        var down = fontSize * (valign switch
        {
            VerticalAlignment.Top => Ascent,
            VerticalAlignment.Middle => Ascent / 2,
            _ => -Descent,
        });
        var (sin, cos) = Math.SinCos(rotate * Math.PI / 180);
        base.DrawText(new ScreenPoint(p.X - down * sin, p.Y + down * cos), Writable(text), c, Fonts, fontSize, fontWeight, rotate, halign, VerticalAlignment.Bottom, maxSize);
    }

    /// <summary>Without characters that XML has no way to write, and on one line.</summary>
    private static string Writable(string text)
    {
        var writable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            writable.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " " : rune.Value is 0xfffe or 0xffff ? "\ufffd" : rune.ToString());
        return writable.ToString();
    }
}
