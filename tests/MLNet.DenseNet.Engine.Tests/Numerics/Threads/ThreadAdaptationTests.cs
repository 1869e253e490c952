using System.Diagnostics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>The choice of a number of threads on machines whose times are made up, so that nothing depends on the one that runs the tests.</summary>
public class ThreadAdaptationTests
{
    private const double Microsecond = 1;
    private const double Millisecond = 1000 * Microsecond;
    private const double Second = 1000 * Millisecond;

    /// <summary>A machine to itself, steps from 20 microseconds to a tenth of a second, and threads that bring much or little.</summary>
    [Theory]
    [InlineData(2, 20 * Microsecond, 0.95)]
    [InlineData(2, 200 * Microsecond, 0.95)]
    [InlineData(2, 200 * Microsecond, 0.2)]
    [InlineData(2, 5 * Millisecond, 0.9)]
    [InlineData(2, 100 * Millisecond, 0.9)]
    [InlineData(4, 200 * Microsecond, 0.9)]
    [InlineData(16, 200 * Microsecond, 0.9)]
    [InlineData(64, 2 * Millisecond, 0.9)]
    public void On_a_quiet_machine_nearly_nothing_is_lost(int processors, double step, double gain)
    {
        var machine = new Machine(threads => step / (1 + gain * (threads - 1)));
        var adaptation = new ThreadAdaptation(processors, processors);
        foreach (var length in (double[])[0.1 * Second, 1 * Second, 10 * Second])
            Assert.InRange(machine.Ratio(adaptation, length), 0.99, 1.02);
        Assert.Equal(processors, adaptation.Threads);
    }

    [Theory]
    [InlineData(16, 4)]
    [InlineData(16, 1)]
    [InlineData(64, 6)]
    [InlineData(1024, 32)]
    public void Where_more_threads_only_cost_the_best_number_is_found_in_a_moment(int processors, int best)
    {
        var machine = new Machine(threads => 300 * Microsecond * (1.0 / threads + (double)threads / (best * best)));
        var adaptation = new ThreadAdaptation(processors, processors);
        machine.Ratio(adaptation, 0.2 * Second);
        Assert.InRange(machine.StepTime(adaptation.Threads) / machine.StepTime(best), 1, 1.1);
    }

    /// <summary>Other work takes some processors: a step with more threads than are left waits, now and then, for the time slice of another process.</summary>
    [Theory]
    [InlineData(2, 1, 150 * Microsecond, 3 * Millisecond)]
    [InlineData(2, 1, 150 * Microsecond, 12 * Millisecond)]
    [InlineData(2, 1, 3 * Millisecond, 4 * Millisecond)]
    [InlineData(4, 1, 150 * Microsecond, 4 * Millisecond)]
    [InlineData(16, 3, 150 * Microsecond, 4 * Millisecond)]
    [InlineData(16, 12, 150 * Microsecond, 4 * Millisecond)]
    [InlineData(64, 40, 500 * Microsecond, 4 * Millisecond)]
    public void On_a_busy_machine_it_is_near_the_best_and_comes_back(int processors, int busy, double step, double slice)
    {
        var machine = new Machine(threads => step / (1 + 0.7 * (threads - 1)));
        var adaptation = new ThreadAdaptation(processors, processors);
        machine.Ratio(adaptation, 1 * Second);
        Assert.Equal(processors, adaptation.Threads);

        (machine.Free, machine.Slice) = (processors - busy, slice);
        Assert.InRange(machine.Ratio(adaptation, 3 * Second), 0.9, 1.2);

        (machine.Free, machine.Slice) = (int.MaxValue, 0);
        machine.Ratio(adaptation, 2 * Second);
        Assert.Equal(processors, adaptation.Threads);
    }

    /// <summary>A training that begins while others work.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 8)]
    public void A_training_that_begins_on_a_busy_machine_is_soon_near_the_best(int processors, int busy)
    {
        var machine = new Machine(threads => 400 * Microsecond / (1 + 0.2 * (threads - 1))) { Free = processors - busy, Slice = 3 * Millisecond };
        Assert.InRange(machine.Ratio(new ThreadAdaptation(processors, processors), 0.25 * Second), 0.9, 1.2);
    }

    /// <summary>A quota lets two threads work three quarters of each tenth of a second: a little more than one thread does.</summary>
    [Theory]
    [InlineData(0.95)]
    [InlineData(0.1)]
    public void Under_a_quota_it_is_near_the_better_number(double gain)
    {
        var machine = new Machine(threads => 200 * Microsecond / (1 + gain * (threads - 1))) { QuotaOfTwo = 0.75 };
        Assert.InRange(machine.Ratio(new ThreadAdaptation(2, 2), 3 * Second), 0.9, 1.1);
    }

