using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>An array that never moves, so that kernels can keep pointers to it. The default value is none: it has no elements and a null pointer.</summary>
internal readonly struct PinnedArray<T> where T : unmanaged
{
    private readonly T[]? _array;

    /// <param name="length">The number of elements.</param>
    /// <param name="isZeroed">Whether all elements are 0 at first; otherwise they are what the memory held.</param>
    public PinnedArray(int length, bool isZeroed = true) =>
        _array = isZeroed ? GC.AllocateArray<T>(length, pinned: true) : GC.AllocateUninitializedArray<T>(length, pinned: true);

    public int Length => _array is null ? 0 : _array.Length;

    public Span<T> Span => _array;

    /// <summary>The first element; valid as long as this array is reachable. Null for the default value only, not for an array without elements.</summary>
    public unsafe T* Pointer => _array is null ? null : (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));

    /// <summary>The first element, which keeps the array reachable; not checked for being there.</summary>
    public ref T First => ref MemoryMarshal.GetArrayDataReference(_array!);

    public ref T this[int index] => ref _array![index];
}
