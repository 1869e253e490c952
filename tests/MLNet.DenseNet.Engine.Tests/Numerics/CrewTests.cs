using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public unsafe class CrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_part_is_done_once_each_time(int threads)
    {
        using var crew = new Crew(threads);
        var counts = stackalloc int[threads];
        for (var round = 1; round <= 2000; round++)
        {
            var work = new Count(counts);
            crew.Run(ref work, threads);
            for (var part = 0; part < threads; part++)
                Assert.Equal(round, counts[part]);
        }
    }

    [Fact]
    public void Sleeping_threads_wake_up_for_work()
    {
        using var crew = new Crew(3);
        var counts = stackalloc int[3];
        for (var round = 1; round <= 20; round++)
        {
            Thread.Sleep(5);
            var work = new Count(counts);
            crew.Run(ref work, 3);
            Assert.Equal((round, round, round), (counts[0], counts[1], counts[2]));
        }
    }

    [Fact]
    public void A_failure_in_another_thread_reaches_the_caller_and_the_crew_goes_on()
    {
        using var crew = new Crew(2);
        var failing = default(Fail);
        Assert.IsType<TimeZoneNotFoundException>(Assert.Throws<InvalidOperationException>(() => RunFailing(crew, failing)).InnerException);

        var counts = stackalloc int[2];
        var work = new Count(counts);
        crew.Run(ref work, 2);
        Assert.Equal((1, 1), (counts[0], counts[1]));
    }

    [Fact]
    public void No_thread_is_left_behind()
    {
        new Crew(4).Dispose();
        var before = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
        for (var i = 0; i < 50; i++)
            new Crew(4).Dispose();
        Assert.InRange(System.Diagnostics.Process.GetCurrentProcess().Threads.Count, 0, before + 20);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Products_have_the_same_bits_whoever_computes_them(int threads)
    {
        using var crew = new Crew(threads);
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(64, 784, 128), (100, 300, 70), (33, 1024, 1100), (600, 50, 40), (512, 257, 31)])
        {
            CheckSharing(crew, rows, inner, columns);
            CheckCopies(crew, Samples.Numbers(rows * inner, seed: 1), Samples.Numbers(inner * columns, seed: 2), rows, inner, columns);
        }
    }

    /// <summary>From too little for two threads to enough for three, cut by rows and by columns.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Products_of_every_length_have_the_same_bits_whoever_computes_them(int threads)
    {
        using var crew = new Crew(threads);
        for (var length = 20; length <= 100; length++)
        {
            CheckSharing(crew, rows: length, inner: 400, columns: 61);
            CheckSharing(crew, rows: 61, inner: 400, columns: length);
        }
    }

    private static void CheckSharing(Crew crew, int rows, int inner, int columns)
    {
        var left = Samples.Numbers(rows * inner, seed: 1);
        var right = Samples.Numbers(inner * columns, seed: 2);
        var bias = Samples.Numbers(columns, seed: 3);
        foreach (var kernel in MatrixKernel.All)
        {
            var (alone, together) = (new float[rows * columns], new float[rows * columns]);
            kernel.Run(left, right, bias, alone, rows, inner, columns, null);
            kernel.Run(left, right, bias, together, rows, inner, columns, crew);
            Assert.True(alone.AsSpan().SequenceEqual(together), $"{kernel} of {rows} x {inner} x {columns} on {crew.Threads} threads");
        }
    }

    /// <summary>Each thread reads its own copy of the left matrix and none another's.</summary>
    private static void CheckCopies(Crew crew, float[] left, float[] right, int rows, int inner, int columns)
    {
        var buffers = Enumerable.Range(0, crew.Threads).Select(_ => new AlignedBuffer(left.Length)).ToArray();
        var pointers = stackalloc float*[buffers.Length];
        for (var i = 0; i < buffers.Length; i++)
        {
            left.CopyTo(buffers[i].Span);
            pointers[i] = buffers[i].Pointer;
        }

        var (alone, together) = (new float[rows * columns], new float[rows * columns]);
        MatrixProduct.Multiply(left, right, [], alone, rows, inner, columns);
        // The matrix itself is of no use where there are copies.
        MatrixProduct.Multiply(new float[left.Length], right, [], together, rows, inner, columns, crew, new MatrixCopies(pointers));
        var isShared = (long)rows * inner * columns >= 600_000;
        Assert.Equal(isShared ? alone : new float[alone.Length], together);
        GC.KeepAlive(buffers);
    }

    private static void RunFailing(Crew crew, Fail work) => crew.Run(ref work, 2);

    private readonly struct Count(int* counts) : ICrewWork
    {
        public void Do(int part, int parts) => counts[part]++;
    }

    private readonly struct Fail : ICrewWork
    {
        public void Do(int part, int parts)
        {
            if (part == 1)
                throw new TimeZoneNotFoundException();
        }
    }
}
