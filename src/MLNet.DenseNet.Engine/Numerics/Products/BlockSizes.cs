using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// How a product is blocked, in the terms of BLIS. A block of a has mc rows and kc of the inner index, and stays in the second-level cache. It is multiplied by micro-panels of b, kc x nr,
/// which stay in the first-level cache. The micro-kernel's mr is <see cref="MicroKernel.Rows"/>, its nr two vectors, or four (<see cref="MicroKernel.MostVectors"/>). The nc columns are those of a thread's part.
/// </summary>
/// <param name="Mc">Rows of a block of a: a multiple of mr.</param>
/// <param name="Kc">How much of the inner index is in a block.</param>
/// <param name="PacksA">Whether blocks of a are packed.</param>
/// <param name="PacksB">Whether micro-panels of b are packed even where the micro-kernel could read them in place.</param>
internal readonly record struct BlockSizes(int Mc, int Kc, bool PacksA, bool PacksB)
{
    // Rows a multiple of this apart fall into the same few sets of a cache and evict each other.
    private const int BadStride = 256;

    // 4 KiB: from this stride on, each row lies on a page of its own.
    private const int FarStride = 1024;

    // So many k that a micro-panel of each matrix, read in place, crowds the first-level cache.
    private const int ManyInner = 128;

    // Packing copies each element of a once for all columns, and each of b once for all rows: fewer of them do not pay for it.
    private const int FewestColumnsOfPackedA = 2 * PanelLayout.Width;
    private const int FewestRowsOfPackedB = 16 * MicroKernel.Rows;

    // The kc where only a last micro-panel narrower than a vector is packed: that copy takes at most 4 MiB, however long the sums are.
    private const int LongestInner = 1 << 16;

    /// <summary>The sizes for a product whose left matrix are windows over images: its inner index is cut into equal parts that keep a micro-panel of b in the first-level cache.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result: few of them leave room for longer parts.</param>
    public static BlockSizes ForWindows(int rows, int inner, int columns)
    {
        const int FewestColumns = 8;
        var most = InnerOf(CacheSizes.OfProcessor.FirstLevel) * PanelLayout.Width / Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)columns), FewestColumns, PanelLayout.Width);
        var blocks = Math.Max(1, (inner + most - 1) / most);
        return new(Math.Max(rows, MicroKernel.Rows), Math.Max(1, (inner + blocks - 1) / blocks), PacksA: false, PacksB: false);
    }

    /// <summary>The sizes on this processor. Not compiled optimized at once: only code that is compiled again later has the cache sizes as constants.</summary>
    /// <inheritdoc cref="For(in MatrixPart, int, int, nint, bool, bool, CacheSizes)"/>
    public static BlockSizes For(in MatrixPart part, int inner, int transposedStride, nint rightStride, bool isBTransposed, bool needsFinishedSums) =>
        For(in part, inner, transposedStride, rightStride, isBTransposed, needsFinishedSums, CacheSizes.OfProcessor);

    /// <summary>The sizes for a part of a product.</summary>
    /// <param name="part">The part of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="transposedStride">Elements from k to k of a, where a is transposed; else 0.</param>
    /// <param name="rightStride">Elements from k to k of b, where b is not transposed; else 0.</param>
    /// <param name="isBTransposed">Whether b is transposed, and so packed.</param>
    /// <param name="needsFinishedSums">Whether a fused update takes the result: the inner index is not cut then.</param>
    /// <param name="caches">The processor's caches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static BlockSizes For(in MatrixPart part, int inner, int transposedStride, nint rightStride, bool isBTransposed, bool needsFinishedSums, CacheSizes caches)
    {
        var (rows, columns) = (part.EndRow - part.FirstRow, part.EndColumn - part.FirstColumn);
        // Transposed, a micro-panel takes a whole cache line for each k and uses half of it. That is too much where k are many, where lines fall into few sets, and where they have left the second-level cache when
        // the next columns need them.
        var liesBadly = (transposedStride >= FarStride && transposedStride % BadStride == 0) || (long)inner * transposedStride * sizeof(float) > caches.SecondLevel;
        var packsA = transposedStride > 0 && columns >= (liesBadly ? FewestColumnsOfPackedA : inner >= ManyInner ? 2 * FewestColumnsOfPackedA : int.MaxValue);
        var packsB = !isBTransposed && rows >= FewestRowsOfPackedB && (rightStride >= FarStride || (rightStride > PanelLayout.Width && inner >= ManyInner));
        // Sums over the rows of a batch, or over all steps of its sequences, are long: where they are not cut, each micro-tile walks through far more of both matrices than a cache holds.
        // Where a is transposed, micro-panels of both matrices share the first-level cache.
        var kc = needsFinishedSums ? inner : transposedStride > 0 ? InnerOf(caches.FirstLevel / 2) : packsB || isBTransposed ? InnerOf(caches.FirstLevel) : LongestInner;
        var mc = caches.SecondLevel / sizeof(float) / Math.Max(Math.Min(kc, inner), 1) / MicroKernel.Rows * MicroKernel.Rows;
        return new(Math.Max(mc, MicroKernel.Rows), Math.Max(kc, 1), packsA, packsB);
    }

    /// <summary>The kc at which a micro-panel of b, two of the widest vectors wide, fills the first-level cache. A multiple of a panel's width, as transposed matrices are packed panel by panel.</summary>
    private static int InnerOf(int firstLevel) => Math.Max(firstLevel / sizeof(float) / PanelLayout.Width / PanelLayout.Width, 1) * PanelLayout.Width;
}