    /// <summary>A training that begins beside others begins with its share of the processors, and takes more where there are more.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 3)]
    public void What_begins_with_few_takes_what_it_gets(int processors, int start)
    {
        var machine = new Machine(threads => 200 * Microsecond / (1 + 0.7 * (threads - 1)));
        var adaptation = new ThreadAdaptation(processors, start);
        Assert.Equal(start, adaptation.Threads);
        machine.Ratio(adaptation, 0.3 * Second);
        Assert.Equal(processors, adaptation.Threads);
    }

    [Fact]
    public void Chance_does_not_decide()
    {
        var machine = new Machine(threads => 150 * Microsecond / (1 + 0.3 * (threads - 1))) { Noise = 0.5 };
        Assert.InRange(machine.Ratio(new ThreadAdaptation(2, 2), 5 * Second), 0.98, 1.05);
    }

    [Fact]
    public void Only_steps_of_the_largest_size_are_compared()
    {
        var adaptation = new ThreadAdaptation(2, 2);
        for (var step = 0; step < 20_000; step++)
        {
            adaptation.Add(Ticks(100 * Microsecond / adaptation.Threads), size: 64);
            // The last batches of epochs are smaller, so their time must not count.
            adaptation.Add(Ticks(adaptation.Threads == 2 ? 400 * Microsecond : 1), size: 3);
        }

        Assert.Equal(2, adaptation.Threads);
    }

    private static long Ticks(double microseconds) => (long)(microseconds * Stopwatch.Frequency / 1e6);

    /// <summary>Takes a time for each step, by the number of its threads.</summary>
    [Fact]
    public void Nothing_is_allocated_whatever_is_tried()
    {
        var adaptation = new ThreadAdaptation(16, 16);
        var random = new Random(1);
        var tried = 0;
        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (var step = 0; step < 20_000; step++)
            {
                var threads = adaptation.Threads;
                // Now and then other work keeps all processors but one.
                adaptation.Add(Ticks(random.NextDouble() < 0.1 && threads > 1 ? 20 * Millisecond : 200 * Microsecond), size: 1);
                tried |= 1 << threads;
            }
        }));
        Assert.InRange(int.PopCount(tried), 4, 16);
    }

    private sealed class Machine(Func<int, double> stepTime)
    {
        private double _now;

        /// <summary>The processors that no other work has.</summary>
        public int Free { get; set; } = int.MaxValue;

        /// <summary>How long other work keeps a processor.</summary>
        public double Slice { get; set; }

        /// <summary>The share of the time that two threads get; one gets all.</summary>
        public double QuotaOfTwo { get; init; } = 1;

        /// <summary>By which share steps differ by chance.</summary>
        public double Noise { get; init; }

        public double StepTime(int threads) => stepTime(threads);

        /// <summary>The time of a training divided by that with the best fixed number of threads. The given length is what it would take with all threads and no other work.</summary>
        public double Ratio(ThreadAdaptation adaptation, double length)
        {
            var best = Enumerable.Range(1, adaptation.Most).Min(threads => Run(() => threads, _ => { }, adaptation.Most, length));
            return Run(() => adaptation.Threads, time => adaptation.Add(Ticks(time), size: 1), adaptation.Most, length) / best;
        }

        /// <summary>What the steps take.</summary>
        private double Run(Func<int> threadsOf, Action<double> add, int most, double length)
        {
            var (random, total) = (new Random(1), 0.0);
            for (var (step, steps) = (0, Math.Ceiling(length / stepTime(most))); step < steps; step++)
            {
                var threads = threadsOf();
                var time = stepTime(threads) * (1 + Noise * (2 * random.NextDouble() - 1));
                // Each thread without a processor of its own shares one, and is interrupted once in the time of a slice.
                var without = Math.Max(0, threads - Free);
                if (random.NextDouble() < 1 - Math.Pow(1 - time / (time + Slice), without))
                    time += Slice * random.NextDouble();
                if (threads > 1 && (_now + time) % (100 * Millisecond) > QuotaOfTwo * 100 * Millisecond)
                    time += (1 - QuotaOfTwo) * 100 * Millisecond;
                add(time);
                _now += time;
                total += time;
            }

            return total;
        }
    }
}
