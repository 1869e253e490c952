using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Convex combinations of two rows, as mixup makes them.</summary>
internal static unsafe class RowMixing
{
    /// <summary>destination = share * first + (1 - share) * second.</summary>
    /// <param name="first">(length).</param>
    /// <param name="second">(length).</param>
    /// <param name="share">The weight of the first, in [0, 1].</param>
    /// <param name="destination">(length).</param>
    /// <param name="length">How many values.</param>
    public static void Run(float* first, float* second, float share, float* destination, int length) => Elementwise.Run(new Kernel(first, second, share, destination), length);

    private readonly struct Kernel(float* first, float* second, float share, float* destination) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Broadcast(1 - share), TV.Load(second + index), TV.Broadcast(share) * TV.Load(first + index)).Store(destination + index);
    }
}
