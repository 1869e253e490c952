using System.Diagnostics;
using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>How the threads of a team begin, are interrupted and end.</summary>
public unsafe class ThreadTeamLifetimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Where_a_thread_does_not_start_those_that_live_end()
    {
        var started = new List<Thread>();
        Assert.Throws<TimeoutException>(() => new ThreadTeam(6, start: thread =>
        {
            if (started.Count == 3)
                throw new TimeoutException();
            thread.Start();
            started.Add(thread);
        }));
        Assert.Equal(3, started.Count);
        Assert.All(started, thread => Assert.True(thread.Join(Patience)));
    }

    [Fact]
    public void A_team_that_was_disposed_of_does_no_work_and_can_be_disposed_of_again()
    {
        var team = new ThreadTeam(3);
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => RunOnce(team));
    }

    [Fact]
    public void No_thread_is_left_behind()
    {
        var threads = new List<Thread>();
        for (var i = 0; i < 50; i++)
        {
            using var team = new ThreadTeam(4, start: thread =>
            {
                thread.Start();
                threads.Add(thread);
            });
        }

        Assert.Equal(150, threads.Count);
        Assert.All(threads, thread => Assert.True(thread.Join(Patience)));
    }

    [Fact]
    public void The_threads_of_a_team_that_nobody_disposed_of_end()
    {
        var threads = StartAndForget();
        Assert.True(SpinWait.SpinUntil(() => Collect(threads), Patience));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static List<Thread> StartAndForget()
        {
            var threads = new List<Thread>();
            var team = new ThreadTeam(4, start: thread =>
            {
                thread.Start();
                threads.Add(thread);
            });
            RunOnce(team);
            return threads;
        }
    }

    [Fact]
    public void The_threads_of_a_workspace_that_nobody_disposed_of_end()
    {
        const int Workspaces = 20, Threads = 11;
        using var process = Process.GetCurrentProcess();
        var before = process.Threads.Count;
        Forget();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Collect([]);
                process.Refresh();
                return process.Threads.Count < before + Workspaces * (Threads - 1) / 2;
            },
            Patience));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            var network = Network.Create(300, [new DenseLayer(200)], seed: 1);
            for (var i = 0; i < Workspaces; i++)
                network.Forward(new float[100 * 300], network.CreateWorkspace(100, Threads));
        }
    }

    /// <summary>The caller must not leave while others read what lies on its stack. It hears of the interruption when it waits next.</summary>
    [Fact]
    public void A_caller_that_is_interrupted_ends_its_work_first()
    {
        const int Least = 500;
        using var team = new ThreadTeam(3);
        var counts = stackalloc int[3];
        var places = (nint)counts;
        var (rounds, interruptions, isInterrupted, isOver) = (0, 0, false, false);
        var caller = new Thread(() =>
        {
            // On a loaded machine all rounds may be over before the first interruption, or the other way round.
            for (; rounds < Least || Volatile.Read(ref interruptions) < Least; rounds++)
            {
                var work = new CountSlowly((int*)places, (rounds % 4) * 50);
                team.Run(ref work, 3);
            }

            try
            {
                Thread.Sleep(0);
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }

            Volatile.Write(ref isOver, true);
        });
        caller.Start();
        while (!Volatile.Read(ref isOver))
        {
            caller.Interrupt();
            Interlocked.Increment(ref interruptions);
            Thread.SpinWait(100);
        }

        caller.Join();
        Assert.True(isInterrupted);
        Assert.Equal((rounds, rounds, rounds), (counts[0], counts[1], counts[2]));
    }

    private static bool Collect(List<Thread> threads)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return threads.TrueForAll(thread => thread.Join(10));
    }

    private static void RunOnce(ThreadTeam team)
    {
        var work = default(Nothing);
        team.Run(ref work, team.Threads);
    }

    private readonly struct Nothing : ITeamWork
    {
        public void Do(int part, int parts)
        {
        }
    }

    /// <summary>The parts take unlike times, so that their threads wait for each other awake and asleep.</summary>
    private readonly struct CountSlowly(int* counts, int microseconds) : ITeamWork
    {
        public void Do(int part, int parts)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < part * microseconds)
                Thread.SpinWait(1);
            counts[part]++;
        }
    }
}
