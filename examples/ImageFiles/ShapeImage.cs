using Microsoft.ML.Data;

namespace ImageFiles;

/// <summary>Draws images of shapes: no two are the same in size, place, angle, colours and noise, and the files differ in width and height.</summary>
internal static class ShapeImage
{
    // A pixel is the mean of so many points in each direction.
    private const int Samples = 3;
    private const double Noise = 18;

    public static MLImage Draw(Shape shape, Random random)
    {
        var (width, height) = (random.Next(56, 73), random.Next(56, 73));
        var radius = Math.Min(width, height) * (0.25 + 0.2 * random.NextDouble());
        var (x, y) = (radius + (width - 2 * radius) * random.NextDouble(), radius + (height - 2 * radius) * random.NextDouble());
        var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
        var (background, paint) = Colours(random);
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            double share = 0;
            for (var sample = 0; sample < Samples * Samples; sample++)
            {
                var right = (i % width + (sample % Samples + 0.5) / Samples - x) / radius;
                var down = (i / width + (sample / Samples + 0.5) / Samples - y) / radius;
                share += Contains(shape, right * cosine + down * sine, down * cosine - right * sine) ? 1.0 / (Samples * Samples) : 0;
            }

            for (var channel = 0; channel < 3; channel++)
                pixels[4 * i + channel] = (byte)Math.Clamp(background[channel] + share * (paint[channel] - background[channel]) + Noise * Gaussian(random), 0, 255);
            pixels[4 * i + 3] = 255;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    /// <summary>Whether a point is in the shape, whose corners or rim are 1 from its middle.</summary>
    private static bool Contains(Shape shape, double u, double v)
    {
        var distance = Math.Sqrt(u * u + v * v);
        return shape switch
        {
            Shape.Disc => distance < 1,
            Shape.Ring => distance is > 0.55 and < 1,
            Shape.Square => Math.Max(Math.Abs(u), Math.Abs(v)) < Math.Sqrt(0.5),
            Shape.Triangle => IsInside(u, v, corners: 3, waist: Math.Cos(Math.PI / 3)),
            Shape.Star => IsInside(u, v, corners: 5, waist: 0.45),
            _ => Math.Min(Math.Abs(u), Math.Abs(v)) < 0.28 && Math.Max(Math.Abs(u), Math.Abs(v)) < 0.96,
        };
    }

    /// <summary>Whether a point is in a polygon whose rim goes in straight lines from a corner at 1 to a waist, halfway to the next corner, and out again.</summary>
    private static bool IsInside(double u, double v, int corners, double waist)
    {
        var sector = Math.PI / corners;
        var angle = Math.Abs(Math.IEEERemainder(Math.Atan2(v, u), 2 * sector));
        var (along, across) = (Math.Sqrt(u * u + v * v) * Math.Cos(angle), Math.Sqrt(u * u + v * v) * Math.Sin(angle));
        var (waistAlong, waistAcross) = (waist * Math.Cos(sector), waist * Math.Sin(sector));
        return (along - 1) * waistAcross < across * (waistAlong - 1);
    }

    /// <summary>A light shape on a dark ground, each of any colour.</summary>
    private static (double[] Background, double[] Paint) Colours(Random random)
    {
        return (Colour(0, 130), Colour(110, 255));

        double[] Colour(double from, double to) => [.. Enumerable.Range(0, 3).Select(_ => from + (to - from) * random.NextDouble())];
    }

    // Box and Muller (1958).
    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
