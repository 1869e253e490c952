using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The register tiles: c = start + a · b for a few rows and a few vectors of columns, whose sums stay in registers while the inner
/// index runs. Element (i, k) of a group of 8 rows of a lies at i * aRow + k * aColumn; groups are groupStep
/// apart, rows of b and c bRow and cRow.
/// </summary>
/// <remarks>A tile starts from the values in start, startRow apart, or from zero where it is null.</remarks>
internal readonly unsafe struct MatrixTiles(nint aRow, nint aColumn, nint groupStep, nint bRow, nint cRow, nint startRow, int inner)
{
    public const int Rows = 8;

    /// <summary>One or two vectors of columns, so many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TV>(float* a, float* b, float* start, float* c, int rows, bool isPair) where TV : struct, ISimd<TV>
    {
        for (; rows > 2; rows -= Rows)
        {
            if (isPair)
                Tile8X2<TV>(a, b, start, c, rows);
            else
                Tile8X1<TV>(a, b, start, c, rows);
            a += groupStep;
            c += Rows * cRow;
            start += start == null ? 0 : Rows * startRow;
        }

        for (; rows > 0; rows--)
        {
            if (isPair)
                Tile1X2<TV>(a, b, start, c);
            else
                Tile1X1<TV>(a, b, start, c);
            a += aRow;
            c += cRow;
            start += start == null ? 0 : startRow;
        }
    }

    /// <summary>3 to 8 rows; those that are too many repeat the first and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile8X2<TV>(float* a, float* b, float* start, float* c, int rows) where TV : struct, ISimd<TV>
    {
        var (r1, r2) = (aRow, 2 * aRow);
        var r3 = rows > 3 ? 3 * aRow : 0;
        var r4 = rows > 4 ? 4 * aRow : 0;
        var r5 = rows > 5 ? 5 * aRow : 0;
        var r6 = rows > 6 ? 6 * aRow : 0;
        var r7 = rows > 7 ? 7 * aRow : 0;
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

        var (aStep, bStep) = (aColumn, bRow);
        for (var k = inner; k > 0; k--)
        {
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
            a += aStep;
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

    /// <inheritdoc cref="Tile8X2{TV}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile8X1<TV>(float* a, float* b, float* start, float* c, int rows) where TV : struct, ISimd<TV>
    {
        var (r1, r2) = (aRow, 2 * aRow);
        var r3 = rows > 3 ? 3 * aRow : 0;
        var r4 = rows > 4 ? 4 * aRow : 0;
        var r5 = rows > 5 ? 5 * aRow : 0;
        var r6 = rows > 6 ? 6 * aRow : 0;
        var r7 = rows > 7 ? 7 * aRow : 0;
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

        var (aStep, bStep) = (aColumn, bRow);
        for (var k = inner; k > 0; k--)
        {
            var y = TV.Load(b);
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), y, c0);
            c1 = TV.FusedMultiplyAdd(TV.Broadcast(a[r1]), y, c1);
            c2 = TV.FusedMultiplyAdd(TV.Broadcast(a[r2]), y, c2);
            c3 = TV.FusedMultiplyAdd(TV.Broadcast(a[r3]), y, c3);
            c4 = TV.FusedMultiplyAdd(TV.Broadcast(a[r4]), y, c4);
            c5 = TV.FusedMultiplyAdd(TV.Broadcast(a[r5]), y, c5);
            c6 = TV.FusedMultiplyAdd(TV.Broadcast(a[r6]), y, c6);
            c7 = TV.FusedMultiplyAdd(TV.Broadcast(a[r7]), y, c7);
            a += aStep;
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
    private void Tile1X2<TV>(float* a, float* b, float* start, float* c) where TV : struct, ISimd<TV>
    {
        var (c0, c1) = start == null ? (TV.Broadcast(0f), TV.Broadcast(0f)) : (TV.Load(start), TV.Load(start + TV.Count));
        var (aStep, bStep) = (aColumn, bRow);
        for (var k = inner; k > 0; k--)
        {
            var x = TV.Broadcast(*a);
            c0 = TV.FusedMultiplyAdd(x, TV.Load(b), c0);
            c1 = TV.FusedMultiplyAdd(x, TV.Load(b + TV.Count), c1);
            a += aStep;
            b += bStep;
        }

        c0.Store(c);
        c1.Store(c + TV.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile1X1<TV>(float* a, float* b, float* start, float* c) where TV : struct, ISimd<TV>
    {
        var c0 = start == null ? TV.Broadcast(0f) : TV.Load(start);
        var (aStep, bStep) = (aColumn, bRow);
        for (var k = inner; k > 0; k--)
        {
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*a), TV.Load(b), c0);
            a += aStep;
            b += bStep;
        }

        c0.Store(c);
    }
}
