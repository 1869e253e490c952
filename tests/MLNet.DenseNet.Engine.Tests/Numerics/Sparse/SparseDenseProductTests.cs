using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>A zero adds nothing to a sum, so sparse and dense products are not only near each other but equal.</summary>
public class SparseDenseProductTests
{
    private const int Rows = 23;

    public static MatrixTheoryData<ProductShape, int> ShapesAndThreads => new(ProductShapes.OfSparseRows, [1, 2, 3]);

    [Theory]
    [MemberData(nameof(ShapesAndThreads))]
    public void Forward_product_equals_that_of_the_rows_written_out(ProductShape shape, int threads)
    {
        var (count, inputs, columns) = shape;
        var dense = SparseSamples.Rows(count, inputs, share: 0.4, seed: 1);
        var (weights, bias) = (Samples.Numbers(inputs * columns, seed: 2), Samples.Numbers(columns, seed: 3));
        var (expected, actual) = (new float[count * columns], new float[count * columns]);
        SpanKernels.Multiply(dense, weights, bias, expected, count, inputs, columns);
        using var team = new ThreadTeam(threads);
        SparseSamples.Store(dense, inputs).Use(rows => SparseDenseProduct.Multiply(rows, weights, bias, actual, columns, default(NoWork), team));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(ShapesAndThreads))]
    public unsafe void Gradient_of_the_weights_equals_that_of_the_rows_written_out(ProductShape shape, int threads)
    {
        var (count, inputs, columns) = shape;
        var dense = SparseSamples.Rows(count, inputs, share: 0.1, seed: 1);
        var gradient = Samples.Numbers(count * columns, seed: 2);
        var expected = new float[inputs * columns];
        SpanKernels.MultiplyTransposedLeft(dense, gradient, expected, inputs, count, columns);
        var parameter = Network.Create(inputs, [new DenseLayer(columns)], seed: 1).Parameters[0];
        var block = new Engine.Gradients(parameter.Shape.Size);
        block.Values.Span.Fill(float.NaN);
        using var team = new ThreadTeam(threads);
        SparseSamples.Store(dense, inputs).Use(rows =>
        {
            var touched = block.BeginSparse(parameter, rows);
            SparseDenseProduct.MultiplyTransposedLeft(touched, gradient, parameter.In(block.Values), inputs, columns, SparseDenseProduct.Shares(touched.Count, touched.Entries, columns, team), team);
        });
        Assert.Equal(RowMajor(expected, columns), block.ToArray(parameter));

        // And nothing is written for columns that are not touched.
        var touched = Enumerable.Range(0, inputs).Count(column => Enumerable.Range(0, count).Any(row => dense[row * inputs + column] != 0));
        Assert.Equal(touched, block.TouchedColumns.Count);
        Assert.Equal((inputs - touched) * columns, block.Values.Span.ToArray().Count(float.IsNaN));
        var filled = block.Filled.ToArray();
        Assert.Equal(touched * columns, filled.Sum(segment => segment.Length));
        Assert.All(filled, segment => Assert.DoesNotContain(float.NaN, block.Values.Span.Slice(segment.First, segment.Length).ToArray()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2048, 1)]
    [InlineData(2049, 2)]
    [InlineData(1 << 22, 2)]
    [InlineData((1 << 22) + 1, 3)]
    [InlineData(1 << 26, 3)]
    [InlineData(int.MaxValue, 3)]
    public void Columns_are_sorted_in_as_many_passes_as_they_have_digits(int columns, int passes) => Assert.Equal(passes, CscView.Passes(columns));

    [Fact]
    public void Columns_of_three_digits_are_sorted()
    {
        const int Inputs = int.MaxValue;
        int[] columns = [0, 1 << 11, 1 << 22, (1 << 30) + 5, 3, 1 << 22, Inputs - 1];
        new SparseFeatures(Inputs, Samples.Numbers(columns.Length, seed: 1), columns, new[] { 0, 4, 4, columns.Length }).Use(rows =>
        {
            var view = new CscView();
            view.Build(rows);
            unsafe
            {
                Assert.Equal([0, 3, 1 << 11, 1 << 22, (1 << 30) + 5, Inputs - 1], new ReadOnlySpan<int>(view.Columns, view.Count).ToArray());
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stored_values_have_means_factors_and_a_limit(bool areShifted)
    {
        const int Inputs = 300, Columns = 5;
        // Only columns of which every row stores a value can be shifted.
        var dense = areShifted ? Samples.Numbers(Rows * Inputs, seed: 1) : SparseSamples.Rows(Rows, Inputs, share: 0.5, seed: 1);
        var (means, scales) = (new AlignedBuffer(Inputs), new AlignedBuffer(Inputs));
        Samples.Numbers(Inputs, seed: 2).CopyTo(scales.Span);
        if (areShifted)
            Samples.Numbers(Inputs, seed: 5).CopyTo(means.Span);
        var scaled = dense.Select((x, i) => SmoothClipping.Apply(new Scalar((x - means.Span[i % Inputs]) * scales.Span[i % Inputs]), 0.2f).Value).ToArray();
        Assert.InRange(scaled.Max(), 0.19f, 0.2f);
        var (weights, bias) = (Samples.Numbers(Inputs * Columns, seed: 3), Samples.Numbers(Columns, seed: 4));
        var (expected, actual, whole) = (new float[Rows * Columns], new float[Rows * Columns], new float[dense.Length]);
        SpanKernels.Multiply(scaled, weights, bias, expected, Rows, Inputs, Columns);
        unsafe
        {
            SparseSamples.Store(dense, Inputs).Use(rows =>
            {
                var view = rows.Scaled(areShifted ? means.Pointer : null, scales.Pointer, limit: 0.2f, missing: float.NaN);
                SparseDenseProduct.Multiply(view, weights, bias, actual, Columns, default(NoWork));
                view.CopyTo(whole);
            });
        }

        Assert.Equal(expected, actual);
        Assert.Equal(scaled, whole);
    }

    [Theory]
    [InlineData(new[] { 0, 2, 1, 2, 3 }, new[] { 0, 2, 5 }, "2", 0)]
    [InlineData(new[] { 0, 2, 1, 2, 3 }, new[] { 0, 2, 5 }, "1", 1)]
    [InlineData(new[] { 0, 2, 0, 2, 3 }, new[] { 0, 2, 5 }, "02", 0)]
    [InlineData(new[] { 0, 2, 0, 2, 3 }, new[] { 0, 2, 5 }, "023", 1)]
    [InlineData(new[] { 0, 2, 0, 1, 3 }, new[] { 0, 2, 5 }, "02", 1)]
    [InlineData(new[] { 0, 2, 1 }, new[] { 0, 2, 3 }, "0123", 5)]
    [InlineData(new[] { 0, 2 }, new[] { 0, 2, 2 }, "2", 1)]
    public unsafe void Zeros_of_some_columns_are_stored_where_none_was(int[] columns, int[] starts, string wanted, long expected)
    {
        int[] some = [.. wanted.Select(digit => digit - '0')];
        // What is stored may be 0.
        new SparseFeatures(4, columns.Select((_, i) => i % 3 == 1 ? 0f : i + 1).ToArray(), columns, starts).Use(rows =>
        {
            Assert.Equal((expected, 0), (rows.CountNotStored(some), rows.CountNotStored([])));

            // With zeros stored where none was, rows are the same, even if they lie in that memory themselves.
            var memory = new CsrMemory();
            var completed = memory.Complete(in rows, some, expected);
            Assert.Equal((0, rows.Count + expected), (completed.CountNotStored(some), completed.Count));
            var again = memory.Complete(in completed, [0, 1, 2, 3], completed.CountNotStored([0, 1, 2, 3]));
            Assert.Equal((0, 4L * rows.Rows), (again.CountNotStored([0, 1, 2, 3]), again.Count));
            Assert.Equal(Written(rows), Written(completed));
            Assert.Equal(Written(rows), Written(again));
        });

        static float[] Written(CsrMatrix rows)
        {
            var written = new float[rows.Rows * rows.ColumnCount];
            rows.CopyTo(written);
            return written;
        }
    }

    /// <summary>With more columns than two passes of the sort tell apart, and batches larger and smaller than before.</summary>
    [Fact]
    public unsafe void Transposition_sorts_any_number_of_columns()
    {
        const int Columns = int.MaxValue;
        var random = new Random(1);
        var view = new CscView();
        foreach (var length in (int[])[0, 1, 100, 0, 30, 2000])
        {
            var rows = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(Columns)).Append(0).Append(Columns - 1).Distinct().Order().ToArray()).ToArray();
            var columns = rows.SelectMany(row => row).ToArray();
            var features = new SparseFeatures(
                Columns, columns.Select((_, i) => (float)i).ToArray(), columns, new[] { 0, rows[0].Length, rows[0].Length + rows[1].Length, columns.Length });
            features.Use(view.Build);
            var expected = columns.Select((column, i) => (Column: column, Row: i < rows[0].Length ? 0 : i < rows[0].Length + rows[1].Length ? 1 : 2, Value: (float)i))
                .GroupBy(entry => entry.Column).OrderBy(group => group.Key).ToArray();
            Assert.Equal(expected.Select(group => group.Key), new Span<int>(view.Columns, view.Count).ToArray());
            for (var i = 0; i < expected.Length; i++)
            {
                var (start, end) = (view.Transposed.Starts[i], view.Transposed.Ends[i]);
                Assert.Equal(expected[i].Select(entry => entry.Row), new Span<int>(view.Transposed.Columns + start, end - start).ToArray());
                Assert.Equal(expected[i].Select(entry => entry.Value), new Span<float>(view.Transposed.Values + start, end - start).ToArray());
            }
        }
    }

    private static float[] RowMajor(float[] panels, int columns)
    {
        var values = new float[panels.Length];
        PanelLayout.ToRowMajor(panels, values, columns);
        return values;
    }
}
