using Microsoft.ML.Data;

namespace CatsAndDogs;

/// <summary>A drawing of a head, grey and noisy: a cat's with pointed ears, or a dog's whose ears hang down.</summary>
internal sealed class AnimalImage
{
    public const int Size = 16;

    // A pixel is the mean of so many points in each direction.
    private const int Samples = 3;
    private const double Noise = 0.1;

    /// <summary>From 0, black, to 1, white; row by row.</summary>
    [VectorType(Size * Size)]
    public float[] Pixels { get; set; } = [];

    public bool IsDog { get; set; }

    /// <summary>What a network learns: 0 for a cat, 1 for a dog.</summary>
    [NoColumn]
    public float Label => IsDog ? 1 : 0;

    /// <summary>No two are the same in place, size, light and noise.</summary>
    public static AnimalImage Draw(bool isDog, Random random)
    {
        var (x, y, radius) = (8 + 3 * (random.NextDouble() - 0.5), 9 + 2 * (random.NextDouble() - 0.5), 3.8 + 1.4 * random.NextDouble());
        var (background, fur) = (0.1 + 0.3 * random.NextDouble(), 0.6 + 0.3 * random.NextDouble());
        var pixels = new float[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            double light = 0;
            for (var sample = 0; sample < Samples * Samples; sample++)
            {
                var u = (i % Size + (sample % Samples + 0.5) / Samples - x) / radius;
                var v = (i / Size + (sample / Samples + 0.5) / Samples - y) / radius;
                light += Light(Math.Abs(u), v, isDog, background, fur) / (Samples * Samples);
            }

            pixels[i] = (float)Math.Clamp(light + Noise * Gaussian(random), 0, 1);
        }

        return new AnimalImage { Pixels = pixels, IsDog = isDog };
    }

    /// <summary>The light at a point that lies u radii to the side of the head's middle, where both sides are the same, and v radii below it.</summary>
    private static double Light(double u, double v, bool isDog, double background, double fur)
    {
        var isEyeOrNose = IsInEllipse(u - 0.4, v + 0.2, 0.17, 0.17) || IsInEllipse(u, v - 0.35, 0.2, 0.14);
        // A pointed ear is a triangle above the head that gets narrower upwards; a floppy one an ellipse beside it.
        var isEar = isDog ? IsInEllipse(u - 1, v - 0.1, 0.33, 0.75) : v is > -1.6 and < -0.4 && Math.Abs(u - 0.65) < 0.42 * (v + 1.6) / 1.2;
        return isEyeOrNose ? 0 : isEar ? 0.75 * fur : IsInEllipse(u, v, 1, 1) ? fur : background;
    }

    private static bool IsInEllipse(double u, double v, double width, double height) => u * u / (width * width) + v * v / (height * height) < 1;

    // Box and Muller (1958).
    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
