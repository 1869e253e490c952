using System.Diagnostics;
using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public unsafe class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_part_is_done_once_each_time(int threads)
    {
        using var team = new ThreadTeam(threads);
        var counts = stackalloc int[threads];
        for (var round = 1; round <= 2000; round++)
        {
            var work = new Count(counts);
            team.Run(ref work, threads);
            for (var part = 0; part < threads; part++)
                Assert.Equal(round, counts[part]);
        }
    }

    /// <summary>All threads see every announcement. Those that have no part must do nothing, and must not miss the work after it, whether they still spin or sleep.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void Work_of_few_parts_leaves_the_other_threads_alone(int threads)
    {
        using var team = new ThreadTeam(threads);
        var counts = stackalloc int[threads];
        var expected = new int[threads];
        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            if (round % 300 == 0)
                Thread.Sleep(5);
            var parts = random.Next(1, threads + 1);
            var work = new Count(counts);
            team.Run(ref work, parts);
            for (var part = 0; part < threads; part++)
                Assert.Equal(part < parts ? ++expected[part] : expected[part], counts[part]);
        }
    }

    [Fact]
    public void Sleeping_threads_wake_up_for_work()
    {
        using var team = new ThreadTeam(3);
        var counts = stackalloc int[3];
        for (var round = 1; round <= 20; round++)
        {
            Thread.Sleep(5);
            var work = new Count(counts);
            team.Run(ref work, 3);
            Assert.Equal((round, round, round), (counts[0], counts[1], counts[2]));
        }
    }

    /// <summary>Threads fall asleep some 300 microseconds after their last work. New work comes up to 700 microseconds after it, in small steps, so also at the moment of falling asleep.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_that_are_about_to_fall_asleep_miss_nothing(int threads)
    {
        using var team = new ThreadTeam(threads);
        var counts = stackalloc int[threads];
        var (round, start) = (0, Stopwatch.GetTimestamp());
        for (var delay = 0.0; Stopwatch.GetElapsedTime(start).TotalSeconds < 1.5; delay = delay > 700 ? 0 : delay + 0.5)
        {
            for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalMicroseconds < delay;)
                Thread.SpinWait(1);
            var work = new Count(counts);
            team.Run(ref work, threads);
            round++;
            for (var part = 0; part < threads; part++)
                Assert.Equal(round, counts[part]);
        }
    }

    /// <summary>Work does not wait for a thread that gets no processor: the caller does its part.</summary>
    [Fact]
    public void The_caller_does_what_another_thread_has_not_begun()
    {
        var threads = new List<Thread>();
        using var team = new ThreadTeam(3, start: threads.Add);
        var counts = stackalloc int[3];
        for (var round = 1; round <= 10; round++)
        {
            var work = new Count(counts);
            team.Run(ref work, 3);
            Assert.Equal((round, round, round), (counts[0], counts[1], counts[2]));
        }

        threads.ForEach(thread => thread.Start());
        for (var round = 11; round <= 1000; round++)
        {
            var work = new Count(counts);
            team.Run(ref work, 3);
            Assert.Equal((round, round, round), (counts[0], counts[1], counts[2]));
        }
    }

    /// <summary>Work may be cut into more parts than there are threads, and a caller without a team does all of them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void All_parts_are_done_however_few_threads_there_are(int threads)
    {
        using var team = threads == 0 ? null : new ThreadTeam(threads);
        var counts = stackalloc int[10];
        for (var parts = 1; parts <= 10; parts++)
        {
            new Span<int>(counts, 10).Clear();
            var work = new Count(counts);
            ThreadTeam.Run(team, ref work, parts);
            Assert.Equal(Enumerable.Repeat(1, parts), new Span<int>(counts, parts).ToArray());
        }
    }

    /// <summary>The same exception with the stack of the part that threw it, whether that is done by the caller, by another thread, or by the caller because no thread has begun it.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void A_failure_reaches_the_caller_as_it_was_thrown_and_the_team_goes_on(int failing, bool areThreadsStarted)
    {
        var threads = new List<Thread>();
        using (var team = new ThreadTeam(2, start: threads.Add))
        {
            if (areThreadsStarted)
                threads.ForEach(thread => thread.Start());
            var error = Assert.Throws<TimeZoneNotFoundException>(() => RunFailing(team, new Fail(failing), parts: 4));
            Assert.Equal($"part {failing}", error.Message);
            Assert.Contains(nameof(Fail.ThrowDeepInside), error.StackTrace, StringComparison.Ordinal);

            var counts = stackalloc int[2];
            var work = new Count(counts);
            team.Run(ref work, 2);
            Assert.Equal((1, 1), (counts[0], counts[1]));
            if (!areThreadsStarted)
                threads.ForEach(thread => thread.Start());
        }

        Assert.Equal($"part {failing}", Assert.Throws<TimeZoneNotFoundException>(() =>
        {
            var alone = new Fail(failing);
            ThreadTeam.Run(team: null, ref alone, parts: 4);
        }).Message);
    }

    /// <summary>The others write to memory that the caller may give up as soon as it has the failure.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_failure_reaches_the_caller_when_all_others_are_done(int failing)
    {
        using var team = new ThreadTeam(3);
        var counts = stackalloc int[3];
        var work = new FailAmongSlow(counts, failing);
        Assert.NotNull(Record.Exception(() => RunFailing(team, work, parts: 3)));
        Assert.Equal((failing == 0 ? 0 : 1, failing == 1 ? 0 : 1, 1), (counts[0], counts[1], counts[2]));

        var next = new Count(counts);
        team.Run(ref next, 3);
        Assert.Equal(2, counts[2]);
    }

    /// <summary>Where several fail, the caller hears of the first, though that be the last to fail, and the next work of none.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Of_several_failures_the_first_part_reaches_the_caller(int first)
    {
        using var team = new ThreadTeam(3, adapts: false);
        for (var round = 0; round < 5; round++)
            Assert.Equal($"part {first}", Assert.Throws<TimeZoneNotFoundException>(() => RunFailing(team, new FailFrom(first), parts: 6)).Message);

        var counts = stackalloc int[3];
        var work = new Count(counts);
        team.Run(ref work, 3);
        Assert.Equal((1, 1, 1), (counts[0], counts[1], counts[2]));
    }

    public static TheoryData<string> Shapes => [.. ProductShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_have_the_same_bits_whoever_computes_them(string shapes)
    {
        using ThreadTeam two = new(2), three = new(3), eight = new(8);
        foreach (var shape in ProductShapes.All[shapes])
            CheckSharing([two, three, eight], shape);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Products_of_scattered_rows_have_the_bits_of_rows_in_one_piece(int threads)
    {
        using var team = new ThreadTeam(threads);
        foreach (var shape in ProductShapes.All["work for many threads"])
            CheckScattered(team, shape.Left.ToArray(), shape.Right.ToArray(), shape.Rows, shape.Inner, shape.Columns);
    }

    private static void CheckSharing(ThreadTeam[] teams, ProductShape shape)
    {
        var (rows, inner, columns) = shape;
        foreach (var kernel in MatrixKernel.All)
        {
            var alone = new float[rows * columns];
            kernel.Run(shape.Left.Span, shape.Right.Span, shape.Bias.Span, alone, rows, inner, columns, null);
            foreach (var team in teams)
            {
                var together = new float[rows * columns];
                kernel.Run(shape.Left.Span, shape.Right.Span, shape.Bias.Span, together, rows, inner, columns, team);
                Assert.True(alone.AsSpan().SequenceEqual(together), $"{kernel} of {shape} on {team.Threads} threads");
            }
        }
    }

    /// <summary>The rows of the left matrix may lie anywhere, in any order.</summary>
    private static void CheckScattered(ThreadTeam team, float[] left, float[] right, int rows, int inner, int columns)
    {
        // With something between them, from the last to the first.
        var stride = inner + 3;
        var block = new float[rows * stride];
        Array.Fill(block, float.NaN);
        var offsets = new nint[rows];
        for (var row = 0; row < rows; row++)
        {
            offsets[row] = (rows - 1 - row) * stride;
            left.AsSpan(row * inner, inner).CopyTo(block.AsSpan((int)offsets[row]));
        }

        fixed (float* elements = block, contiguous = left)
        fixed (nint* first = offsets)
        {
            var scattered = new MatrixRows(elements, first, rows, inner);
            var (expected, actual) = (new float[rows * columns], new float[rows * columns]);
            MatrixProduct.Multiply(new MatrixRows(contiguous, rows, inner), right, [], expected, columns, default(NoWork));
            MatrixProduct.Multiply(scattered, right, [], actual, columns, default(NoWork), team);
            Assert.Equal(expected, actual);

            var gradient = new float[rows * columns];
            expected.CopyTo(gradient, 0);
            var (expectedGradient, actualGradient) = (new float[inner * columns], new float[inner * columns]);
            MatrixProduct.MultiplyTransposedLeft(new MatrixRows(contiguous, rows, inner), gradient, expectedGradient, columns, WorkShares.Whole(inner, columns), default(NoWork));
            MatrixProduct.MultiplyTransposedLeft(scattered, gradient, actualGradient, columns, MatrixProduct.Shares(inner, rows, columns, team), default(NoWork), team);
            Assert.Equal(expectedGradient, actualGradient);
        }
    }

    private static void RunFailing<TWork>(ThreadTeam team, TWork work, int parts) where TWork : struct, ITeamWork => team.Run(ref work, parts);

    private readonly struct Count(int* counts) : ITeamWork
    {
        public void Do(int part, int parts) => counts[part]++;
    }

    private readonly struct Fail(int failing) : ITeamWork
    {
        public void Do(int part, int parts)
        {
            if (part == failing)
                ThrowDeepInside(part);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void ThrowDeepInside(int part) => throw new TimeZoneNotFoundException($"part {part}");
    }

    private readonly struct FailAmongSlow(int* counts, int failing) : ITeamWork
    {
        public void Do(int part, int parts)
        {
            if (part == failing)
                throw new TimeZoneNotFoundException();
            if (part == parts - 1)
                Thread.Sleep(100);
            counts[part]++;
        }
    }

    private readonly struct FailFrom(int first) : ITeamWork
    {
        public void Do(int part, int parts)
        {
            if (part == first)
                Thread.Sleep(20);
            if (part >= first)
                throw new TimeZoneNotFoundException($"part {part}");
        }
    }
}
