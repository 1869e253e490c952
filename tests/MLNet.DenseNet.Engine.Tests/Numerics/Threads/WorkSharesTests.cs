using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class WorkSharesTests
{
    private static readonly int[] Lengths = [0, 1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 1000];

    [Fact]
    public void Parts_of_a_range_cover_it_once_and_begin_at_whole_units()
    {
        foreach (var length in (int[])[.. Lengths, int.MaxValue])
        {
            foreach (var unit in (int[])[1, 8, 32])
            {
                for (var parts = 1; parts <= 40; parts++)
                    CheckRange(new RangeShares(length, unit, parts));
            }
        }
    }

    [Fact]
    public void Parts_of_a_range_differ_by_a_unit_at_most()
    {
        for (var parts = 1; parts <= 40; parts++)
        {
            var units = Enumerable.Range(0, parts).Select(part => new RangeShares(1000 * 8, 8, parts)[part]).Select(range => (range.End - range.First) / 8).ToArray();
            Assert.InRange(units.Max() - units.Min(), 0, 1);
        }
    }

    [Fact]
    public void No_part_is_empty_where_parts_are_limited_to_units()
    {
        foreach (var length in Lengths)
        {
            for (var threads = 1; threads <= 40; threads++)
            {
                var shares = RangeShares.AtMost(threads, length, unit: 8);
                Assert.InRange(shares.Parts, 1, threads);
                CheckRange(shares);
                for (var part = 0; part < shares.Parts && length > 0; part++)
                    Assert.True(shares[part].End > shares[part].First, $"{shares}, part {part}");
            }
        }
    }

    [Fact]
    public void Parts_of_a_matrix_cover_it_once_and_begin_at_whole_units_of_rows_and_panels()
    {
        foreach (var shares in AllShares(maxParts: 5))
        {
            var counts = new int[shares.Rows.Length, shares.Columns.Length];
            for (var part = 0; part < shares.Parts; part++)
            {
                var (firstRow, endRow, firstColumn, endColumn) = shares[part];
                Assert.True(firstRow == endRow || firstRow % shares.Rows.Unit == 0);
                Assert.True(firstColumn == endColumn || firstColumn % PanelLayout.Width == 0);
                for (var row = firstRow; row < endRow; row++)
                {
                    for (var column = firstColumn; column < endColumn; column++)
                        counts[row, column]++;
                }
            }

            Assert.All(counts.Cast<int>(), count => Assert.Equal(1, count));
        }
    }

    /// <summary>Panels of columns first, as many as there are for a whole part of the threads; rows for the rest of them; and never so that one thread has more to do than it must.</summary>
    [Theory]
    [InlineData(2, 1000, 31, 2, 1)]
    [InlineData(2, 1000, 32, 2, 1)]
    [InlineData(2, 1000, 64, 1, 2)]
    [InlineData(4, 784, 128, 1, 4)]
    [InlineData(8, 784, 128, 2, 4)]
    [InlineData(16, 64, 128, 4, 4)]
    [InlineData(16, 256, 2048, 1, 16)]
    [InlineData(3, 1000, 96, 1, 3)]
    [InlineData(3, 1000, 128, 3, 1)]
    [InlineData(6, 1000, 128, 3, 2)]
    [InlineData(3, 1000, 100, 3, 1)]
    [InlineData(2, 784, 100, 2, 1)]
    [InlineData(6, 1000, 96, 2, 3)]
    [InlineData(4, 784, 160, 4, 1)]
    [InlineData(7, 1000, 128, 7, 1)]
    [InlineData(8, 9, 31, 2, 1)]
    [InlineData(8, 8, 128, 1, 4)]
    public void A_matrix_is_cut_into_columns_and_then_rows(int threads, int rows, int columns, int rowParts, int columnParts)
    {
        var shares = WorkShares.Of(threads, rows, rowUnit: 8, columns);
        Assert.Equal((rowParts, columnParts), (shares.Rows.Parts, shares.Columns.Parts));
    }

    /// <summary>What a part packs is work too: many parts of few rows do not pay.</summary>
    [Theory]
    [InlineData(16, 128, 784, 0, 16, 1)]
    [InlineData(16, 128, 784, 8, 2, 8)]
    [InlineData(16, 128, 512, 8, 1, 16)]
    [InlineData(3, 1000, 128, 8, 3, 1)]
    public void Packing_is_work_of_each_part(int threads, int rows, int columns, int rowsOfPacking, int rowParts, int columnParts)
    {
        var shares = WorkShares.Of(threads, rows, rowUnit: 8, columns, rowsOfPacking);
        Assert.Equal((rowParts, columnParts), (shares.Rows.Parts, shares.Columns.Parts));
    }

    [Fact]
    public void Columns_of_another_matrix_are_cut_in_the_same_way()
    {
        var shares = WorkShares.Of(threads: 3, rows: 8, rowUnit: 8, columns: 100).OfColumns(7);
        Assert.Equal([new(0, 7, 0, 32), new(0, 7, 32, 64), new(0, 7, 64, 100)], Enumerable.Range(0, shares.Parts).Select(part => shares[part]));
        Assert.Equal(MatrixPart.Whole(7, 20), WorkShares.Of(threads: 3, rows: 500, rowUnit: 8, columns: 20).OfColumns(7)[0]);
    }

    [Fact]
    public void Threads_get_no_less_than_is_worth_handing_over()
    {
        using var team = new ThreadTeam(4, adapts: false);
        Assert.Equal([1, 1, 2, 3, 4, 4], ((long[])[0, 299_999, 300_000, 450_000, 600_000, long.MaxValue]).Select(multiplyAdds => ThreadTeam.ThreadsFor(team, multiplyAdds)));
        Assert.Equal(1, ThreadTeam.ThreadsFor(null, long.MaxValue));
    }

    /// <summary>Whole items a thread, unless one product of an item is work for more threads than there are items.</summary>
    [Theory]
    [InlineData(1, 1_000_000_000, 1_000_000_000, 1)]
    [InlineData(3, 250_000, 50_000, 1)]
    [InlineData(3, 350_000, 50_000, 2)]
    [InlineData(8, 1_000_000_000, 1_000_000_000, 4)]
    [InlineData(3, 1_000_000_000, 450_000, 3)]
    [InlineData(3, 1_000_000_000, 600_000, 1)]
    public void Items_are_shared_whole(int items, long multiplyAdds, long largest, int parts)
    {
        using var team = new ThreadTeam(4, adapts: false);
        var shares = RangeShares.OfItems(items, multiplyAdds, largest, team);
        Assert.Equal((items, 1, parts), (shares.Length, shares.Unit, shares.Parts));
        Assert.Equal(1, RangeShares.OfItems(items, multiplyAdds, largest, team: null).Parts);
    }

    [Fact]
    public void Pieces_depend_on_sizes_only_and_are_shared_whole()
    {
        foreach (var length in (int[])[.. Lengths, int.MaxValue])
        {
            foreach (var pieceLength in (int[])[1, 10, 16_384])
            {
                if (length / pieceLength > 1_000_000)
                    continue;
                var pieces = new RangePieces(length, pieceLength);
                var end = 0;
                for (var piece = 0; piece < pieces.Count; piece++)
                {
                    Assert.Equal(end, pieces[piece].First);
                    Assert.Equal(Math.Min(pieceLength, length - end), pieces[piece].End - end);
                    end = pieces[piece].End;
                }

                Assert.Equal(length, end);
                foreach (var threads in (int[])[1, 2, 7])
                {
                    Assert.Equal(Math.Clamp(pieces.Count, 1, threads), pieces.SharedBy(threads).Parts);
                    CheckRange(pieces.SharedBy(threads));
                }
            }
        }
    }

    [Fact]
    public void Each_piece_is_done_once_with_its_own_indices()
    {
        using var team = new ThreadTeam(3);
        foreach (var (length, threads) in ((int, int)[])[(0, 1), (1, 3), (10, 1), (25, 2), (30, 3), (95, 7)])
        {
            foreach (var sharedBy in (ThreadTeam?[])[null, team])
            {
                var done = new int[length];
                new RangePieces(length, 10).Run(new PieceNumbers(done), threads, sharedBy);
                Assert.Equal(Enumerable.Range(0, length).Select(index => index / 10 + 1), done);
            }
        }
    }

    /// <summary>The caller alone, fewer threads than parts, and more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(8)]
    public unsafe void Products_have_the_same_bits_however_they_are_cut(int threads)
    {
        using var team = threads == 0 ? null : new ThreadTeam(threads);
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(3, 5, 2), (65, 20, 100), (20, 300, 33), (90, 7, 1030)])
        {
            float[] left = Samples.Numbers(rows * inner, seed: 1), right = Samples.Numbers(inner * columns, seed: 2);
            foreach (var (isLeftTransposed, isRightTransposed) in ((bool, bool)[])[(false, false), (true, false), (false, true)])
            {
                var expected = Product(WorkShares.Whole(rows, columns), null);
                for (var rowParts = 1; rowParts <= 4; rowParts++)
                {
                    for (var columnParts = 1; columnParts <= 4; columnParts++)
                        Assert.Equal(expected, Product(new(new(rows, 8, rowParts), new(columns, PanelLayout.Width, columnParts)), team));
                }

                float[] Product(WorkShares shares, ThreadTeam? sharedBy)
                {
                    var result = new float[rows * columns];
                    Array.Fill(result, float.NaN);
                    fixed (float* a = left, b = right, c = result)
                    {
                        var matrix = isLeftTransposed ? new MatrixRows(a, inner, rows) : new MatrixRows(a, rows, inner);
                        var other = isRightTransposed ? new MatrixColumns(b, columns, inner, isInPanels: true) : new MatrixColumns(b, inner, columns, isInPanels: !isLeftTransposed);
                        shares.Run(new MacroKernel(matrix, isLeftTransposed, other, isRightTransposed, null, new MatrixColumns(c, rows, columns, isInPanels: isLeftTransposed)), sharedBy);
                    }

                    return result;
                }
            }
        }
    }

    /// <summary>Work on whole columns of the gradient comes before all products with them, each column once.</summary>
    [Fact]
    public unsafe void Work_before_a_product_is_done_once_however_it_is_cut()
    {
        using var team = new ThreadTeam(3);
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(40, 9, 100), (200, 12, 1), (70, 20, 33)])
        {
            float[] inputs = Samples.Numbers(rows * inner, seed: 1), gradient = Samples.Numbers(inner * columns, seed: 2);
            var (expected, doubled) = (new float[rows * columns], gradient.Select(x => 2 * x).ToArray());
            SpanKernels.MultiplyTransposedLeft(inputs, doubled, expected, rows, inner, columns);
            for (var rowParts = 1; rowParts <= 3; rowParts++)
            {
                for (var columnParts = 1; columnParts <= 3; columnParts++)
                {
                    var (changed, result) = (gradient.ToArray(), new float[rows * columns]);
                    fixed (float* a = inputs, b = changed)
                    {
                        var shares = new WorkShares(new(rows, 8, rowParts), new(columns, PanelLayout.Width, columnParts));
                        MatrixProduct.MultiplyTransposedLeft(new MatrixRows(a, inner, rows), changed, result, columns, shares, new Doubling(b, inner, columns), team);
                    }

                    Assert.Equal(doubled, changed);
                    Assert.Equal(expected, result);
                }
            }
        }
    }

    private static IEnumerable<WorkShares> AllShares(int maxParts)
    {
        foreach (var rows in Lengths.Where(length => length <= 100))
        {
            foreach (var columns in Lengths.Where(length => length <= 100))
            {
                for (var rowParts = 1; rowParts <= maxParts; rowParts++)
                {
                    for (var columnParts = 1; columnParts <= maxParts; columnParts++)
                        yield return new WorkShares(new(rows, 8, rowParts), new(columns, PanelLayout.Width, columnParts));
                }
            }
        }
    }

    private static void CheckRange(RangeShares shares)
    {
        var (end, longest) = (0, 0);
        for (var part = 0; part < shares.Parts; part++)
        {
            longest = Math.Max(longest, shares[part].End - shares[part].First);
            Assert.Equal(end, shares[part].First);
            Assert.True(shares[part].End >= end);
            end = shares[part].End;
            Assert.True(end == shares.Length || end % shares.Unit == 0);
        }

        Assert.Equal(shares.Length, end);
        Assert.Equal(longest, shares.Longest);
    }

    private readonly unsafe struct Doubling(float* matrix, int rows, int columns) : IPartWork
    {
        public void Do(MatrixPart part)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = part.FirstColumn; column < part.EndColumn; column++)
                    matrix[row * columns + column] *= 2;
            }
        }
    }

    private readonly struct PieceNumbers(int[] done) : IPieceWork
    {
        public void Do(int piece, int first, int end)
        {
            for (; first < end; first++)
                done[first] += piece + 1;
        }
    }
}
