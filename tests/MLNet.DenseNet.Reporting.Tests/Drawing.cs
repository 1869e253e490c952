using System.Globalization;
using System.Xml.Linq;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>The shapes of a chart on a light background with their places and colours, and what its places stand for on its axes.</summary>
internal sealed class Drawing
{
    private static readonly OxyColor Grid = OxyColor.Parse("#e2e7ef");

    public Drawing(string svg)
    {
        // What is cut off is no shape, and the first rectangle is the background.
        var elements = XDocument.Parse(svg).Descendants().Where(element => element.Parent?.Name.LocalName != "clipPath").ToLookup(element => element.Name.LocalName);
        Rectangles = [.. elements["rect"].Skip(1).Select(e => new Rectangle(Number(e, "x"), Number(e, "y"), Number(e, "width"), Number(e, "height"), Color(e, "fill")))];
        Circles = [.. elements["ellipse"].Select(e => new Circle(Number(e, "cx"), Number(e, "cy"), Number(e, "rx"), Color(e, "fill")))];
        Lines = [.. elements["polyline"].Select(e => new Line([.. e.Attribute("points")!.Value.Split(' ').Select(Point)], Color(e, "stroke"), Style(e, "stroke-dasharray") is not null))];
        Texts = [.. elements["text"].Select(e => Text.Of(e))];
    }

    public IReadOnlyList<Rectangle> Rectangles { get; }

    public IReadOnlyList<Circle> Circles { get; }

    public IReadOnlyList<Line> Lines { get; }

    public IReadOnlyList<Text> Texts { get; }

    /// <summary>The values of places from the left to the right.</summary>
    public Func<double, double> X => Axis("middle", (text, line) => line[0].X == line[1].X ? (line[0].X, Math.Abs(text.X - line[0].X)) : null);

    /// <summary>The values of places from the top to the bottom.</summary>
    public Func<double, double> Y => Axis("end", (text, line) => line[0].Y == line[1].Y ? (line[0].Y, Math.Abs(text.Y - line[0].Y)) : null);

    /// <summary>The title of the horizontal axis and that of the vertical one, which alone stands upright.</summary>
    public (string Horizontal, string Vertical) Titles =>
        (Texts.Single(text => text.Size == 12.5 && text.Anchor == "middle" && !text.IsUpright).Words, Texts.Single(text => text.IsUpright).Words);

    /// <summary>The points of a line, as values.</summary>
    public (double X, double Y)[] Values(Line line) => [.. line.Points.Select(point => (X(point.X), Y(point.Y)))];

    /// <summary>The curve of a colour: of its lines the one with the most points.</summary>
    public (double X, double Y)[] Curve(OxyColor color) => Values(Lines.Where(line => line.Color == color && !line.IsDashed).MaxBy(line => line.Points.Length)!);

    /// <summary>The colour beside a name of the legend.</summary>
    public OxyColor LegendColor(string name)
    {
        var text = Texts.Single(text => text.Words == name);
        return Lines.Where(line => line.Points[^1].X < text.X && Math.Abs(line.Points[0].Y - text.Y) < text.Size && line.Points[0].Y == line.Points[^1].Y).MaxBy(line => line.Points[^1].X)!.Color;
    }

    private Func<double, double> Axis(string anchor, Func<Text, (double X, double Y)[], (double Place, double Distance)?> of)
    {
        var lines = Lines.Where(line => line.Color == Grid).ToArray();
        var ticks = (from text in Texts
                     where text is { IsUpright: false, Size: 12 } && text.Anchor == anchor && double.TryParse(text.Words, CultureInfo.InvariantCulture, out _)
                     let place = lines.Select(line => of(text, line.Points)).OfType<(double Place, double Distance)>().MinBy(line => line.Distance).Place
                     select (Value: double.Parse(text.Words, CultureInfo.InvariantCulture), Place: place)).OrderBy(tick => tick.Value).ToArray();
        // Neighbours on a linear axis without 0 are at most twice as large.
        var isLogarithmic = ticks[0].Value > 0 && ticks[1].Value > 9 * ticks[0].Value;
        var (first, last) = (Linear(ticks[0].Value), Linear(ticks[^1].Value));
        Assert.All(ticks, tick => Assert.Equal(Linear(tick.Value), Straight(tick.Place), 1e-3 * (last - first)));
        return place => isLogarithmic ? Math.Pow(10, Straight(place)) : Straight(place);

        double Linear(double value) => isLogarithmic ? Math.Log10(value) : value;
        double Straight(double place) => first + (place - ticks[0].Place) / (ticks[^1].Place - ticks[0].Place) * (last - first);
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static (double X, double Y) Point(string text) => text.Split(',') is [var x, var y] ? (double.Parse(x, CultureInfo.InvariantCulture), double.Parse(y, CultureInfo.InvariantCulture)) : default;

    private static string? Style(XElement element, string name) =>
        element.Attribute("style")!.Value.Split(';').FirstOrDefault(part => part.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static OxyColor Color(XElement element, string name)
    {
        var opacity = Style(element, name + "-opacity") is { } share ? double.Parse(share, CultureInfo.InvariantCulture) : 1;
        return Style(element, name) switch
        {
            null or "none" => OxyColors.Undefined,
            "black" => OxyColors.Black,
            var color => OxyColor.FromAColor((byte)Math.Round(255 * opacity), OxyColor.Parse(color["rgb(".Length..^1])),
        };
    }

    internal sealed record Rectangle(double X, double Y, double Width, double Height, OxyColor Fill)
    {
        public double Right => X + Width;

        public (double X, double Y) Middle => (X + Width / 2, Y + Height / 2);
    }

    internal sealed record Circle(double X, double Y, double Radius, OxyColor Fill);

    internal sealed record Line((double X, double Y)[] Points, OxyColor Color, bool IsDashed);

    /// <summary>A text, and where it is anchored on its base line.</summary>
    internal sealed record Text(string Words, double X, double Y, double Size, string Anchor, bool IsUpright)
    {
        public static Text Of(XElement element)
        {
            var transform = element.Attribute("transform")!.Value;
            var (x, y) = Point(transform["translate(".Length..transform.IndexOf(')', StringComparison.Ordinal)]);
            return new(element.Value.Trim(), x, y, Number(element, "font-size"), element.Attribute("text-anchor")?.Value ?? "start", transform.Contains("rotate", StringComparison.Ordinal));
        }
    }
}
