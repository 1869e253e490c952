using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The tiles of the <see cref="MicroKernel"/> where there are 16 vector registers.</summary>
/// <remarks>
/// Most processors start two multiply-adds a cycle and end them four cycles later: with 8 sums, each waits for its own last result, and whatever else comes between is lost time.
/// 12 sums, the values of three rows and one vector of columns fill the registers.
/// </remarks>
internal readonly unsafe struct FewRegistersKernel(nint bRow, nint cRow, nint startRow, int inner)
{
    /// <summary>Computes all rows of a for four vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Vectors4<TV>(in PackedA a, float* b, float* start, float* c) where TV : struct, ISimd<TV>
    {
        for (var first = 0; first < a.Rows; first += a.RowsInStep)
        {
            var together = a.Skip(first).Take(a.RowsInStep);
            for (var row = 0; row < together.Rows; row += 3)
            {
                var rows = together.Without(row);
                var from = start == null ? null : start + (first + row) * startRow;
                var to = c + (first + row) * cRow;
                if (a.InnerOffsets != null)
                    Rows3Vectors4<TV, OffsetIndex>(in rows, b, from, to);
                else if (a.HasAdjacentRows && rows.Rows > 2)
                    Rows3Vectors4<TV, AdjacentIndex>(in rows, b, from, to);
                else
                    Rows3Vectors4<TV, StridedIndex>(in rows, b, from, to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Rows3Vectors4<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        if (left.Rows > 2)
            WholeRows3Vectors4<TV, TIndex>(in left, b, start, c);
        else
            Rows2Vectors4<TV, TIndex>(in left, b, start, c);
    }

    /// <summary>Computes 3 rows that exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WholeRows3Vectors4<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var r1 = left.Distance(1);
        var r2 = left.Distance(2);
        TV c00, c10, c20, c01, c11, c21, c02, c12, c22, c03, c13, c23;
        if (start == null)
        {
            c00 = c10 = c20 = c01 = c11 = c21 = c02 = c12 = c22 = c03 = c13 = c23 = TV.Broadcast(0f);
        }
        else
        {
            var s = start;
            (c00, c01, c02, c03) = (TV.Load(s), TV.Load(s + TV.Count), TV.Load(s + 2 * TV.Count), TV.Load(s + 3 * TV.Count));
            (c10, c11, c12, c13) = (TV.Load(s += startRow), TV.Load(s + TV.Count), TV.Load(s + 2 * TV.Count), TV.Load(s + 3 * TV.Count));
            (c20, c21, c22, c23) = (TV.Load(s += startRow), TV.Load(s + TV.Count), TV.Load(s + 2 * TV.Count), TV.Load(s + 3 * TV.Count));
        }

        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var x0 = TV.Broadcast(*a);
            var x1 = TV.Broadcast(a[TIndex.Distance(1, r1)]);
            var x2 = TV.Broadcast(a[TIndex.Distance(2, r2)]);
            var y = TV.Load(b);
            TV.Accumulate(ref c00, x0, y);
            TV.Accumulate(ref c10, x1, y);
            TV.Accumulate(ref c20, x2, y);
            y = TV.Load(b + TV.Count);
            TV.Accumulate(ref c01, x0, y);
            TV.Accumulate(ref c11, x1, y);
            TV.Accumulate(ref c21, x2, y);
            y = TV.Load(b + 2 * TV.Count);
            TV.Accumulate(ref c02, x0, y);
            TV.Accumulate(ref c12, x1, y);
            TV.Accumulate(ref c22, x2, y);
            y = TV.Load(b + 3 * TV.Count);
            TV.Accumulate(ref c03, x0, y);
            TV.Accumulate(ref c13, x1, y);
            TV.Accumulate(ref c23, x2, y);
            index.Move();
            b += bStep;
        }

        c00.Store(c);
        c01.Store(c + TV.Count);
        c02.Store(c + 2 * TV.Count);
        c03.Store(c + 3 * TV.Count);
        c += cRow;
        c10.Store(c);
        c11.Store(c + TV.Count);
        c12.Store(c + 2 * TV.Count);
        c13.Store(c + 3 * TV.Count);
        c += cRow;
        c20.Store(c);
        c21.Store(c + TV.Count);
        c22.Store(c + 2 * TV.Count);
        c23.Store(c + 3 * TV.Count);
    }

    /// <summary>The same for 2 rows, of which 1 or 2 exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows2Vectors4<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var rows = left.Rows;
        var r1 = rows > 1 ? left.Distance(1) : 0;
        TV c00, c10, c01, c11, c02, c12, c03, c13;
        if (start == null)
        {
            c00 = c10 = c01 = c11 = c02 = c12 = c03 = c13 = TV.Broadcast(0f);
        }
        else
        {
            var s = start;
            (c00, c01, c02, c03) = (TV.Load(s), TV.Load(s + TV.Count), TV.Load(s + 2 * TV.Count), TV.Load(s + 3 * TV.Count));
            (c10, c11, c12, c13) = (TV.Load(s += rows > 1 ? startRow : 0), TV.Load(s + TV.Count), TV.Load(s + 2 * TV.Count), TV.Load(s + 3 * TV.Count));
        }

        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var x0 = TV.Broadcast(*a);
            var x1 = TV.Broadcast(a[TIndex.Distance(1, r1)]);
            var y = TV.Load(b);
            TV.Accumulate(ref c00, x0, y);
            TV.Accumulate(ref c10, x1, y);
            y = TV.Load(b + TV.Count);
            TV.Accumulate(ref c01, x0, y);
            TV.Accumulate(ref c11, x1, y);
            y = TV.Load(b + 2 * TV.Count);
            TV.Accumulate(ref c02, x0, y);
            TV.Accumulate(ref c12, x1, y);
            y = TV.Load(b + 3 * TV.Count);
            TV.Accumulate(ref c03, x0, y);
            TV.Accumulate(ref c13, x1, y);
            index.Move();
            b += bStep;
        }

        c00.Store(c);
        c01.Store(c + TV.Count);
        c02.Store(c + 2 * TV.Count);
        c03.Store(c + 3 * TV.Count);
        if (rows == 1)
            return;
        c += cRow;
        c10.Store(c);
        c11.Store(c + TV.Count);
        c12.Store(c + 2 * TV.Count);
        c13.Store(c + 3 * TV.Count);
    }

    /// <summary>Computes a micro-panel of a for two vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rows8Vectors2<TV, TIndex>(in PackedA microPanel, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        const int Half = MicroKernel.Rows / 2;
        Rows4Vectors2<TV, TIndex>(in microPanel, b, start, c);
        if (microPanel.Rows <= Half)
            return;
        var lastRows = microPanel.Without(Half);
        Rows4Vectors2<TV, TIndex>(in lastRows, b, start == null ? null : start + Half * startRow, c + Half * cRow);
    }

    /// <summary>The same for 4 rows and two vectors, of which 1 to 4 rows exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows4Vectors2<TV, TIndex>(in PackedA left, float* b, float* start, float* c)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        var rows = left.Rows;
        var r1 = rows > 1 ? left.Distance(1) : 0;
        var r2 = rows > 2 ? left.Distance(2) : 0;
        var r3 = rows > 3 ? left.Distance(3) : 0;
        TV c00, c10, c20, c30, c01, c11, c21, c31;
        if (start == null)
        {
            c00 = c10 = c20 = c30 = c01 = c11 = c21 = c31 = TV.Broadcast(0f);
        }
        else
        {
            var s = start;
            (c00, c01) = (TV.Load(s), TV.Load(s + TV.Count));
            (c10, c11) = (TV.Load(s += rows > 1 ? startRow : 0), TV.Load(s + TV.Count));
            (c20, c21) = (TV.Load(s += rows > 2 ? startRow : 0), TV.Load(s + TV.Count));
            (c30, c31) = (TV.Load(s += rows > 3 ? startRow : 0), TV.Load(s + TV.Count));
        }

        var index = TIndex.From(in left);
        var bStep = bRow;
        for (var k = inner; k > 0; k--)
        {
            var a = index.Position;
            var (y0, y1) = (TV.Load(b), TV.Load(b + TV.Count));
            var x = TV.Broadcast(*a);
            TV.Accumulate(ref c00, x, y0);
            TV.Accumulate(ref c01, x, y1);
            x = TV.Broadcast(a[TIndex.Distance(1, r1)]);
            TV.Accumulate(ref c10, x, y0);
            TV.Accumulate(ref c11, x, y1);
            x = TV.Broadcast(a[TIndex.Distance(2, r2)]);
            TV.Accumulate(ref c20, x, y0);
            TV.Accumulate(ref c21, x, y1);
            x = TV.Broadcast(a[TIndex.Distance(3, r3)]);
            TV.Accumulate(ref c30, x, y0);
            TV.Accumulate(ref c31, x, y1);
            index.Move();
            b += bStep;
        }

        var row = cRow;
        c00.Store(c);
        c01.Store(c + TV.Count);
        if (rows == 1)
            return;
        c10.Store(c += row);
        c11.Store(c + TV.Count);
        if (rows == 2)
            return;
        c20.Store(c += row);
        c21.Store(c + TV.Count);
        if (rows == 3)
            return;
        c30.Store(c += row);
        c31.Store(c + TV.Count);
    }
}
