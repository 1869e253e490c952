using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Steps through the inner index of a micro-panel of a, and finds its rows.</summary>
internal unsafe interface IInnerIndex<TSelf> where TSelf : struct, IInnerIndex<TSelf>
{
    /// <summary>At the first element of a micro-panel.</summary>
    static abstract TSelf From(in PackedA left);

    /// <summary>Elements from the first row to another one.</summary>
    /// <param name="row">The row, a constant.</param>
    /// <param name="distance">The same as <see cref="PackedA.Distance"/> says.</param>
    static abstract nint Distance(int row, nint distance);

    /// <summary>The first row's element.</summary>
    float* Position { get; }

    /// <summary>
    /// The same, where it pays by a pointer that the compiler does not know to be the same. An element read twice by one pointer is brought to a register once; by two pointers, each multiplication reads it, which takes
    /// an instruction less and a load more. A core that two programs share is short of instructions, another one of loads; so half of the rows are read in each way.
    /// </summary>
    float* PositionAgain { get; }

    /// <summary>Goes to the next element.</summary>
    void Move();
}

/// <summary>Elements that lie a fixed stride apart.</summary>
internal unsafe struct StridedIndex(float* position, nint step) : IInnerIndex<StridedIndex>
{
    private float* _position = position;

    public readonly float* Position => _position;

    public readonly float* PositionAgain => _position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StridedIndex From(in PackedA left) => new(left.First, left.Column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Distance(int row, nint distance) => distance;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move() => _position += step;
}

/// <summary>A whole micro-panel whose rows lie next to each other: distances are constants then, for which instructions that read memory have room.</summary>
internal unsafe struct AdjacentIndex(float* position, nint step, nint zero) : IInnerIndex<AdjacentIndex>
{
    private float* _position = position;
    private float* _again = position + zero;

    public readonly float* Position => _position;

    public readonly float* PositionAgain => _again;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdjacentIndex From(in PackedA left)
    {
        // A number of rows is not negative, which the compiler does not know.
        var zero = left.Rows >> 31;
        return new(left.First, left.Column, zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Distance(int row, nint distance) => row;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move()
    {
        _position += step;
        _again += step;
    }
}

/// <summary>Elements that lie anywhere, as what a window over an image sees.</summary>
internal unsafe struct OffsetIndex(float* elements, nint* offset) : IInnerIndex<OffsetIndex>
{
    private nint* _offset = offset;

    public readonly float* Position => elements + *_offset;

    public readonly float* PositionAgain => Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OffsetIndex From(in PackedA left) => new(left.First, left.InnerOffsets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Distance(int row, nint distance) => distance;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move() => _offset++;
}
