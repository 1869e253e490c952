using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The register tiles: c = start + a · b for a few rows and a few vectors of columns, whose sums stay in registers while the inner
/// index runs. Rows of b and c lie bRow and cRow apart.
/// </summary>
/// <remarks>A tile starts from the values in start, startRow apart, or from zero where it is null.</remarks>
internal readonly unsafe struct MatrixTiles(nint bRow, nint cRow, nint startRow, int inner)
{
    public const int Rows = 8;

    /// <summary>One or two vectors of columns, all rows of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TV>(in LeftBlock a, float* b, float* start, float* c, bool isPair) where TV : struct, ISimd<TV>
    {
        if (a.InnerOffsets == null)
            Run<TV, Steps>(in a, b, start, c, isPair);
        else
            Run<TV, Jumps>(in a, b, start, c, isPair);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run<TV, TWalk>(in LeftBlock a, float* b, float* start, float* c, bool isPair)
        where TV : struct, ISimd<TV>
        where TWalk : struct, IWalk<TWalk>
    {
        var row = 0;
        for (; a.Rows - row > 2; row += Rows)
        {
            var group = a.Skip(row);
            if (isPair)
                Tile8X2<TV, TWalk>(in group, b, start, c);
            else
                Tile8X1<TV, TWalk>(in group, b, start, c);
            c += Rows * cRow;
            start += start == null ? 0 : Rows * startRow;
        }

        for (; row < a.Rows; row++)
        {
            var single = a.Single(row);
            if (isPair)
                Tile1X2<TV, TWalk>(in single, b, start, c);
            else
                Tile1X1<TV, TWalk>(in single, b, start, c);
            c += cRow;
            start += start == null ? 0 : startRow;
        }
    }

    /// <summary>3 to 8 rows; those that are too many repeat the first and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile8X2<TV, TWalk>(in LeftBlock left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TWalk : struct, IWalk<TWalk>
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

        var walk = TWalk.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = walk.Position;
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
            walk.Move();
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

    /// <inheritdoc cref="Tile8X2{TV, TWalk}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile8X1<TV, TWalk>(in LeftBlock left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TWalk : struct, IWalk<TWalk>
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

        var walk = TWalk.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = walk.Position;
            var y = TV.Load(b);
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), y, c0);
            c1 = TV.FusedMultiplyAdd(TV.Broadcast(a[r1]), y, c1);
            c2 = TV.FusedMultiplyAdd(TV.Broadcast(a[r2]), y, c2);
            c3 = TV.FusedMultiplyAdd(TV.Broadcast(a[r3]), y, c3);
            c4 = TV.FusedMultiplyAdd(TV.Broadcast(a[r4]), y, c4);
            c5 = TV.FusedMultiplyAdd(TV.Broadcast(a[r5]), y, c5);
            c6 = TV.FusedMultiplyAdd(TV.Broadcast(a[r6]), y, c6);
            c7 = TV.FusedMultiplyAdd(TV.Broadcast(a[r7]), y, c7);
            walk.Move();
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
    private void Tile1X2<TV, TWalk>(in LeftBlock left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TWalk : struct, IWalk<TWalk>
    {
        var (c0, c1) = start == null ? (TV.Broadcast(0f), TV.Broadcast(0f)) : (TV.Load(start), TV.Load(start + TV.Count));
        var walk = TWalk.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = walk.Position;
            var x = TV.Broadcast(*a);
            c0 = TV.FusedMultiplyAdd(x, TV.Load(b), c0);
            c1 = TV.FusedMultiplyAdd(x, TV.Load(b + TV.Count), c1);
            walk.Move();
            b += bStep;
        }

        c0.Store(c);
        c1.Store(c + TV.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile1X1<TV, TWalk>(in LeftBlock left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TWalk : struct, IWalk<TWalk>
    {
        var c0 = start == null ? TV.Broadcast(0f) : TV.Load(start);
        var walk = TWalk.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = walk.Position;
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), TV.Load(b), c0);
            walk.Move();
            b += bStep;
        }

        c0.Store(c);
    }

    /// <summary>How a tile goes along the inner index of a.</summary>
    private interface IWalk<TSelf> where TSelf : struct, IWalk<TSelf>
    {
        static abstract TSelf From(in LeftBlock left);

        float* Position { get; }

        void Move();
    }

    private struct Steps(float* position, nint step) : IWalk<Steps>
    {
        private float* _position = position;

        public readonly float* Position => _position;

        public static Steps From(in LeftBlock left) => new(left.First, left.Column);

        public void Move() => _position += step;
    }

    private struct Jumps(float* elements, nint* offset) : IWalk<Jumps>
    {
        private nint* _offset = offset;

        public readonly float* Position => elements + *_offset;

        public static Jumps From(in LeftBlock left) => new(left.First, left.InnerOffsets);

        public void Move() => _offset++;
    }
}
