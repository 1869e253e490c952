using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// c = start + a · b for a few rows and a few vectors of columns, whose sums stay in registers while the inner index runs. Rows of b and c lie bRow
/// and cRow apart.
/// </summary>
/// <remarks>Rows of start lie startRow apart; where it is null, sums start from zero.</remarks>
internal readonly unsafe struct MicroKernel(nint bRow, nint cRow, nint startRow, int inner)
{
    /// <summary>Rows at once: mr, as BLIS calls it.</summary>
    public const int Rows = 8;

    /// <summary>Computes all rows of a for one vector of columns, or for two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TV>(in PackedA a, float* b, float* start, float* c, bool isPair) where TV : struct, ISimd<TV>
    {
        if (a.InnerOffsets == null)
            Run<TV, Strided>(in a, b, start, c, isPair);
        else
            Run<TV, Indexed>(in a, b, start, c, isPair);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run<TV, TIndex>(in PackedA a, float* b, float* start, float* c, bool isPair)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var row = 0;
        for (; a.Rows - row > 2; row += Rows)
        {
            var microPanel = a.Skip(row);
            if (isPair)
                Rows8Vectors2<TV, TIndex>(in microPanel, b, start, c);
            else
                Rows8Vectors1<TV, TIndex>(in microPanel, b, start, c);
            c += Rows * cRow;
            start += start == null ? 0 : Rows * startRow;
        }

        for (; row < a.Rows; row++)
        {
            var single = a.Single(row);
            if (isPair)
                Rows1Vectors2<TV, TIndex>(in single, b, start, c);
            else
                Rows1Vectors1<TV, TIndex>(in single, b, start, c);
            c += cRow;
            start += start == null ? 0 : startRow;
        }
    }

    /// <summary>Always computes 8 rows, for 3 to 8 that exist: missing rows read the first one again, and their results are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows8Vectors2<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var rows = left.Rows;
        var (r1, r2) = (left.Distance(1), left.Distance(2));
        var r3 = rows > 3 ? left.Distance(3) : 0;
        var r4 = rows > 4 ? left.Distance(4) : 0;
        var r5 = rows > 5 ? left.Distance(5) : 0;
        var r6 = rows > 6 ? left.Distance(6) : 0;
        var r7 = rows > 7 ? left.Distance(7) : 0;
        TV c00, c10, c20, c30, c40, c50, c60, c70, c01, c11, c21, c31, c41, c51, c61, c71;
        if (start == null)
        {
            c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = c01 = c11 = c21 = c31 = c41 = c51 = c61 = c71 = TV.Broadcast(0f);
        }
        else
        {
            var s = start;
            (c00, c01) = (TV.Load(s), TV.Load(s + TV.Count));
            (c10, c11) = (TV.Load(s += startRow), TV.Load(s + TV.Count));
            (c20, c21) = (TV.Load(s += startRow), TV.Load(s + TV.Count));
            (c30, c31) = (TV.Load(s += rows > 3 ? startRow : 0), TV.Load(s + TV.Count));
            (c40, c41) = (TV.Load(s += rows > 4 ? startRow : 0), TV.Load(s + TV.Count));
            (c50, c51) = (TV.Load(s += rows > 5 ? startRow : 0), TV.Load(s + TV.Count));
            (c60, c61) = (TV.Load(s += rows > 6 ? startRow : 0), TV.Load(s + TV.Count));
            (c70, c71) = (TV.Load(s += rows > 7 ? startRow : 0), TV.Load(s + TV.Count));
        }

        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var (y0, y1) = (TV.Load(b), TV.Load(b + TV.Count));
            var x = TV.Broadcast(*a);
            c00 = TV.FusedMultiplyAdd(x, y0, c00);
            c01 = TV.FusedMultiplyAdd(x, y1, c01);
            x = TV.Broadcast(a[r1]);
            c10 = TV.FusedMultiplyAdd(x, y0, c10);
            c11 = TV.FusedMultiplyAdd(x, y1, c11);
            x = TV.Broadcast(a[r2]);
            c20 = TV.FusedMultiplyAdd(x, y0, c20);
            c21 = TV.FusedMultiplyAdd(x, y1, c21);
            x = TV.Broadcast(a[r3]);
            c30 = TV.FusedMultiplyAdd(x, y0, c30);
            c31 = TV.FusedMultiplyAdd(x, y1, c31);
            x = TV.Broadcast(a[r4]);
            c40 = TV.FusedMultiplyAdd(x, y0, c40);
            c41 = TV.FusedMultiplyAdd(x, y1, c41);
            x = TV.Broadcast(a[r5]);
            c50 = TV.FusedMultiplyAdd(x, y0, c50);
            c51 = TV.FusedMultiplyAdd(x, y1, c51);
            x = TV.Broadcast(a[r6]);
            c60 = TV.FusedMultiplyAdd(x, y0, c60);
            c61 = TV.FusedMultiplyAdd(x, y1, c61);
            x = TV.Broadcast(a[r7]);
            c70 = TV.FusedMultiplyAdd(x, y0, c70);
            c71 = TV.FusedMultiplyAdd(x, y1, c71);
            index.Move();
            b += bStep;
        }

        var row = cRow;
        c00.Store(c);
        c01.Store(c + TV.Count);
        c10.Store(c += row);
        c11.Store(c + TV.Count);
        c20.Store(c += row);
        c21.Store(c + TV.Count);
        if (rows == 3)
            return;
        c30.Store(c += row);
        c31.Store(c + TV.Count);
        if (rows == 4)
            return;
        c40.Store(c += row);
        c41.Store(c + TV.Count);
        if (rows == 5)
            return;
        c50.Store(c += row);
        c51.Store(c + TV.Count);
        if (rows == 6)
            return;
        c60.Store(c += row);
        c61.Store(c + TV.Count);
        if (rows == 7)
            return;
        c70.Store(c += row);
        c71.Store(c + TV.Count);
    }

    /// <inheritdoc cref="Rows8Vectors2{TV, TIndex}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows8Vectors1<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var rows = left.Rows;
        var (r1, r2) = (left.Distance(1), left.Distance(2));
        var r3 = rows > 3 ? left.Distance(3) : 0;
        var r4 = rows > 4 ? left.Distance(4) : 0;
        var r5 = rows > 5 ? left.Distance(5) : 0;
        var r6 = rows > 6 ? left.Distance(6) : 0;
        var r7 = rows > 7 ? left.Distance(7) : 0;
        TV c0, c1, c2, c3, c4, c5, c6, c7;
        if (start == null)
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = TV.Broadcast(0f);
        }
        else
        {
            var s = start;
            c0 = TV.Load(s);
            c1 = TV.Load(s += startRow);
            c2 = TV.Load(s += startRow);
            c3 = TV.Load(s += rows > 3 ? startRow : 0);
            c4 = TV.Load(s += rows > 4 ? startRow : 0);
            c5 = TV.Load(s += rows > 5 ? startRow : 0);
            c6 = TV.Load(s += rows > 6 ? startRow : 0);
            c7 = TV.Load(s += rows > 7 ? startRow : 0);
        }

        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var y = TV.Load(b);
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), y, c0);
            c1 = TV.FusedMultiplyAdd(TV.Broadcast(a[r1]), y, c1);
            c2 = TV.FusedMultiplyAdd(TV.Broadcast(a[r2]), y, c2);
            c3 = TV.FusedMultiplyAdd(TV.Broadcast(a[r3]), y, c3);
            c4 = TV.FusedMultiplyAdd(TV.Broadcast(a[r4]), y, c4);
            c5 = TV.FusedMultiplyAdd(TV.Broadcast(a[r5]), y, c5);
            c6 = TV.FusedMultiplyAdd(TV.Broadcast(a[r6]), y, c6);
            c7 = TV.FusedMultiplyAdd(TV.Broadcast(a[r7]), y, c7);
            index.Move();
            b += bStep;
        }

        var row = cRow;
        c0.Store(c);
        c1.Store(c += row);
        c2.Store(c += row);
        if (rows == 3)
            return;
        c3.Store(c += row);
        if (rows == 4)
            return;
        c4.Store(c += row);
        if (rows == 5)
            return;
        c5.Store(c += row);
        if (rows == 6)
            return;
        c6.Store(c += row);
        if (rows == 7)
            return;
        c7.Store(c += row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows1Vectors2<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var (c0, c1) = start == null ? (TV.Broadcast(0f), TV.Broadcast(0f)) : (TV.Load(start), TV.Load(start + TV.Count));
        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var x = TV.Broadcast(*a);
            c0 = TV.FusedMultiplyAdd(x, TV.Load(b), c0);
            c1 = TV.FusedMultiplyAdd(x, TV.Load(b + TV.Count), c1);
            index.Move();
            b += bStep;
        }

        c0.Store(c);
        c1.Store(c + TV.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows1Vectors1<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var c0 = start == null ? TV.Broadcast(0f) : TV.Load(start);
        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), TV.Load(b), c0);
            index.Move();
            b += bStep;
        }

        c0.Store(c);
    }

    /// <summary>Steps through the inner index of a: by a fixed stride, or by offsets.</summary>
    private interface IInnerIndex<TSelf> where TSelf : struct, IInnerIndex<TSelf>
    {
        static abstract TSelf From(in PackedA left);

        float* Position { get; }

        void Move();
    }

    private struct Strided(float* position, nint step) : IInnerIndex<Strided>
    {
        private float* _position = position;

        public readonly float* Position => _position;

        public static Strided From(in PackedA left) => new(left.First, left.Column);

        public void Move() => _position += step;
    }

    private struct Indexed(float* elements, nint* offset) : IInnerIndex<Indexed>
    {
        private nint* _offset = offset;

        public readonly float* Position => elements + *_offset;

        public static Indexed From(in PackedA left) => new(left.First, left.InnerOffsets);

        public void Move() => _offset++;
    }
}
