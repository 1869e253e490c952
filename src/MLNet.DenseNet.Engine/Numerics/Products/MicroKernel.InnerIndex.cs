using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

internal readonly unsafe partial struct MicroKernel
{
    /// <summary>Steps through the inner index of a: by a fixed stride, or by offsets.</summary>
    private interface IInnerIndex<TSelf> where TSelf : struct, IInnerIndex<TSelf>
    {
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

        void Move();
    }

    private struct Strided(float* position, nint step) : IInnerIndex<Strided>
    {
        private float* _position = position;

        public readonly float* Position => _position;

        public readonly float* PositionAgain => _position;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Strided From(in PackedA left) => new(left.First, left.Column);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Distance(int row, nint distance) => distance;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Move() => _position += step;
    }

    /// <summary>A whole micro-panel whose rows lie next to each other: distances are constants then, for which instructions that read memory have room.</summary>
    private struct Adjacent(float* position, nint step, nint zero) : IInnerIndex<Adjacent>
    {
        private float* _position = position;
        private float* _again = position + zero;

        public readonly float* Position => _position;

        public readonly float* PositionAgain => _again;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Adjacent From(in PackedA left) => new(left.First, left.Column, zero: left.Rows >> 31);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Distance(int row, nint distance) => row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Move()
        {
            _position += step;
            _again += step;
        }
    }

    private struct Indexed(float* elements, nint* offset) : IInnerIndex<Indexed>
    {
        private nint* _offset = offset;

        public readonly float* Position => elements + *_offset;

        public readonly float* PositionAgain => Position;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Indexed From(in PackedA left) => new(left.First, left.InnerOffsets);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Distance(int row, nint distance) => distance;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Move() => _offset++;
    }
}
