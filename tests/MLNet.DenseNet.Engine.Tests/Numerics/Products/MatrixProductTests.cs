using CsCheck;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>Every product against plain loops in float64.</summary>
public class MatrixProductTests
{
    public static TheoryData<string> Shapes => ProductShapes.Names;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_agree_with_float64(string shapes) => Array.ForEach(ProductShapes.All[shapes], CheckAll);

    [Fact]
    public void Products_agree_with_float64_for_any_size() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 200], Gen.Int[1, 80]).Sample((rows, inner, columns) => CheckAll(new ProductShape(rows, inner, columns)), iter: 200);

    [Fact]
    public void Sum_of_rows_agrees_with_float64_at_every_length()
    {
        for (var length = 0; length <= 256; length++)
        {
            foreach (var other in (int[])[0, 1, 7, 33])
            {
                CheckSumOfRows(rows: length, columns: other);
                CheckSumOfRows(rows: other, columns: length);
            }
        }
    }

    /// <summary>A part that one thread computes is the same as in the whole result, and nothing beside it is written.</summary>
    [Fact]
    public unsafe void A_part_of_a_product_is_all_that_is_written()
    {
        foreach (var shape in ProductShapes.OfEveryKind)
        {
            var (rows, inner, columns) = shape;
            var (left, right) = (shape.Left.ToArray(), shape.Right.ToArray());
            var whole = new float[rows * columns];
            SpanKernels.Multiply(left, right, [], whole, rows, inner, columns);
            foreach (var part in (MatrixPart[])[new(0, rows, 32, columns), new(1, rows - 1, 0, 32), new(rows / 2, rows, 32, Math.Min(64, columns))])
            {
                var result = new float[whole.Length];
                Array.Fill(result, float.NaN);
                fixed (float* a = left, b = right, c = result)
                {
                    new MacroKernel(
                        new MatrixRows(a, rows, inner), isATransposed: false, new MatrixColumns(b, inner, columns, isInPanels: true), isBTransposed: false,
                        null, new MatrixColumns(c, rows, columns, isInPanels: false)).Do(part);
                }

                for (var i = 0; i < result.Length; i++)
                {
                    var (row, column) = (i / columns, i % columns);
                    var isInside = row >= part.FirstRow && row < part.EndRow && column >= part.FirstColumn && column < part.EndColumn;
                    Assert.Equal(isInside ? whole[i] : float.NaN, result[i]);
                }
            }
        }
    }

    /// <summary>Columns that nobody reads are left out, by any number of threads, and all others are what they are with them.</summary>
    [Fact]
    public void Unread_columns_of_an_input_gradient_are_left_out()
    {
        using var team = new ThreadTeam(3);
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(9, 5, 100), (70, 64, 131), (200, 33, 600)])
        {
            var (gradient, weights) = (Samples.Numbers(rows * inner, seed: 1), Samples.Numbers(columns * inner, seed: 2));
            var whole = new float[rows * columns];
            SpanKernels.MultiplyTransposedRight(gradient, weights, whole, rows, inner, columns);
            var units = (columns + PanelLayout.UnreadUnit - 1) / PanelLayout.UnreadUnit;
            foreach (bool[] unread in (bool[][])[[.. Samples.Numbers(units, seed: 3).Select(value => value > 0)], [.. Enumerable.Repeat(true, units)], new bool[units]])
            {
                foreach (var threads in (ThreadTeam?[])[null, team])
                {
                    var result = new float[whole.Length];
                    Array.Fill(result, float.NaN);
                    SpanKernels.MultiplyTransposedRight(gradient, weights, result, rows, inner, columns, threads, unread);
                    for (var i = 0; i < result.Length; i++)
                        Assert.True(unread[i % columns / PanelLayout.UnreadUnit] || result[i] == whole[i]);
                    Assert.Equal(unread.Contains(true), result.Contains(float.NaN));
                }
            }
        }
    }

    /// <summary>What the result held in each row and column is what its sums start from.</summary>
    [Fact]
    public unsafe void A_product_accumulates_onto_its_result()
    {
        const int Inner = 7;
        foreach (var (rows, columns) in ((int, int)[])[(1, 40), (2, 3), (5, 33), (19, 77)])
        {
            var (left, right, before) = (Samples.Numbers(rows * Inner, seed: 1), Samples.Numbers(Inner * columns, seed: 2), Samples.Numbers(rows * columns, seed: 3));
            var (panels, result) = (new float[right.Length], before.ToArray());
            PanelLayout.FromRowMajor(right, panels, columns);
            fixed (float* a = left, b = panels, c = result)
            {
                new MacroKernel(
                    new MatrixRows(a, rows, Inner), isATransposed: false, new MatrixColumns(b, Inner, columns, isInPanels: true), isBTransposed: false,
                    null, new MatrixColumns(c, rows, columns, isInPanels: false), adds: true).Do(MatrixPart.Whole(rows, columns));
            }

            for (var i = 0; i < result.Length; i++)
            {
                var expected = before[i] + Enumerable.Range(0, Inner).Sum(k => (double)left[i / columns * Inner + k] * right[k * columns + i % columns]);
                Tolerance.Check(expected, result[i], roundings: Inner, magnitude: Inner + 1);
            }
        }
    }

    [Theory(SkipUnless = nameof(GuardedMemory.IsSupported), SkipType = typeof(GuardedMemory), Skip = "The guard page is laid out by Linux calls.")]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(33, 70)]
    [InlineData(64, 256)]
    [InlineData(100, 31)]
    public unsafe void A_transposed_matrix_lies_in_panels_too(int rows, int columns)
    {
        var matrix = Samples.Numbers(rows * columns, seed: 1);
        var panels = new float[matrix.Length];
        PanelLayout.FromRowMajor(matrix, panels, columns);
        using var source = new GuardedMemory(panels);
        using var destination = new GuardedMemory(new float[matrix.Length]);
        fixed (float* from = source.Span, to = destination.Span)
            MatrixPacking.TransposedPanels(new MatrixColumns(from, rows, columns, isInPanels: true), to, columns, rows, 0, rows);
        var transposed = new float[matrix.Length];
        PanelLayout.ToRowMajor(destination.Span, transposed, rows);
        for (var i = 0; i < matrix.Length; i++)
            Assert.Equal(matrix[i], transposed[i % columns * rows + i / columns]);
    }

    /// <summary>Memory for copies belongs to the thread for good, so it must not grow with the length of the sums.</summary>
    [Fact]
    public void Long_sums_take_no_more_memory_for_copies_than_short_ones()
    {
        const int Inner = 400_000;
        var (left, right, result) = (Samples.Numbers(3 * Inner, seed: 1), Samples.Numbers(Inner, seed: 2), new float[3]);
        long allocated = 0;
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            SpanKernels.Multiply(left, right, [], result, rows: 3, Inner, columns: 1);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(allocated, 0, 2 << 20);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(() => SpanKernels.Multiply(new float[6], new float[5], [], new float[4], 2, 3, 2));

    private static void CheckAll(ProductShape shape)
    {
        var sums = new double[shape.Rows * shape.Columns];
        var magnitudes = new double[sums.Length];
        Multiply(shape, sums, magnitudes);
        var bias = shape.Bias.Span;
        foreach (var kernel in MatrixKernel.All)
        {
            var result = kernel.Multiply(shape, shape.Left.Span, shape.Right.Span, bias);
            for (var i = 0; i < result.Length; i++)
            {
                double start = kernel.HasBias ? bias[i % shape.Columns] : 0;
                if (!Tolerance.Agree(sums[i] + start, result[i], roundings: shape.Inner, magnitudes[i] + Math.Abs(start)))
                    Assert.Fail($"{kernel} of {shape}, element {i}: {result[i]:R} instead of {sums[i] + start:R}");
            }
        }
    }

    /// <summary>The plain loops: the sums and the sums of their terms' absolute values.</summary>
    private static void Multiply(ProductShape shape, double[] sums, double[] magnitudes)
    {
        var (rows, inner, columns) = shape;
        var left = shape.Left.Span;
        var right = shape.Right.Span;
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                double x = left[i * inner + k];
                for (var j = 0; j < columns; j++)
                {
                    var term = x * right[k * columns + j];
                    sums[i * columns + j] += term;
                    magnitudes[i * columns + j] += Math.Abs(term);
                }
            }
        }
    }

    private static void CheckSumOfRows(int rows, int columns)
    {
        var matrix = Samples.Numbers(rows * columns, seed: rows + columns);
        var result = new float[columns];
        Array.Fill(result, float.NaN);
        SpanKernels.SumRows(matrix, result, rows);
        for (var j = 0; j < columns; j++)
        {
            double sum = 0, magnitude = 0;
            for (var i = 0; i < rows; i++)
                (sum, magnitude) = (sum + matrix[i * columns + j], magnitude + Math.Abs(matrix[i * columns + j]));
            Tolerance.Check(sum, result[j], roundings: rows, magnitude);
        }
    }
}
