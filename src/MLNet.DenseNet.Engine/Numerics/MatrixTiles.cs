using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// c = a · b + start, worked off in tiles of 6 rows and 2 vectors whose sums stay in registers; narrower vectors and single rows at the edges.
/// Element (i, k) of a lies at a[i * aRow + k * aColumn]; b is inner x columns and c rows x columns, row-major.
/// </summary>
internal readonly unsafe struct MatrixTiles(
    float* a, nint aRow, nint aColumn, float* b, float* c, float* start, int rows, int inner, int columns)
{
    private const int TileRows = 6;

    public void Run()
    {
        var column = 0;
        if (Vector512.IsHardwareAccelerated)
            Panels<Simd512>(ref column);
        if (Vector256.IsHardwareAccelerated)
            Panels<Simd256>(ref column);
        if (Vector128.IsHardwareAccelerated)
            Panels<Simd128>(ref column);
        Panels<Scalar>(ref column);
    }

    /// <summary>As many columns as whole vectors cover.</summary>
    private void Panels<TV>(ref int column) where TV : struct, ISimd<TV>
    {
        for (; column <= columns - 2 * TV.Count; column += 2 * TV.Count)
        {
            var row = 0;
            for (; row <= rows - TileRows; row += TileRows)
                Tile6X2<TV>(row, column);
            for (; row < rows; row++)
                Tile1X2<TV>(row, column);
        }

        for (; column <= columns - TV.Count; column += TV.Count)
        {
            var row = 0;
            for (; row <= rows - TileRows; row += TileRows)
                Tile6X1<TV>(row, column);
            for (; row < rows; row++)
                Tile1X1<TV>(row, column);
        }
    }

    private TV Start<TV>(int column) where TV : struct, ISimd<TV> => start == null ? TV.Broadcast(0f) : TV.Load(start + column);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile6X2<TV>(int row, int column) where TV : struct, ISimd<TV>
    {
        TV c00, c10, c20, c30, c40, c50, c01, c11, c21, c31, c41, c51;
        c00 = c10 = c20 = c30 = c40 = c50 = Start<TV>(column);
        c01 = c11 = c21 = c31 = c41 = c51 = Start<TV>(column + TV.Count);
        var (r1, r2, r3, r4, r5) = (aRow, 2 * aRow, 3 * aRow, 4 * aRow, 5 * aRow);
        var x = a + row * aRow;
        var y = b + column;
        var step = aColumn;
        nint stride = columns;
        for (var k = inner; k > 0; k--)
        {
            var (y0, y1) = (TV.Load(y), TV.Load(y + TV.Count));
            var x0 = TV.Broadcast(*x);
            c00 = TV.FusedMultiplyAdd(x0, y0, c00);
            c01 = TV.FusedMultiplyAdd(x0, y1, c01);
            x0 = TV.Broadcast(x[r1]);
            c10 = TV.FusedMultiplyAdd(x0, y0, c10);
            c11 = TV.FusedMultiplyAdd(x0, y1, c11);
            x0 = TV.Broadcast(x[r2]);
            c20 = TV.FusedMultiplyAdd(x0, y0, c20);
            c21 = TV.FusedMultiplyAdd(x0, y1, c21);
            x0 = TV.Broadcast(x[r3]);
            c30 = TV.FusedMultiplyAdd(x0, y0, c30);
            c31 = TV.FusedMultiplyAdd(x0, y1, c31);
            x0 = TV.Broadcast(x[r4]);
            c40 = TV.FusedMultiplyAdd(x0, y0, c40);
            c41 = TV.FusedMultiplyAdd(x0, y1, c41);
            x0 = TV.Broadcast(x[r5]);
            c50 = TV.FusedMultiplyAdd(x0, y0, c50);
            c51 = TV.FusedMultiplyAdd(x0, y1, c51);
            x += step;
            y += stride;
        }

        var z = c + (nint)row * columns + column;
        c00.Store(z);
        c01.Store(z + TV.Count);
        c10.Store(z += stride);
        c11.Store(z + TV.Count);
        c20.Store(z += stride);
        c21.Store(z + TV.Count);
        c30.Store(z += stride);
        c31.Store(z + TV.Count);
        c40.Store(z += stride);
        c41.Store(z + TV.Count);
        c50.Store(z += stride);
        c51.Store(z + TV.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile6X1<TV>(int row, int column) where TV : struct, ISimd<TV>
    {
        TV c0, c1, c2, c3, c4, c5;
        c0 = c1 = c2 = c3 = c4 = c5 = Start<TV>(column);
        var (r1, r2, r3, r4, r5) = (aRow, 2 * aRow, 3 * aRow, 4 * aRow, 5 * aRow);
        var x = a + row * aRow;
        var y = b + column;
        nint stride = columns;
        for (var k = inner; k > 0; k--)
        {
            var y0 = TV.Load(y);
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*x), y0, c0);
            c1 = TV.FusedMultiplyAdd(TV.Broadcast(x[r1]), y0, c1);
            c2 = TV.FusedMultiplyAdd(TV.Broadcast(x[r2]), y0, c2);
            c3 = TV.FusedMultiplyAdd(TV.Broadcast(x[r3]), y0, c3);
            c4 = TV.FusedMultiplyAdd(TV.Broadcast(x[r4]), y0, c4);
            c5 = TV.FusedMultiplyAdd(TV.Broadcast(x[r5]), y0, c5);
            x += aColumn;
            y += stride;
        }

        var z = c + (nint)row * columns + column;
        c0.Store(z);
        c1.Store(z += stride);
        c2.Store(z += stride);
        c3.Store(z += stride);
        c4.Store(z += stride);
        c5.Store(z += stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile1X2<TV>(int row, int column) where TV : struct, ISimd<TV>
    {
        var (c0, c1) = (Start<TV>(column), Start<TV>(column + TV.Count));
        var x = a + row * aRow;
        var y = b + column;
        for (var k = inner; k > 0; k--)
        {
            var x0 = TV.Broadcast(*x);
            c0 = TV.FusedMultiplyAdd(x0, TV.Load(y), c0);
            c1 = TV.FusedMultiplyAdd(x0, TV.Load(y + TV.Count), c1);
            x += aColumn;
            y += columns;
        }

        var z = c + (nint)row * columns + column;
        c0.Store(z);
        c1.Store(z + TV.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile1X1<TV>(int row, int column) where TV : struct, ISimd<TV>
    {
        var c0 = Start<TV>(column);
        var x = a + row * aRow;
        var y = b + column;
        for (var k = inner; k > 0; k--)
        {
            c0 = TV.FusedMultiplyAdd(TV.Broadcast(*x), TV.Load(y), c0);
            x += aColumn;
            y += columns;
        }

        c0.Store(c + (nint)row * columns + column);
    }
}
