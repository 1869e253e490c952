using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The exponential moving average of a network's trained parameters and of its running statistics; see <see cref="TrainingOptions.AverageWeights"/>.</summary>
/// <param name="network">The network; not an ensemble.</param>
internal sealed class WeightAverage(Network network)
{
    // A thread that reads and writes memory does so many multiply-adds of a product in the time of an element.
    private const int MultiplyAddsPerElement = 16;

    // Over the steps of how many epochs it is taken.
    private const long Epochs = 2;

    // Over how many steps that is; 0 between epochs.
    private long _horizon;

    /// <summary>While steps are taken, the average; between epochs, when the network holds that, the weights that the steps led to.</summary>
    public AlignedBuffer Other { get; } = new(network.LearnedLength);

    /// <summary>The weights averaged; set where training goes on from a checkpoint.</summary>
    public long Count { get; set; }

    /// <summary>Begins an epoch: the network holds the weights that the steps led to.</summary>
    /// <param name="steps">Of an epoch.</param>
    public void BeginEpoch(int steps)
    {
        _horizon = Epochs * steps;
        Exchange();
    }

    /// <summary>Ends an epoch, if one was begun: the network holds the average.</summary>
    public void EndEpoch()
    {
        if (_horizon == 0)
            return;
        _horizon = 0;
        Exchange();
    }

    /// <summary>Takes in the weights after a step of an epoch that was begun. As long as there are fewer than those of the horizon, it is the mean of all.</summary>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ThreadTeam? team)
    {
        if (_horizon == 0)
            return;
        Count++;
        var shares = RangeShares.For(team, (long)network.LearnedLength * MultiplyAddsPerElement, network.LearnedLength, AlignedBuffer.Alignment);
        shares.Run(new Averaging(network, Other, (float)(1.0 / Math.Min(Count, _horizon))), team);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Exchange()
    {
        // Before the first step there is no average.
        if (Count == 0)
            return;
        Elementwise.Run(new Exchanging(network.Buffer.Pointer, Other.Pointer), network.LearnedLength);
        network.Buffer.NoteChange();
    }

    private readonly struct Averaging(Network network, AlignedBuffer average, float share) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public unsafe void Do(int first, int end)
        {
            Elementwise.Run(new Mixing(network.Buffer.Pointer, average.Pointer, share), first, end);
        }
    }

    /// <summary>average = share * weights + (1 - share) * average.</summary>
    private readonly unsafe struct Mixing(float* weights, float* average, float share) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Broadcast(share), TV.Load(weights + index), TV.Broadcast(1 - share) * TV.Load(average + index)).Store(average + index);
    }

    private readonly unsafe struct Exchanging(float* left, float* right) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var value = TV.Load(left + index);
            TV.Load(right + index).Store(left + index);
            value.Store(right + index);
        }
    }
}
