using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>No kernel reads or writes past the end of its arrays: each ends at a page that may not be touched.</summary>
public class GuardPageTests
{
    public static bool IsSupported => GuardedMemory.IsSupported;

    public static TheoryData<string> Shapes => ProductShapes.Names;

    [Theory(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    [MemberData(nameof(Shapes))]
    public void Products_stay_within_their_arrays(string shapes)
    {
        using var team = new ThreadTeam(3, adapts: false);
        Assert.All(ProductShapes.All[shapes], shape => CheckProducts(shape, team));
    }

    /// <summary>The rows of a batch may lie in any order: the first one here ends at the guard page.</summary>
    [Theory(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    [InlineData("tiles")]
    [InlineData("blocks of few rows")]
    [InlineData("work for three threads")]
    public unsafe void Products_of_rows_in_another_order_stay_within_their_arrays(string shapes)
    {
        using var team = new ThreadTeam(3, adapts: false);
        foreach (var (rows, inner, columns) in ProductShapes.All[shapes].Where(shape => shape is { Rows: > 1, Inner: > 0, Columns: > 0 }))
        {
            using var left = new GuardedMemory(Samples.Numbers(rows * inner, seed: 1));
            using var right = new GuardedMemory(Samples.Numbers(inner * columns, seed: 2));
            using var products = new GuardedMemory(new float[rows * columns]);
            using var gradient = new GuardedMemory(new float[inner * columns]);
            nint[] offsets = [.. Enumerable.Range(0, rows).Select(row => (nint)(rows - 1 - row) * inner)];
            var inOrder = new float[rows * inner];
            for (var row = 0; row < rows; row++)
                left.Span.Slice((int)offsets[row], inner).CopyTo(inOrder.AsSpan(row * inner));
            var (expected, expectedGradient) = (new float[rows * columns], new float[inner * columns]);
            SpanKernels.Multiply(inOrder, right.Span, [], expected, rows, inner, columns);
            SpanKernels.MultiplyTransposedLeft(inOrder, expected, expectedGradient, inner, rows, columns);
            fixed (float* elements = left.Span)
            fixed (nint* starts = offsets)
            {
                var scattered = new MatrixRows(elements, starts, rows, inner);
                foreach (var crew in Crews(new ProductShape(rows, inner, columns), team))
                {
                    MatrixProduct.Multiply(scattered, right.Span, [], products.Span, columns, default(NoWork), crew);
                    Assert.True(products.Span.SequenceEqual(expected));
                    MatrixProduct.MultiplyTransposedLeft(scattered, products.Span, gradient.Span, columns, MatrixProduct.Shares(inner, rows, columns, crew), default(NoWork), crew);
                    Assert.True(gradient.Span.SequenceEqual(expectedGradient));
                }
            }
        }
    }

    /// <summary>A product whose gradient is applied as it is computed: each value comes once, and what is applied ends at the guard page.</summary>
    [Theory(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    [InlineData("tiles")]
    [InlineData("columns that are packed")]
    [InlineData("work for three threads")]
    [InlineData("work for many threads")]
    public unsafe void Fused_updates_stay_within_their_arrays(string shapes)
    {
        using var team = new ThreadTeam(3, adapts: false);
        foreach (var shape in ProductShapes.All[shapes].Where(shape => shape is { Rows: > 0, Inner: > 0, Columns: > 0 }))
        {
            var (rows, inner, columns) = shape;
            var outputs = Samples.Numbers(rows * columns, seed: 4);
            using var left = new GuardedMemory(shape.Left.Span);
            using var right = new GuardedMemory(outputs);
            using var gradient = new GuardedMemory(new float[inner * columns]);
            var expected = new float[inner * columns];
            SpanKernels.MultiplyTransposedLeft(shape.Left.Span, outputs, expected, inner, rows, columns);
            foreach (var crew in Crews(new ProductShape(inner, rows, columns), team))
            {
                using var applied = new GuardedMemory([.. Enumerable.Repeat(float.NaN, inner * columns)]);
                var shares = MatrixProduct.Shares(inner, rows, columns, crew);
                fixed (float* elements = left.Span)
                    MatrixProduct.MultiplyTransposedLeft(new MatrixRows(elements, rows, inner), right.Span, gradient.Span, columns, in shares, default(NoWork), crew, new GradientTarget(new Applying(applied), Offset: 0, IsDecayed: false));
                Assert.True(applied.Span.SequenceEqual(expected));
            }
        }
    }

    /// <summary>The matrix that <see cref="Muon"/> changes as a whole, wide, tall and square.</summary>
    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public void Orthogonalized_matrices_stay_within_their_arrays()
    {
        using var team = new ThreadTeam(3, adapts: false);
        foreach (var (rows, columns) in ((int, int)[])[(2, 2), (2, 70), (70, 2), (15, 16), (33, 31), (48, 49), (65, 129), (300, 64), (64, 300)])
        {
            var values = Samples.Numbers(rows * columns, seed: rows);
            using var matrix = new GuardedMemory(values);
            new Orthogonalization(values.Length, Math.Min(rows, columns)).Run(matrix.Span, rows, columns, iterations: 3, team);
            new Orthogonalization(values.Length, Math.Min(rows, columns)).Run(values, rows, columns, iterations: 3, team: null);
            Assert.True(matrix.Span.SequenceEqual(values));
        }
    }

    /// <summary>Takes each value once.</summary>
    private sealed unsafe class Applying(GuardedMemory applied) : IFusedUpdate
    {
        public void Apply(float* gradient, int first, int length, bool isDecayed)
        {
            var values = applied.Span.Slice(first, length);
            foreach (var value in values)
            {
                if (!float.IsNaN(value))
                    throw new InvalidOperationException("A value came twice.");
            }

            new ReadOnlySpan<float>(gradient, length).CopyTo(values);
        }
    }

    /// <summary>The caller alone, and the team where there is work for it.</summary>
    private static ThreadTeam?[] Crews(ProductShape shape, ThreadTeam team) => MatrixProduct.Threads(shape.Rows, shape.Inner, shape.Columns, team) > 1 ? [null, team] : [null];

    private static void CheckProducts(ProductShape shape, ThreadTeam team)
    {
        var (rows, inner, columns) = shape;
        using var left = new GuardedMemory(shape.Left.Span);
        using var right = new GuardedMemory(shape.Right.Span);
        using var bias = new GuardedMemory(shape.Bias.Span);
        using var result = new GuardedMemory(new float[rows * columns]);
        var expected = new float[rows * columns];
        foreach (var kernel in MatrixKernel.All)
        {
            kernel.Run(shape.Left.Span, shape.Right.Span, shape.Bias.Span, expected, rows, inner, columns, null);
            foreach (var crew in Crews(shape, team))
            {
                kernel.Run(left.Span, right.Span, bias.Span, result.Span, rows, inner, columns, crew);
                Assert.True(result.Span.SequenceEqual(expected));
            }
        }
    }

    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public unsafe void Products_of_sparse_rows_stay_within_their_arrays()
    {
        foreach (var shape in ProductShapes.OfSparseRows)
        {
            // The last column is touched, so the last row of the weights and of each panel is read; of the gradient, all rows are written.
            var (rowCount, inputs, columns) = shape;
            var features = SparseSamples.Store(shape.Left.ToArray(), inputs);
            using var values = new GuardedMemory(features.Values.Span);
            using var indices = new GuardedMemory(MemoryMarshal.Cast<int, float>(features.Columns.Span));
            using var starts = new GuardedMemory(MemoryMarshal.Cast<int, float>(features.RowStarts.Span));
            using var weights = new GuardedMemory(shape.Right.Span);
            using var bias = new GuardedMemory(shape.Bias.Span);
            using var outputs = new GuardedMemory(new float[rowCount * columns]);
            using var state = new GuardedMemory(new float[inputs * columns]);
            fixed (float* x = values.Span, c = indices.Span, s = starts.Span)
            {
                var rows = new CsrMatrix(x, (int*)c, (int*)s, (int*)s + 1, rowCount, inputs);
                SparseDenseProduct.Multiply(rows, weights.Span, bias.Span, outputs.Span, columns, default(NoWork));
                var view = new CscView();
                view.Build(rows);
                SparseDenseProduct.MultiplyTransposedLeft(view, outputs.Span, weights.Span, inputs, columns, WorkShares.Whole(view.Count, columns));
                for (var column = 0; column < columns; column += PanelLayout.Width)
                {
                    var width = PanelLayout.Stride(columns, column);
                    var panel = new Range((int)PanelLayout.Start(inputs, column), (int)PanelLayout.Start(inputs, column) + inputs * width);
                    var touched = new TouchedRows(view.Columns, view.Count, width);
                    new AdaGrad().Step(new OptimizerStep(1, 0.1f, 0.1f, weights.Span[panel], weights.Span[panel], state.Span[panel], [], touched));
                }
            }
        }
    }

    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public void Functions_of_every_length_stay_within_their_arrays()
    {
        for (var length = 1; length <= 256; length++)
        {
            using var x = new GuardedMemory(Samples.Numbers(length, seed: length));
            using var y = new GuardedMemory(new float[length]);
            using var sums = new GuardedMemory(new float[length]);
            foreach (var activation in Samples.Activations.Values)
            {
                activation.Forward(x.Span, y.Span, units: length);
                activation.Backward(x.Span, y.Span, units: length);
            }

            foreach (var optimizer in Samples.Optimizers.Values)
            {
                using var state = new GuardedMemory(new float[length]);
                using var secondState = new GuardedMemory(new float[length]);
                optimizer.Step(new OptimizerStep(1, 0.1f, 0, y.Span, x.Span, state.Span, secondState.Span));
            }

            // One row with a stride of 1: the tightest layout there is.
            foreach (var loss in Samples.Losses.Values.Where(loss => (loss.Outputs ?? length) == length && (length > 1 || loss is not (SoftmaxCrossEntropy or MulticlassHingeLoss))))
                loss.Evaluate(x.Span, y.Span, scale: 1, sums.Span);

            RandomMask.Apply(RandomBitsTests.MaskWords(length), RandomMask.Values / 2, 2, x.Span, sums.Span);
            SpanKernels.SumRows(x.Span, sums.Span, rows: 1);
            Assert.Equal(x.Span.ToArray(), sums.Span.ToArray());
            Assert.True(FiniteValues.All(x.Span));
        }
    }

    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public unsafe void Varied_rows_of_every_length_stay_within_their_arrays()
    {
        for (var width = 1; width <= 70; width++)
        {
            var height = width % 5 + 1;
            using var source = new GuardedMemory(Samples.Numbers(width * height, seed: width));
            using var destination = new GuardedMemory(new float[width * height]);
            using var scratch = new GuardedMemory(new float[BilinearSampling.ScratchLength(width, height)]);
            fixed (float* from = source.Span, to = destination.Span, between = scratch.Span)
            {
                foreach (var placement in (ImagePlacement[])[
                    new(0, 0, false, false), new(width / 3, -1, false, false), new(-width / 3, 1, true, true), new(0, 0, true, false, 0.1, 0.9), new(1, 0, false, false, -0.9, 3)])
                    placement.Apply(from, to, width, height, outside: 1, between);
                NormalNoise.Add(to, from, width * height, new RandomBits(1, 2), position: 0);
                RowMixing.Run(from, from, 0.5f, to, width * height);
            }

            Assert.Equal(source.Span.ToArray(), destination.Span.ToArray());
        }
    }

    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public unsafe void Sums_of_matrices_of_every_length_stay_within_their_arrays()
    {
        const int Rows = 3;
        for (var columns = 1; columns <= 100; columns++)
        {
            using var left = new GuardedMemory(Samples.Numbers(Rows * columns, seed: 1));
            using var right = new GuardedMemory(Samples.Numbers(Rows * columns, seed: 2));
            using var sum = new GuardedMemory(new float[Rows * columns]);
            nint[] offsets = [2 * columns, 0, columns];
            fixed (float* x = left.Span, y = right.Span, z = sum.Span)
            fixed (nint* starts = offsets)
            {
                MatrixSum.Run(x, new MatrixRows(y, Rows, columns), z, saturates: false, team: null);
                Assert.Equal(left.Span.ToArray().Zip(right.Span.ToArray(), (a, b) => a + b), sum.Span.ToArray());
                MatrixSum.Run(x, new MatrixRows(y, starts, Rows, columns), z, saturates: true, team: null);
                Assert.Equal(left.Span[^1] + right.Span[2 * columns - 1], sum.Span[^1]);
            }
        }
    }
}
