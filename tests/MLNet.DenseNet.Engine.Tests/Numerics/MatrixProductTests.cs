using CsCheck;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>Every product against plain loops in float64.</summary>
public class MatrixProductTests
{
    /// <summary>The edges of the register tiles (8 rows; 1, 4, 8, 16 columns or two vectors of them), one to either side.</summary>
    private static readonly int[] TileEdges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49];

    private static readonly float[] Numbers = Samples.Numbers(1 << 21, seed: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Products_agree_with_float64_at_every_length(int varied)
    {
        int[] others = [1, 9, 33];
        for (var length = 0; length <= 256; length++)
        {
            foreach (var first in others)
            {
                foreach (var second in others)
                {
                    List<int> sizes = [first, second];
                    sizes.Insert(varied, length);
                    CheckAll(sizes[0], sizes[1], sizes[2]);
                }
            }
        }
    }

    [Fact]
    public void Products_agree_with_float64_at_every_tile_edge()
    {
        foreach (var rows in TileEdges)
        {
            foreach (var columns in TileEdges)
            {
                foreach (var inner in (int[])[0, 1, 2, 7, 16])
                    CheckAll(rows, inner, columns);
            }
        }
    }

    [Fact]
    public void Products_agree_with_float64_for_any_size() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 200], Gen.Int[1, 80]).Sample((rows, inner, columns) => CheckAll(rows, inner, columns), iter: 200);

    /// <summary>Around the sizes from which on matrices are packed and blocks end: strides of 1,024 and multiples of 256, an inner index of 256 and of 65,536, blocks of 2^18 elements.</summary>
    [Theory]
    [InlineData(new[] { 31, 32, 33 }, new[] { 255, 256, 257 }, new[] { 1023, 1024, 1025 })]
    [InlineData(new[] { 1023, 1024, 1025, 1280 }, new[] { 255, 256, 257 }, new[] { 8, 9, 10 })]
    [InlineData(new[] { 127, 128, 129 }, new[] { 2047, 2048, 2049 }, new[] { 1, 9 })]
    [InlineData(new[] { 7, 8, 9 }, new[] { 511, 512, 513 }, new[] { 15, 16, 17, 31, 32, 33, 63, 64, 65 })]
    [InlineData(new[] { 1280, 2048 }, new[] { 257 }, new[] { 45 })]
    [InlineData(new[] { 1280 }, new[] { 30 }, new[] { 1029 })]
    [InlineData(new[] { 1, 3 }, new[] { 65_535, 65_536, 65_537 }, new[] { 1, 9 })]
    public void Products_agree_with_float64_at_every_edge_of_blocks(int[] rows, int[] inner, int[] columns)
    {
        foreach (var m in rows)
        {
            foreach (var k in inner)
            {
                foreach (var n in columns)
                    CheckAll(m, k, n);
            }
        }
    }

    /// <summary>Columns around the 32 a thread, from which on they are cut instead of rows; enough work for three.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Products_agree_with_float64_on_several_threads(int threads)
    {
        using var team = new ThreadTeam(threads);
        foreach (var columns in (int[])[31, 33, 63, 64, 65, 95, 96, 97])
        {
            foreach (var rows in (int[])[47, 48, 49])
                CheckAll(rows, 900_000 / rows / columns + 1, columns, team);
        }
    }

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

    /// <summary>Threads share a result by parts: each is the same as in the whole, and nothing beside it is written.</summary>
    [Fact]
    public unsafe void A_part_of_a_product_is_all_that_is_written()
    {
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(3, 4, 40), (33, 260, 70), (90, 12, 1100), (1100, 9, 64)])
        {
            var left = Flat(Matrix(rows, inner, seed: 1));
            var right = Flat(Matrix(inner, columns, seed: 2));
            var whole = new float[rows * columns];
            SpanKernels.Multiply(left, right, [], whole, rows, inner, columns);
            foreach (var part in (MatrixPart[])[new(0, rows, 32, columns), new(1, rows - 1, 0, 32), new(rows / 2, rows, 32, Math.Min(64, columns))])
            {
                var result = new float[whole.Length];
                Array.Fill(result, float.NaN);
                fixed (float* a = left, b = right, c = result)
                {
                    new MatrixBlocks(
                        new MatrixRows(a, rows, inner), isLeftTransposed: false, new MatrixColumns(b, inner, columns, isInPanels: true), isRightTransposed: false,
                        null, new MatrixColumns(c, rows, columns, isInPanels: false)).Run(part);
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

    private static void CheckAll(int rows, int inner, int columns, ThreadTeam? team = null)
    {
        var left = Matrix(rows, inner, seed: rows);
        var right = Matrix(inner, columns, seed: 1000 + columns);
        var bias = Numbers[inner..(inner + columns)];
        var sums = new double[rows * columns];
        var magnitudes = new double[rows * columns];
        Multiply(left, right, sums, magnitudes);
        foreach (var kernel in MatrixKernel.All)
        {
            var result = kernel.Multiply(left, right, bias, team);
            for (var i = 0; i < result.Length; i++)
            {
                double start = kernel.HasBias ? bias[i % columns] : 0;
                if (!Tolerance.Agree(sums[i] + start, result[i], roundings: inner, magnitudes[i] + Math.Abs(start)))
                    Assert.Fail($"{kernel} of {rows} x {inner} x {columns}, element {i}: {result[i]:R} instead of {sums[i] + start:R}");
            }
        }
    }

    /// <summary>The plain loops: the sums and the sums of their terms' absolute values.</summary>
    private static void Multiply(float[,] left, float[,] right, double[] sums, double[] magnitudes)
    {
        var (rows, inner, columns) = (left.GetLength(0), left.GetLength(1), right.GetLength(1));
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                double x = left[i, k];
                for (var j = 0; j < columns; j++)
                {
                    var term = x * right[k, j];
                    sums[i * columns + j] += term;
                    magnitudes[i * columns + j] += Math.Abs(term);
                }
            }
        }
    }

    private static float[] Flat(float[,] matrix)
    {
        var flat = new float[matrix.Length];
        Buffer.BlockCopy(matrix, 0, flat, 0, flat.Length * sizeof(float));
        return flat;
    }

    private static void CheckSumOfRows(int rows, int columns)
    {
        var matrix = Matrix(rows, columns, seed: rows + columns);
        var flat = Flat(matrix);
        var result = new float[columns];
        Array.Fill(result, float.NaN);
        SpanKernels.SumRows(flat, result, rows);
        for (var j = 0; j < columns; j++)
        {
            double sum = 0, magnitude = 0;
            for (var i = 0; i < rows; i++)
                (sum, magnitude) = (sum + matrix[i, j], magnitude + Math.Abs(matrix[i, j]));
            Tolerance.Check(sum, result[j], roundings: rows, magnitude);
        }
    }

    private static float[,] Matrix(int rows, int columns, int seed)
    {
        var result = new float[rows, columns];
        Buffer.BlockCopy(Numbers, seed * sizeof(float), result, 0, result.Length * sizeof(float));
        return result;
    }
}
