using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

namespace CatsAndDogs;

/// <summary>Shows one image to a single filter, which knows nothing yet, and to a pooling behind it; the sums printed are held to those of the engine.</summary>
internal sealed class OneConvolution(AnimalImage image)
{
    private const int Kernel = 3;
    private const int Pool = 2;
    private const int Places = AnimalImage.Size - Kernel + 1;
    private const int Pooled = Places / Pool;

    private readonly Network _network = Network.Create(
        new Shape(AnimalImage.Size, AnimalImage.Size, 1), [new ConvolutionLayer(filters: 1, Kernel, activation: Activation.ReLU), new MaxPoolingLayer(Pool)], seed: 2);

    private readonly EngineCheck _engine = new();

    /// <returns>Whether the engine came to the same numbers.</returns>
    public bool Explain()
    {
        var (weights, bias) = (_network.Parameters[0].ToArray(), _network.Parameters[1].ToArray()[0]);
        using var workspace = _network.CreateWorkspace(maxRows: 1);
        var pooled = _network.Forward(image.Pixels, workspace).ToArray();
        var map = workspace.Output(0).ToArray();

        Console.WriteLine($"A dense layer has a weight for each pixel, and has to learn an ear anew for each place where one may be. A convolution is a filter of {Kernel} x {Kernel} weights that goes over the image:");
        Console.WriteLine("what it learned in one place it knows in all. The filter, whose weights are random at first:");
        for (var row = 0; row < Kernel; row++)
            Console.WriteLine("  " + string.Join(" ", weights[(row * Kernel)..((row + 1) * Kernel)].Select(weight => $"{weight,7:F4}")));

        // Two places side by side, the first where the filter answers most.
        var best = Array.IndexOf(map, map.Max());
        var (y, x) = (best / Places, Math.Min(best % Places, Places - 2));
        Console.WriteLine($"Laid on the image with its upper left corner on row {y + 1}, column {x + 1}, each weight times the pixel under it, summed up, and its bias; what is negative becomes 0 (ReLU):");
        ShowPlace(y, x, weights, bias, map);
        Console.WriteLine("One pixel to the right, with the same weights:");
        ShowPlace(y, x + 1, weights, bias, map);

        for (var place = 0; place < map.Length; place++)
            _engine.Check(Math.Max(0, Sum(place / Places, place % Places, weights, bias)), map[place]);
        Console.WriteLine($"It has {Places} x {Places} places, and so many numbers come out: a map of where the image is what the filter looks for, here by chance dark above light, the upper rim of the head.");
        TextDrawing.Print(map, Places, map.Max());

        for (var i = 0; i < pooled.Length; i++)
            _engine.Check(Corner(map, i / Pooled, i % Pooled).Max(), pooled[i]);
        var largest = Array.IndexOf(pooled, pooled.Max());
        Console.WriteLine($"Max-pooling keeps the largest of each {Pool} x {Pool} of them: where something was found is told less exactly, in a quarter of the numbers, so that a head a little further to the side looks the same.");
        Console.WriteLine($"  row {largest / Pooled + 1}, column {largest % Pooled + 1}: max({string.Join(", ", Corner(map, largest / Pooled, largest % Pooled).Select(value => $"{value:F4}"))}) = {pooled[largest]:F4}");
        Console.WriteLine($"{Pooled} x {Pooled} numbers are left:");
        TextDrawing.Print(pooled, Pooled, pooled.Max());
        Console.WriteLine($"The filter has {_network.ParameterCount} weights and biases. A network has many such filters, and further ones behind them that look at the maps of the first.");
        return _engine.IsRight;
    }

    private void ShowPlace(int y, int x, float[] weights, float bias, float[] map)
    {
        for (var row = 0; row < Kernel; row++)
            Console.WriteLine("  " + (row == 0 ? "  " : "+ ") + string.Join(" + ", Enumerable.Range(0, Kernel).Select(column => $"{Pixel(y + row, x + column):F4} * {weights[row * Kernel + column]:F4}")));
        var sum = Sum(y, x, weights, bias);
        Console.WriteLine($"  + {bias:F4} = {sum:F4}, and ReLU({sum:F4}) = {_engine.Check(Math.Max(0, sum), map[y * Places + x]):F4}");
    }

    private double Sum(int y, int x, float[] weights, float bias) =>
        Enumerable.Range(0, Kernel * Kernel).Sum(i => (double)Pixel(y + i / Kernel, x + i % Kernel) * weights[i]) + bias;

    private float Pixel(int y, int x) => image.Pixels[y * AnimalImage.Size + x];

    /// <summary>The numbers of the map that a pooling looks at.</summary>
    private static IEnumerable<float> Corner(float[] map, int y, int x) =>
        Enumerable.Range(0, Pool * Pool).Select(i => map[(Pool * y + i / Pool) * Places + Pool * x + i % Pool]);
}
