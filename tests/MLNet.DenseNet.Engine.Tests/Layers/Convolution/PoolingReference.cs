namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Pooling as it is defined, in float64: every window is looked at value by value.</summary>
/// <param name="Input">An image or a sequence.</param>
/// <param name="Size">The window's height and width.</param>
/// <param name="Stride">The same of its stride.</param>
/// <param name="IsSame">Whether the edges are padded.</param>
internal sealed record PoolingReference(Shape Input, (int Height, int Width) Size, (int Height, int Width) Stride, bool IsSame)
{
    private int Height => Input.Dimensions.Length == 3 ? Input.Dimensions[0] : 1;

    private int Width => Input.Dimensions[^2];

    private int Channels => Input.Dimensions[^1];

    public double[] Max(double[] x, int rows) => Pool(x, rows, Enumerable.Max);

    public double[] Average(double[] x, int rows) => Pool(x, rows, Enumerable.Average);

    private double[] Pool(double[] x, int rows, Func<IEnumerable<double>, double> of)
    {
        var y = new List<double>();
        for (var row = 0; row < rows; row++)
        {
            foreach (var down in Windows(Height, Size.Height, Stride.Height))
            {
                foreach (var across in Windows(Width, Size.Width, Stride.Width))
                {
                    for (var c = 0; c < Channels; c++)
                        y.Add(of(down.SelectMany(i => across.Select(j => x[((row * Height + i) * Width + j) * Channels + c]))));
                }
            }
        }

        return [.. y];
    }

    /// <summary>The positions inside that each window sees. Padding is as Keras documents it for "same".</summary>
    private List<List<int>> Windows(int length, int size, int stride)
    {
        // A sequence has one row, over which nothing moves.
        if (Input.Dimensions.Length == 2 && length == 1 && Width != 1)
            return [[0]];
        var count = IsSame ? (int)Math.Ceiling((double)length / stride) : (int)Math.Ceiling((double)(length - size + 1) / stride);
        var padding = IsSame ? Math.Max((count - 1) * stride + size - length, 0) : 0;
        return [.. Enumerable.Range(0, count).Select(o => Enumerable.Range(o * stride - padding / 2, size).Where(i => i >= 0 && i < length).ToList())];
    }
}
