using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The means of a matrix's columns, such as of the predictions of several networks: (networks x values) gives one prediction.</summary>
internal static unsafe class ColumnMeans
{
    /// <param name="matrix">(rows x columns), row-major.</param>
    /// <param name="rows">At least 1; added in their order.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="means">(columns), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* matrix, int rows, int columns, float* means) => Elementwise.Run(new Kernel(matrix, rows, columns, means), columns);

    private readonly struct Kernel(float* matrix, int rows, nint columns, float* means) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            // Every value is multiplied by 1 / rows before it is added, so that the mean of finite numbers cannot overflow.
            var share = TV.Broadcast(1f / rows);
            var first = TV.Load(matrix + index);
            var (sum, spread) = (first * share, TV.Broadcast(0f));
            for (var row = 1; row < rows; row++)
            {
                var next = TV.Load(matrix + row * columns + index);
                sum = TV.FusedMultiplyAdd(next, share, sum);
                spread += TV.Abs(next - first);
            }

            // The products are rounded, so their sum may miss the mean of equal numbers, which is that number.
            TV.Select(TV.LessThan(spread, TV.Broadcast(float.Epsilon)), first, sum).Store(means + index);
        }
    }
}
