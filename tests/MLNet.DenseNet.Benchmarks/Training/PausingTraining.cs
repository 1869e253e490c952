using System.Diagnostics;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>One long training on a thread of its own that stops between samples, so that others get the processor to themselves.</summary>
internal sealed class PausingTraining : IDisposable
{
    /// <summary>For the options: more than anyone waits for.</summary>
    public const int Epochs = int.MaxValue / 2;

    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread _thread;
    private bool _isStopping;
    private double _seconds;

    public PausingTraining(Workload workload, TrainingOptions options) : this(workload.CreateNetwork, workload.CreateData, options, workload.EpochsPerSample)
    {
    }

    /// <param name="workload">What is trained.</param>
    /// <param name="threads">How many share the work; null for as many as training finds best.</param>
    public PausingTraining(Workload workload, int? threads) : this(workload, workload.Options(Epochs, threads))
    {
    }

    public PausingTraining(Func<Network> createNetwork, Func<Dataset> createData, TrainingOptions options, int epochsPerSample = 1)
    {
        var (count, start) = (0, 0L);
        options.EpochCompleted = _ =>
        {
            if (++count % epochsPerSample != 0)
                return;
            _seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / epochsPerSample;
            _done.Release();
            _go.Wait();
            if (_isStopping)
                throw new OperationCanceledException();
            start = Stopwatch.GetTimestamp();
        };
        _thread = new Thread(() =>
        {
            _go.Wait();
            start = Stopwatch.GetTimestamp();
            try
            {
                new NetworkTrainer(createNetwork(), options).Train(createData());
            }
            catch (OperationCanceledException)
            {
                // Enough samples.
            }
        });
        _thread.Start();
    }

    /// <summary>Trains on.</summary>
    /// <returns>The seconds an epoch took.</returns>
    public double NextSample()
    {
        _go.Release();
        _done.Wait();
        return _seconds;
    }

    public void Dispose()
    {
        _isStopping = true;
        _go.Release();
        _thread.Join();
        _go.Dispose();
        _done.Dispose();
    }
}
