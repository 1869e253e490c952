using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Two pieces of work on the same parts. A thread does the second right after the first, while the part is in its cache.</summary>
internal readonly struct WorkPair<TFirst, TSecond>(in TFirst first, in TSecond second) : IPartWork
    where TFirst : struct, IPartWork
    where TSecond : struct, IPartWork
{
    private readonly TFirst _first = first;
    private readonly TSecond _second = second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Do(MatrixPart part)
    {
        // By reference: the compiler copies a read-only field before each call.
        Unsafe.AsRef(in _first).Do(part);
        Unsafe.AsRef(in _second).Do(part);
    }
}
