using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class WorkChunksTests
{
    [Fact]
    public void Chunks_of_a_part_cover_it_once_and_begin_at_whole_units_of_rows_and_panels()
    {
        foreach (var (rows, columns) in ((int, int)[])[(1, 1), (40, 31), (100, 33), (65, 300), (8, 1000)])
        {
            foreach (var (rowParts, columnParts) in ((int, int)[])[(1, 1), (2, 1), (1, 3), (3, 2)])
            {
                var shares = new WorkShares(new(rows, 8, rowParts), new(columns, PanelLayout.Width, columnParts));
                foreach (var areRows in (bool[])[true, false])
                {
                    for (var count = 1; count <= 9; count++)
                        Check(new WorkChunks(shares, count, areRows));
                }
            }
        }

        static void Check(WorkChunks chunks)
        {
            var counts = new int[chunks.Shares.Rows.Length, chunks.Shares.Columns.Length];
            for (var part = 0; part < chunks.Shares.Parts; part++)
            {
                var whole = chunks.Shares[part];
                for (var chunk = 0; chunk < chunks.Count; chunk++)
                {
                    var (firstRow, endRow, firstColumn, endColumn) = chunks[part, chunk];
                    Assert.True(firstRow >= whole.FirstRow && endRow <= whole.EndRow && firstColumn >= whole.FirstColumn && endColumn <= whole.EndColumn);
                    Assert.True(firstRow == endRow || firstRow % 8 == 0);
                    Assert.True(firstColumn == endColumn || firstColumn % PanelLayout.Width == 0);
                    for (var row = firstRow; row < endRow; row++)
                    {
                        for (var column = firstColumn; column < endColumn; column++)
                            counts[row, column]++;
                    }
                }
            }

            Assert.All(counts.Cast<int>(), count => Assert.Equal(1, count));
        }
    }

    /// <summary>Panels first where they may be cut, rows else, so many that each chunk is worth it, at most eight.</summary>
    [Theory]
    [InlineData(16, 32, 2048, 2048, true, 8, 4, false)]
    [InlineData(16, 128, 784, 512, true, 8, 8, true)]
    [InlineData(16, 128, 784, 512, true, 64, 2, true)]
    [InlineData(16, 128, 784, 512, true, 0, 1, true)]
    [InlineData(16, 2048, 256, 2048, false, 64, 8, true)]
    [InlineData(2, 64, 784, 128, true, 8, 2, false)]
    [InlineData(2, 64, 64, 64, true, 8, 1, true)]
    [InlineData(4, 8, 100_000, 128, true, 8, 1, true)]
    [InlineData(2, 100_000, 2048, 128, true, 8, 8, true)]
    [InlineData(2, 100_000, 500_000, 128, true, 8, 1, true)]
    [InlineData(1, 2048, 2048, 2048, true, 8, 1, true)]
    public void Parts_are_cut_where_chunks_are_worth_it_and_read_again_what_is_near(int threads, int rows, int inner, int columns, bool byPanels, int fewestRows, int count, bool areRows)
    {
        var chunks = WorkChunks.Of(WorkShares.Of(threads, rows, rowUnit: 8, columns), inner, byPanels, fewestRows);
        Assert.Equal((count, areRows), (chunks.Count, chunks.AreRows));
    }

    /// <summary>By the caller alone, by fewer threads than parts, and by as many; again and again, as what is taken is not reset.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public unsafe void Every_chunk_is_done_once_each_time(int threads)
    {
        using var team = threads == 0 ? null : new ThreadTeam(threads);
        const int Rows = 70, Columns = 200;
        var counts = stackalloc int[Rows * Columns];
        new Span<int>(counts, Rows * Columns).Clear();
        var done = 0;
        foreach (var (rowParts, columnParts, count, areRows) in ((int, int, int, bool)[])[(1, 4, 3, true), (2, 2, 2, false), (4, 1, 8, true), (1, 3, 5, false), (2, 1, 1, true)])
        {
            var chunks = new WorkChunks(new(new(Rows, 8, rowParts), new(Columns, PanelLayout.Width, columnParts)), count, areRows);
            for (var round = 0; round < 300; round++)
            {
                chunks.Run(new Count(counts, Columns), team);
                chunks.Run(new Count(counts, Columns), new Count(counts, Columns), team);
                done += 3;
            }

            for (var i = 0; i < Rows * Columns; i++)
                Assert.Equal(done, counts[i]);
        }
    }

    /// <summary>A chunk that ends only after all others are done: its thread cannot do any of them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Threads_do_the_chunks_of_one_that_is_slow(int slowPart)
    {
        const int Chunks = 6;
        using var team = new ThreadTeam(3, adapts: false);
        var chunks = new WorkChunks(new(new(3 * 8 * Chunks, 8, 3), new(1, PanelLayout.Width, 1)), Chunks, AreRows: true);
        var progress = new Progress(slowPart * 8 * Chunks, 3 * Chunks);
        chunks.Run(new WaitingForOthers(progress), team);
        Assert.Equal(3 * Chunks, progress.Done);
        Assert.False(progress.TimedOut);
    }

    /// <summary>Which thread takes a chunk is not known beforehand. Of those that fail the first reaches the caller, though it be the last to fail, and the next work hears of none.</summary>
    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 5)]
    [InlineData(3, 11)]
    [InlineData(3, 17)]
    [InlineData(0, 11)]
    public void Of_several_chunks_that_fail_the_first_reaches_the_caller_as_it_was_thrown(int threads, int first)
    {
        const int Chunks = 6, Parts = 3;
        using var team = threads == 0 ? null : new ThreadTeam(threads, adapts: false);
        var chunks = new WorkChunks(new(new(Parts * 8 * Chunks, 8, Parts), new(1, PanelLayout.Width, 1)), Chunks, AreRows: true);
        for (var round = 0; round < 5; round++)
        {
            var error = Assert.Throws<TimeZoneNotFoundException>(() => chunks.Run(new Failing(8 * first), team));
            // A caller without a team does whole parts.
            Assert.Equal($"row {8 * (team is null ? first / Chunks * Chunks : first)}", error.Message);
            Assert.Contains(nameof(Failing.ThrowDeepInside), error.StackTrace, StringComparison.Ordinal);
            var progress = new Progress(slowRow: -1, Parts * Chunks);
            chunks.Run(new WaitingForOthers(progress), team);
            Assert.Equal(Parts * (team is null ? 1 : Chunks), progress.Done);
        }
    }

    /// <summary>Products that are large enough for chunks, of few panels and of many; the weight gradient with work on the gradient before it.</summary>
    [Theory]
    [InlineData(300, 200, 290)]
    [InlineData(1000, 300, 20)]
    [InlineData(40, 3000, 100)]
    [InlineData(9000, 70, 130)]
    public unsafe void Products_have_the_same_bits_in_chunks(int rows, int inner, int columns)
    {
        Assert.NotEqual(1, WorkChunks.Of(WorkShares.Of(threads: 2, rows, rowUnit: 8, columns), inner, byPanels: true, fewestRows: 8).Count);
        var expected = Products(null);
        foreach (var threads in (int[])[2, 3, 7])
        {
            using var team = new ThreadTeam(threads, adapts: false);
            var actual = Products(team);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i]);
        }

        float[][] Products(ThreadTeam? team)
        {
            var (left, right, gradient) = (Samples.Numbers(rows * inner, seed: 1), Samples.Numbers(inner * columns, seed: 2), Samples.Numbers(rows * columns, seed: 3));
            float[][] results = [new float[rows * columns], new float[inner * columns], new float[rows * inner], gradient];
            fixed (float* a = left, dz = gradient)
            {
                var inputs = new MatrixRows(a, rows, inner);
                MatrixProduct.Multiply(inputs, right, [], results[0], columns, default(NoWork), team);
                MatrixProduct.MultiplyTransposedLeft(inputs, gradient, results[1], columns, MatrixProduct.Shares(inner, rows, columns, team), new Doubling(dz, rows, columns), team);
                MatrixProduct.MultiplyTransposedRight(new MatrixRows(dz, rows, columns), right, results[2], inner, team);
            }

            return results;
        }
    }

    private readonly struct Failing(int row) : IPartWork
    {
        public void Do(MatrixPart part)
        {
            if (part.FirstRow <= row && row < part.EndRow)
                Thread.Sleep(20);
            if (part.EndRow > row)
                ThrowDeepInside(part);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void ThrowDeepInside(MatrixPart part) => throw new TimeZoneNotFoundException($"row {part.FirstRow}");
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

    private readonly unsafe struct Count(int* counts, int columns) : IPartWork
    {
        public void Do(MatrixPart part)
        {
            for (var row = part.FirstRow; row < part.EndRow; row++)
            {
                for (var column = part.FirstColumn; column < part.EndColumn; column++)
                    counts[row * columns + column]++;
            }
        }
    }

    private sealed class Progress(int slowRow, int chunks)
    {
        public int Done;

        public bool TimedOut { get; private set; }

        public int SlowRow { get; } = slowRow;

        public void WaitForOthers() => TimedOut = !SpinWait.SpinUntil(() => Volatile.Read(ref Done) == chunks - 1, TimeSpan.FromSeconds(60));
    }

    private readonly struct WaitingForOthers(Progress progress) : IPartWork
    {
        public void Do(MatrixPart part)
        {
            if (part.FirstRow == progress.SlowRow)
                progress.WaitForOthers();
            Interlocked.Increment(ref progress.Done);
        }
    }
}
