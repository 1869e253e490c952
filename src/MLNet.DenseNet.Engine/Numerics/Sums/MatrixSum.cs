using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sum of two matrices, element by element.</summary>
internal static unsafe class MatrixSum
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen: most of the time is spent waiting for memory.
    private const long MultiplyAddsPerElement = 16;

    /// <summary>sum = left + right.</summary>
    /// <param name="left">(rows x columns), row-major.</param>
    /// <param name="right">(rows x columns).</param>
    /// <param name="sum">(rows x columns), row-major, to be filled; may be one of the others.</param>
    /// <param name="saturates">Whether sums are limited to the largest finite numbers instead of becoming infinite.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* left, MatrixRows right, float* sum, bool saturates, ThreadTeam? team)
    {
        var shares = RangeShares.For(team, (long)right.Rows * right.Columns * MultiplyAddsPerElement, right.Rows);
        shares.Run(new Rows(left, right, sum, saturates), team);
    }

    /// <summary>sum = left + right in a part of row-major matrices, for one thread.</summary>
    /// <param name="left">(rows x columns).</param>
    /// <param name="right">(rows x columns).</param>
    /// <param name="sum">(rows x columns), to be filled; may be one of the others.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="part">Which elements.</param>
    /// <param name="saturates">As above.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* left, float* right, float* sum, int columns, MatrixPart part, bool saturates)
    {
        if (saturates)
            Elementwise.Run(new SaturatedAddition(left, right, sum), columns, part);
        else
            Elementwise.Run(new Addition(left, right, sum), columns, part);
    }

    private readonly struct Rows(float* left, MatrixRows right, float* sum, bool saturates) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            if (right.IsContiguous)
            {
                MatrixSum.Run(left, right.Elements, sum, right.Columns, new MatrixPart(row, end, 0, right.Columns), saturates);
                return;
            }

            for (; row < end; row++)
            {
                var first = (nint)row * right.Columns;
                MatrixSum.Run(left + first, right.Start(row), sum + first, right.Columns, MatrixPart.Whole(1, right.Columns), saturates);
            }
        }
    }

    private readonly struct Addition(float* x, float* y, float* z) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(x + index) + TV.Load(y + index)).Store(z + index);
    }

    private readonly struct SaturatedAddition(float* x, float* y, float* z) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => Saturation.Apply(TV.Load(x + index) + TV.Load(y + index)).Store(z + index);
    }
}
