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
            var first = TV.Load(blocks + index);
            var (sum, spread) = (first * share, TV.Broadcast(0f));
            for (var block = 1; block < count; block++)
            {
                var next = TV.Load(blocks + (nint)block * length + index);
                sum = TV.FusedMultiplyAdd(next, share, sum);
                spread += TV.Abs(next - first);
            }

            // Shares are rounded: the mean of numbers that are all the same is that number only so.
            TV.Select(TV.LessThan(spread, TV.Broadcast(float.Epsilon)), first, sum).Store(mean + index);
        }
    }
}
