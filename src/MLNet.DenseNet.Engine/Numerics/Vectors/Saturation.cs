using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Replaces infinities by the largest finite numbers of their sign; not-a-number stays itself.</summary>
internal static unsafe class Saturation
{
    /// <param name="values">(rows x columns), row-major, changed in place.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="part">Which elements.</param>
    public static void Run(float* values, int columns, MatrixPart part) => Elementwise.Map(default(Operator), values, values, columns, part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x) where TV : struct, ISimd<TV> => ElementaryFunctions.Clamp(x, float.MinValue, float.MaxValue);

    private readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => Apply(x);
    }
}
