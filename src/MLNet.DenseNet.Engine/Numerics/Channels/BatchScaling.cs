using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A function of a batch that is linear in each channel, y = (x - mean) * factor + shift; or, where there is a gradient, factor * gradient + slope * (x - mean) + shift.</summary>
/// <param name="x">The positions.</param>
/// <param name="means">(channels).</param>
/// <param name="factors">(channels).</param>
/// <param name="shifts">(channels).</param>
/// <param name="y">(positions x channels), to be filled.</param>
/// <param name="saturates">Whether infinities become the largest finite numbers.</param>
internal readonly unsafe struct BatchScaling(PositionRows x, float* means, float* factors, float* shifts, float* y, bool saturates) : IPieceWork
{
    /// <summary>(positions x channels), or null.</summary>
    public float* Gradient { get; init; }

    /// <summary>(channels), where there is a gradient.</summary>
    public float* Slopes { get; init; }

    /// <param name="threads">How many threads the work is worth.</param>
    /// <param name="team">Who shares it; null for the caller alone.</param>
    public void Run(int threads, ThreadTeam? team) => x.Pieces.Run(in this, threads, team);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece, int first, int end)
    {
        var offsets = stackalloc nint[end - first];
        var start = (nint)first * x.Channels;
        if (Gradient == null)
            ChannelScaling.Run(x[first, end, offsets], means, factors, shifts, y + start, saturates);
        else
            ChannelScaling.Gradient(x[first, end, offsets], means, Gradient + start, factors, Slopes, shifts, y + start);
    }
}
