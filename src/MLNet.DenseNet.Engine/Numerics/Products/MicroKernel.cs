using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>The most vectors of columns at once.</summary>
    public static int MostVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasManyRegisters ? 2 : 4;
    }

    /// <summary>Whether there are 32 vector registers. The sums of 8 rows and two vectors take 16, which otherwise are all.</summary>
    private static bool HasManyRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.VL.IsSupported || AdvSimd.IsSupported;
    }

    private FewRegistersKernel FewRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(bRow, cRow, startRow, inner);
    }

    /// <summary>Computes all rows of a for some vectors of columns: 1, 2, or <see cref="MostVectors"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TV>(in PackedA a, float* b, float* start, float* c, int vectors) where TV : struct, ISimd<TV>
    {
        if (!HasManyRegisters && vectors == MostVectors)
        {
            FewRegisters.Vectors4<TV>(in a, b, start, c);
            return;
        }

        var row = 0;
        for (; a.Rows - row > 2; row += Rows)
        {
            var microPanel = a.Skip(row);
            if (a.InnerOffsets != null)
                Rows8<TV, OffsetIndex>(in microPanel, b, start, c, vectors);
            else if (a.HasAdjacentRows && microPanel.Rows >= Rows)
                Rows8<TV, AdjacentIndex>(in microPanel, b, start, c, vectors);
            else
                Rows8<TV, StridedIndex>(in microPanel, b, start, c, vectors);
            c += Rows * cRow;
            start += start == null ? 0 : Rows * startRow;
        }

        for (; row < a.Rows; row++)
        {
            var single = a.Single(row);
            if (a.InnerOffsets != null)
                Rows1<TV, OffsetIndex>(in single, b, start, c, vectors);
            else
                Rows1<TV, StridedIndex>(in single, b, start, c, vectors);
            c += cRow;
            start += start == null ? 0 : startRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Rows8<TV, TIndex>(in PackedA microPanel, float* b, float* start, float* c, int vectors)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        if (vectors == 1)
            Rows8Vectors1<TV, TIndex>(in microPanel, b, start, c);
        else if (HasManyRegisters)
            Rows8Vectors2<TV, TIndex>(in microPanel, b, start, c);
        else
            FewRegisters.Rows8Vectors2<TV, TIndex>(in microPanel, b, start, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Rows1<TV, TIndex>(in PackedA single, float* b, float* start, float* c, int vectors)
        where TV : struct, ISimd<TV>
        where TIndex : struct, IInnerIndex<TIndex>
    {
        if (vectors == 1)
            Rows1Vectors1<TV, TIndex>(in single, b, start, c);
        else
            Rows1Vectors2<TV, TIndex>(in single, b, start, c);
    }

    /// <summary>Always computes 8 rows, for 3 to 8 that exist: missing rows read the first one again, so that no memory beyond a is read, and their results are dropped.</summary>
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
            var again = index.PositionAgain;
            var (y0, y1) = (TV.Load(b), TV.Load(b + TV.Count));
            var x = TV.Broadcast(*a);
            TV.Accumulate(ref c00, x, y0);
            TV.Accumulate(ref c01, x, y1);
            TV.Accumulate(ref c10, a[TIndex.Distance(1, r1)], y0);
            TV.Accumulate(ref c11, again[TIndex.Distance(1, r1)], y1);
            x = TV.Broadcast(a[TIndex.Distance(2, r2)]);
            TV.Accumulate(ref c20, x, y0);
            TV.Accumulate(ref c21, x, y1);
            TV.Accumulate(ref c30, a[TIndex.Distance(3, r3)], y0);
            TV.Accumulate(ref c31, again[TIndex.Distance(3, r3)], y1);
            x = TV.Broadcast(a[TIndex.Distance(4, r4)]);
            TV.Accumulate(ref c40, x, y0);
            TV.Accumulate(ref c41, x, y1);
            TV.Accumulate(ref c50, a[TIndex.Distance(5, r5)], y0);
            TV.Accumulate(ref c51, again[TIndex.Distance(5, r5)], y1);
            x = TV.Broadcast(a[TIndex.Distance(6, r6)]);
            TV.Accumulate(ref c60, x, y0);
            TV.Accumulate(ref c61, x, y1);
            TV.Accumulate(ref c70, a[TIndex.Distance(7, r7)], y0);
            TV.Accumulate(ref c71, again[TIndex.Distance(7, r7)], y1);
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
            TV.Accumulate(ref c0, *a, y);
            TV.Accumulate(ref c1, a[TIndex.Distance(1, r1)], y);
            TV.Accumulate(ref c2, a[TIndex.Distance(2, r2)], y);
            TV.Accumulate(ref c3, a[TIndex.Distance(3, r3)], y);
            TV.Accumulate(ref c4, a[TIndex.Distance(4, r4)], y);
            TV.Accumulate(ref c5, a[TIndex.Distance(5, r5)], y);
            TV.Accumulate(ref c6, a[TIndex.Distance(6, r6)], y);
            TV.Accumulate(ref c7, a[TIndex.Distance(7, r7)], y);
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
            var x = TV.Broadcast(*index.Position);
            TV.Accumulate(ref c0, x, TV.Load(b));
            TV.Accumulate(ref c1, x, TV.Load(b + TV.Count));
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
            TV.Accumulate(ref c0, *index.Position, TV.Load(b));
            index.Move();
            b += bStep;
        }

        c0.Store(c);
    }
}
