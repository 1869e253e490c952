using MLNet.DenseNet.Engine.Numerics;
using MLNet.DenseNet.Engine.Tests.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class PoolingLayerTests
{
    private const float NaN = float.NaN;

    /// <summary>Windows side by side, overlapping and apart, with and without a rest; channels of all vector widths.</summary>
    public static TheoryData<int[], int[], int[], Padding> Windows => new()
    {
        { [4, 6, 1], [2, 2], [2, 2], Padding.Valid },
        { [5, 7, 3], [2, 2], [2, 2], Padding.Valid },
        { [5, 7, 3], [2, 2], [2, 2], Padding.Same },
        { [6, 4, 33], [2, 2], [2, 2], Padding.Same },
        { [5, 6, 33], [3, 3], [2, 2], Padding.Valid },
        { [5, 6, 5], [3, 3], [2, 2], Padding.Same },
        { [6, 5, 3], [3, 2], [1, 1], Padding.Valid },
        { [6, 5, 16], [2, 3], [1, 2], Padding.Same },
        { [7, 8, 2], [1, 2], [3, 4], Padding.Valid },
        { [7, 8, 4], [2, 1], [3, 3], Padding.Same },
        { [4, 5, 7], [4, 5], [1, 1], Padding.Valid },
        { [3, 3, 1], [7, 5], [2, 1], Padding.Same },
        { [5, 5, 3], [1, 1], [1, 1], Padding.Valid },
        { [5, 5, 3], [1, 1], [2, 2], Padding.Same },
        { [4, 6, 3], [2, 2], [2, 3], Padding.Valid },
        { [1, 1, 3], [1, 1], [1, 1], Padding.Valid },
        { [9, 3], [3, 3], [2, 2], Padding.Same },
        { [10, 17], [3, 3], [3, 3], Padding.Valid },
        { [1, 2], [1, 1], [1, 1], Padding.Valid },
    };

    public static TheoryData<int[]> Inputs => [(int[])[4, 6, 1], (int[])[3, 5, 33], (int[])[1, 1, 3], (int[])[9, 3], (int[])[1, 5]];

    public static bool HasGuardPages => GuardedMemory.IsSupported;

    [Theory]
    [MemberData(nameof(Windows))]
    public void Max_pooling_agrees_with_its_reference(int[] shape, int[] size, int[] stride, Padding padding) =>
        new LayerCheck(new MaxPoolingLayer(Size(size), Size(stride), padding), new Shape(shape), (x, rows, _) => Reference(shape, size, stride, padding).Max(x, rows)).Run();

    [Theory]
    [MemberData(nameof(Windows))]
    public void Average_pooling_agrees_with_its_reference(int[] shape, int[] size, int[] stride, Padding padding) =>
        new LayerCheck(new AveragePoolingLayer(Size(size), Size(stride), padding), new Shape(shape), (x, rows, _) => Reference(shape, size, stride, padding).Average(x, rows)).Run();

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Global_pooling_agrees_with_the_reference_of_a_window_of_all(int[] shape)
    {
        int[] all = [shape.Length == 3 ? shape[0] : shape[^2], shape[^2]];
        new LayerCheck(new GlobalMaxPoolingLayer(), new Shape(shape), (x, rows, _) => Reference(shape, all, all, Padding.Valid).Max(x, rows)).Run();
        new LayerCheck(new GlobalAveragePoolingLayer(), new Shape(shape), (x, rows, _) => Reference(shape, all, all, Padding.Valid).Average(x, rows)).Run();
        Assert.Equal(shape[^1], Network.Create(new Shape(shape), [new GlobalMaxPoolingLayer()], seed: 1).OutputShape);
    }

    /// <summary>Enough for several threads.</summary>
    [Fact]
    public void A_large_batch_agrees_too()
    {
        Shape shape = new(16, 12, 8);
        var x = Samples.Numbers(40 * shape.Size, seed: 1);
        foreach (var (layer, expected) in (ReadOnlySpan<(Layer, Func<double[], int, double[]>)>)[
            (new MaxPoolingLayer(2), Reference([16, 12, 8], [2, 2], [2, 2], Padding.Valid).Max), (new AveragePoolingLayer(2), Reference([16, 12, 8], [2, 2], [2, 2], Padding.Valid).Average)])
        {
            var network = Network.Create(shape, [layer], seed: 1);
            using var workspace = network.CreateWorkspace(40, threads: 3);
            var y = network.Forward(x, workspace).ToArray();
            Assert.All(y.Zip(expected(Array.ConvertAll(x, value => (double)value), 40)), pair => Tolerance.Check(pair.Second, pair.First, roundings: 4, magnitude: 1));
        }
    }

    [Fact]
    public void Ties_go_to_the_first_tap_down_then_across()
    {
        // Windows of 2 x 2: all equal; the right column; the lower row; the diagonal.
        float[] x = [5, 5, 1, 7, /**/ 5, 5, 1, 7, /**/ 0, 0, -2, -3, /**/ 2, 2, -3, -2];
        Assert.Equal([5, 7, 2, -2], Pass(new MaxPoolingLayer(2), new(4, 4, 1), x, [1, 2, 3, 4], out var dx));
        Assert.Equal([1, 0, 0, 2, /**/ 0, 0, 0, 0, /**/ 0, 0, 4, 0, /**/ 3, 0, 0, 0], dx);
        Assert.Equal([7], Pass(new GlobalMaxPoolingLayer(), new(4, 4, 1), x, [1], out dx));
        Assert.Equal(3, Array.IndexOf(dx, 1f));
        Assert.Equal(15, dx.Count(value => value == 0));
    }

    [Fact]
    public void A_value_that_wins_in_several_windows_takes_the_gradients_of_all()
    {
        Assert.Equal([2, 2, 9, 9, 9], Pass(new MaxPoolingLayer(3, 1, Padding.Same), new(5, 1), [1, 2, 0, 9, 4], [1, 10, 100, 1000, 10000], out var dx));
        Assert.Equal([0, 11, 0, 11100, 0], dx);
    }

    /// <summary>Zeros, as some libraries pad, would win over negative values.</summary>
    [Fact]
    public void Padded_positions_never_win_and_do_not_count()
    {
        Assert.Equal([-1, -3, -3], Pass(new MaxPoolingLayer(2, 1, Padding.Same), new(3, 1), [-1, -4, -3], [1, 1, 1], out _));
        Assert.Equal([2, 4, 5], Pass(new AveragePoolingLayer(2, 1, Padding.Same), new(3, 1), [1, 3, 5], [2, 2, 2], out var shares));
        Assert.Equal([1, 2, 3], shares);
        Assert.Equal([float.NegativeInfinity], Pass(new MaxPoolingLayer(3, 3, Padding.Same), new(1, 1), [float.NegativeInfinity], [3], out var dx));
        Assert.Equal([3], dx);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(37)]
    public void Not_a_number_is_not_lost_wherever_it_is_in_a_window(int channels)
    {
        foreach (var size in (int[])[2, 3])
        {
            for (var tap = 0; tap < size * size; tap++)
            {
                var x = Samples.Numbers(2 * size * size * channels, seed: 1);
                for (var c = 0; c < channels; c++)
                    x[(tap / size * 2 * size + tap % size) * channels + c] = NaN;
                foreach (var layer in (Layer[])[new MaxPoolingLayer(size), new AveragePoolingLayer(size)])
                {
                    var y = Pass(layer, new(size, 2 * size, channels), x, new float[2 * channels], out _);
                    Assert.All(y[..channels], value => Assert.Equal(NaN, value));
                    Assert.All(y[channels..], value => Assert.True(float.IsFinite(value)));
                }
            }
        }
    }

    [Fact]
    public void Infinities_are_values_like_others()
    {
        const float Infinity = float.PositiveInfinity;
        Assert.Equal([Infinity, -Infinity, 3], Pass(new MaxPoolingLayer(2), new(6, 1), [-Infinity, Infinity, -Infinity, -Infinity, -Infinity, 3], [1, 2, 3], out var dx));
        Assert.Equal([0, 1, 2, 0, 0, 3], dx);
        Assert.Equal([Infinity, NaN], Pass(new AveragePoolingLayer(2), new(4, 1), [1, Infinity, -Infinity, Infinity], [1, 1], out _));
    }

    [Fact]
    public void A_mean_of_the_largest_numbers_is_finite_at_prediction()
    {
        var largest = float.MaxValue;
        foreach (var layer in (Layer[])[new AveragePoolingLayer(3), new GlobalAveragePoolingLayer()])
        {
            var network = Network.Create(new Shape(3, 3, 2), [layer], seed: 1);
            Assert.Equal([largest, -largest], network.Predict([.. Enumerable.Repeat((float[])[largest, -largest], 9).SelectMany(pair => pair)]));
            Assert.Equal([1, NaN], network.Predict([.. Enumerable.Repeat((float[])[1, NaN], 9).SelectMany(pair => pair)]));
        }
    }

    [Fact]
    public void The_stride_is_the_size_by_default()
    {
        var layer = new MaxPoolingLayer(new SpatialSize(2, 3));
        Assert.Equal((new SpatialSize(2, 3), new SpatialSize(2, 3), Padding.Valid), (layer.Size, layer.Stride, layer.Padding));
        var other = new AveragePoolingLayer(3, 2, Padding.Same);
        Assert.Equal((new SpatialSize(3, 3), new SpatialSize(2, 2), Padding.Same), (other.Size, other.Stride, other.Padding));
        Assert.Equal(["Max pooling 2x3", "Average pooling 3, stride 2, same", "Global max pooling", "Global average pooling"],
            ((Layer[])[layer, other, new GlobalMaxPoolingLayer(), new GlobalAveragePoolingLayer()]).Select(kind => kind.ToString()));
    }

    [Fact]
    public void Options_outside_their_ranges_are_refused()
    {
        foreach (var size in (int[])[0, -1, 10_001, int.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>("size", () => new MaxPoolingLayer(size));
            Assert.Throws<ArgumentOutOfRangeException>("size", () => new AveragePoolingLayer(new SpatialSize(1, size)));
            Assert.Throws<ArgumentOutOfRangeException>("stride", () => new MaxPoolingLayer(2, size));
        }

        Assert.Throws<ArgumentOutOfRangeException>("padding", () => new AveragePoolingLayer(2, padding: (Padding)7));
    }

    [Theory]
    [InlineData("Layer 0, Max pooling 4, cannot take 3 x 5 x 1. Its window covers 4 positions down, and there are 3", 3, 5, 1)]
    [InlineData("Layer 0, Max pooling 4, cannot take 3 x 2. Its window covers 4 positions along it, and there are 3", 3, 2)]
    [InlineData("Layer 0, Max pooling 4, cannot take 7. It needs an image, height x width x channels, or a sequence, steps x channels.", 7)]
    public void Shapes_that_do_not_fit_are_told(string message, params int[] shape) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Network.Create(new Shape(shape), [new MaxPoolingLayer(4)], seed: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Global_pooling_needs_positions()
    {
        foreach (var layer in (Layer[])[new GlobalMaxPoolingLayer(), new GlobalAveragePoolingLayer()])
            Assert.Contains($"Layer 1, {layer}, cannot take 5. It needs an image", Assert.Throws<ArgumentException>(() => Network.Create(3, [new DenseLayer(5), layer], seed: 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing is allocated for it, so that a damaged file cannot ask for it either.</summary>
    [Fact]
    public void A_window_of_more_taps_than_float32_tells_apart_is_refused()
    {
        Assert.Contains("at most 16,777,216 positions; this one has 16,777,217", Assert.Throws<ArgumentException>(() => Network.Create(new Shape(16_777_217, 1), [new GlobalMaxPoolingLayer()], seed: 1)).Message, StringComparison.Ordinal);
        Network.Create(new Shape(16_777_216, 1), [new GlobalMaxPoolingLayer()], seed: 1);
        Assert.Throws<ArgumentException>(() => Network.Create(new Shape(10, 10, 1), [new MaxPoolingLayer(10_000, padding: Padding.Same)], seed: 1));
        Network.Create(new Shape(int.MaxValue, 1), [new GlobalAveragePoolingLayer()], seed: 1);
    }

    [Theory(SkipUnless = nameof(HasGuardPages), Skip = "The guard page is laid out by Linux calls.")]
    [MemberData(nameof(Windows))]
    public unsafe void Kernels_stay_within_their_arrays(int[] shape, int[] size, int[] stride, Padding padding)
    {
        var geometry = WindowGeometry.Of(new Shape(shape), Size(size), Size(stride), dilation: 1, padding);
        var (rows, columns) = (PoolingWindow.Numbers(geometry.Rows), PoolingWindow.Numbers(geometry.Columns));
        var (max, average) = (new MaxPooling(rows, columns, geometry.Channels), new AveragePooling(rows, columns, geometry.Channels));
        using var x = new GuardedMemory(Samples.Numbers(new Shape(shape).Size, seed: 1));
        using var y = new GuardedMemory(new float[geometry.OutputPositions * geometry.Channels]);
        using var winners = new GuardedMemory(new float[y.Span.Length]);
        using var dx = new GuardedMemory(new float[x.Span.Length]);
        fixed (float* from = x.Span, to = y.Span, won = winners.Span, gradient = dx.Span)
        {
            average.Forward(from, to, saturates: false);
            average.Backward(to, gradient);
            max.Forward(from, to, null);
            max.Forward(from, to, won);
            max.Backward(won, to, gradient);
        }

        Assert.DoesNotContain(y.Span.ToArray(), value => value == 0);
    }

    private static PoolingReference Reference(int[] shape, int[] size, int[] stride, Padding padding) =>
        new(new Shape(shape), (size[0], size[1]), (stride[0], stride[1]), padding == Padding.Same);

    private static SpatialSize Size(int[] size) => new(size[0], size[1]);

    /// <summary>One row forwards and backwards.</summary>
    private static float[] Pass(Layer layer, Shape shape, float[] x, float[] dy, out float[] dx)
    {
        var network = Network.Create(shape, [layer], seed: 1);
        var workspace = network.CreateWorkspace(1);
        var y = network.Forward(x, workspace, new TrainingStep(1, 0)).ToArray();
        dx = new float[x.Length];
        Array.Fill(dx, NaN);
        unsafe
        {
            fixed (float* elements = x)
            {
                InputRows rows = new MatrixRows(elements, 1, x.Length);
                SinglePass.Backward(network.Passes[0], in rows, y, workspace.Cache(0), workspace.Scratch, dy.ToArray(), dx, new Engine.Gradients(0), new TrainingStep(1, 0));
            }
        }

        return y;
    }
}
