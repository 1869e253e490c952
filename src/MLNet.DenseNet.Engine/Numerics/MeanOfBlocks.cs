using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The mean of several blocks of numbers, element by element.</summary>
internal static class MeanOfBlocks
{
    /// <param name="blocks">(count x length).</param>
    /// <param name="count">How many blocks, at least 1; added up in their order.</param>
    /// <param name="length">The length of a block.</param>
    /// <param name="mean">(length), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run(float* blocks, int count, int length, float* mean) =>
        Elementwise.Run(new Kernel(blocks, count, length, mean), length);

    private readonly unsafe struct Kernel(float* blocks, int count, int length, float* mean) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            // Shares are added, not values, so that the mean of finite numbers is finite.
            var share = TV.Broadcast(1f / count);
            var sum = TV.Load(blocks + index) * share;
            for (var block = 1; block < count; block++)
                sum = TV.FusedMultiplyAdd(TV.Load(blocks + (nint)block * length + index), share, sum);
            sum.Store(mean + index);
        }
    }
}
