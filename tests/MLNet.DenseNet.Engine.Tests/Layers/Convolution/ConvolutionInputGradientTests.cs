using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class ConvolutionInputGradientTests
{
    public static TheoryData<int, int, int, Padding, int> Axes => new MatrixTheoryData<int, int, int, Padding, int>([1, 2, 7, 12], [1, 2, 5, 9], [1, 2, 3, 8, 15], [Padding.Valid, Padding.Same], [1, 2, 5]);

    [Theory]
    [MemberData(nameof(Axes))]
    public void Phases_hold_all_that_a_window_sees(int input, int window, int stride, Padding padding, int dilation)
    {
        if (padding == Padding.Valid && (window - 1) * dilation >= input)
            return;
        var axis = WindowAxis.Of(input, window, stride, dilation, padding, "");
        var phases = AxisPhase.Of(axis);
        var seen = from phase in phases
                   from index in Enumerable.Range(0, phase.Count)
                   from tap in Enumerable.Range(0, phase.WindowPositions.Length)
                   select (Position: phase.First + index * phase.Step, Tap: phase.WindowPositions[tap], Output: phase.FirstOutput + index - phase.Distances[tap]);
        var expected = from output in Enumerable.Range(0, axis.Output)
                       from tap in Enumerable.Range(0, window)
                       let position = output * stride + tap * dilation - axis.Before
                       where position >= 0 && position < input
                       select (position, tap, output);
        Assert.Equal(expected.Order(), seen.Where(see => see.Output >= 0 && see.Output < axis.Output).Order());
        Assert.All(phases, phase => Assert.NotEmpty(phase.WindowPositions));
        Assert.Equal((Math.Max(0, -seen.Select(see => see.Output).DefaultIfEmpty(0).Min()), Math.Max(0, seen.Select(see => see.Output).DefaultIfEmpty(-1).Max() + 1 - axis.Output)), AxisPhase.Border(axis));
    }

    /// <summary>A saved network of some hundred bytes whose stride is as large as its image: nearly no pixel is seen.</summary>
    [Fact]
    public void A_large_stride_takes_no_tables_for_what_nobody_sees()
    {
        var saved = new MemoryStream();
        Network.Create(new Shape(2000, 2000, 1), [new ConvolutionLayer(16, 1), new ConvolutionLayer(1, 1, stride: 2000), new DenseLayer(1)], seed: 1).Save(saved);
        Assert.InRange(saved.Length, 0, 500);
        saved.Position = 0;
        Assert.InRange(Allocated(() => Network.Load(saved)), 0, 100_000_000);
    }

    [Fact]
    public void Shapes_are_computed_without_the_phases() =>
        Assert.InRange(Allocated(() => Network.Create(new Shape(20_000, 1), [new ConvolutionLayer(1, 10_000, stride: 10_000), new DenseLayer(1)], seed: 1)), 0, 4_000_000);

    /// <summary>As many positions as are scattered in several blocks, which begin in the middle of rows and of images.</summary>
    [Theory]
    [InlineData(20, 3, 9, 2, 1, 1)]
    [InlineData(40, 3, 9, 4, 1, 1)]
    [InlineData(60, 5, 9, 2, 2, 1)]
    [InlineData(40, 3, 9, 2, 1, 2)]
    public unsafe void The_gradient_of_many_positions_agrees_with_a_naive_one(int size, int channels, int kernel, int filters, int stride, int dilation)
    {
        const int Rows = 7;
        var layer = new ConvolutionLayer(filters, kernel, stride, Padding.Same, dilation);
        var network = Network.Create(new Shape(size, size, channels), [layer], seed: 1);
        var axis = WindowAxis.Of(size, kernel, stride, dilation, Padding.Same, "");
        var random = new Random(1);
        var (x, dx) = (new AlignedBuffer(Rows * size * size * channels), new AlignedBuffer(Rows * size * size * channels));
        var dy = new AlignedBuffer(Rows * axis.Output * axis.Output * filters);
        foreach (ref var value in dy.Span)
            value = random.NextSingle() - 0.5f;
        var given = dy.Span.ToArray();
        dx.Span.Fill(float.NaN);
        var workspace = network.CreateWorkspace(Rows);
        workspace.Rows = Rows;
        InputRows rows = new MatrixRows(x.Pointer, Rows, size * size * channels);
        var step = new TrainingStep(1, 0);
        NetworkPass.Run(network, in rows, workspace, step, null);
        var gradients = new Engine.Gradients(network.TrainedLength);
        gradients.Begin();
        SinglePass.Backward(network.Passes[0], in rows, workspace.Output(0), workspace.Cache(0), workspace.Scratch, dy.Span, dx.Span, gradients, step);

        var weights = network.Parameters[0].ToArray();
        var expected = new double[dx.Span.Length];
        for (var i = 0; i < given.Length; i++)
        {
            var (filter, ox, oy, row) = (i % filters, i / filters % axis.Output, i / filters / axis.Output % axis.Output, i / filters / axis.Output / axis.Output);
            for (var tap = 0; tap < kernel * kernel; tap++)
            {
                var (iy, ix) = (oy * stride + tap / kernel * dilation - axis.Before, ox * stride + tap % kernel * dilation - axis.Before);
                for (var channel = 0; channel < channels && iy >= 0 && iy < size && ix >= 0 && ix < size; channel++)
                    expected[((row * size + iy) * size + ix) * channels + channel] += given[i] * (double)weights[(tap * channels + channel) * filters + filter];
            }
        }

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], dx.Span[i], 1e-5);
    }

    /// <summary>The bytes that something allocates, on a thread that has no memory of its own yet.</summary>
    private static long Allocated(Action action)
    {
        var bytes = 0L;
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        return bytes;
    }
}
