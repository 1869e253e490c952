using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class BlockSizesTests
{
    private const int Data = 1, Instructions = 2, Unified = 3;

    /// <summary>Kind, level, ways, sets of each cache of 64-byte lines, in the order in which the processor tells them.</summary>
    private static readonly (int, int, int, int)[] SapphireRapids = [(Data, 1, 12, 64), (Instructions, 1, 8, 64), (Unified, 2, 16, 2048), (Unified, 3, 15, 114_688)];

    private static readonly (int, int, int, int)[] Zen4 = [(Data, 1, 8, 64), (Instructions, 1, 8, 64), (Unified, 2, 8, 2048), (Unified, 3, 16, 32_768)];

    [Fact]
    public void Intel_tells_caches_in_leaf_4() =>
        Assert.Equal(new CacheSizes(48 << 10, 2 << 20), CacheSizes.Read(Processor(maxLeaf: 0x1F, maxExtendedLeaf: 0x80000008, 4, SapphireRapids)));

    /// <summary>Its leaf 4 is empty.</summary>
    [Fact]
    public void AMD_tells_caches_in_leaf_8000001D() =>
        Assert.Equal(new CacheSizes(32 << 10, 1 << 20), CacheSizes.Read(Processor(maxLeaf: 0x10, maxExtendedLeaf: 0x80000028, unchecked((int)0x8000001D), Zen4)));

    /// <summary>As a hypervisor tells them on Zen 5: all other leaves are there, and empty.</summary>
    [Theory]
    [InlineData(0x300C0140, 0x04006140, 48, 1024)]
    [InlineData(0x20080140, 0x02006140, 32, 512)]
    [InlineData(0, 0x04006140, 32, 1024)]
    [InlineData(0x300C0140, 0, 48, 1024)]
    [InlineData(unchecked((int)0xFFFFFFFF), unchecked((int)0xFFFFFFFF), 32, 1024)]
    public void AMD_tells_caches_in_older_leaves_too(int firstLevel, int secondLevel, int firstKibibytes, int secondKibibytes) =>
        Assert.Equal(new CacheSizes(firstKibibytes << 10, secondKibibytes << 10), CacheSizes.Read((leaf, _) => unchecked((uint)leaf) switch
        {
            0 => (0x10, 0, 0, 0),
            0x80000000 => (unchecked((int)0x80000021), 0, 0, 0),
            0x80000005 => (0, 0, firstLevel, 0),
            0x80000006 => (0, 0, secondLevel, 0),
            _ => default,
        }));

    [Fact]
    public void A_processor_that_tells_nothing_has_the_usual_caches()
    {
        Assert.Equal(CacheSizes.Usual, CacheSizes.Read((_, _) => default));
        Assert.Equal(CacheSizes.Usual, CacheSizes.Read(Processor(maxLeaf: 0x1F, maxExtendedLeaf: 0x80000028, 4, [])));
        Assert.Equal(CacheSizes.Usual, CacheSizes.Read(Processor(maxLeaf: 3, maxExtendedLeaf: 0x80000008, 4, SapphireRapids)));
    }

    /// <summary>As a hypervisor may make them up.</summary>
    [Fact]
    public void Caches_that_cannot_be_are_the_usual_ones()
    {
        Assert.Equal(CacheSizes.Usual with { SecondLevel = 256 << 10 }, CacheSizes.Read(Processor(0x1F, 0x80000008, 4, [(Data, 1, 1, 1), (Unified, 2, 4, 1024)])));
        Assert.Equal(CacheSizes.Usual, CacheSizes.Read(Processor(0x1F, 0x80000008, 4, [(Unified, 2, 1024, int.MaxValue)])));
        Assert.Equal(CacheSizes.Usual, CacheSizes.Read((_, _) => (-1, -1, -1, -1)));
    }

    [Fact]
    public void This_processor_has_caches()
    {
        Assert.InRange(CacheSizes.OfProcessor.FirstLevel, 8 << 10, 1 << 20);
        Assert.InRange(CacheSizes.OfProcessor.SecondLevel, 64 << 10, 64 << 20);
    }

    [Fact]
    public void A_micro_panel_of_b_fills_the_first_cache_and_a_block_of_a_the_second()
    {
        var part = MatrixPart.Whole(4096, 4096);
        Assert.Equal(new BlockSizes(Mc: 1024, Kc: 256, PacksA: false, PacksB: true), BlockSizes.For(part, inner: 4096, 0, rightStride: 4096, isBTransposed: false, needsFinishedSums: false, CacheSizes.Usual));
        Assert.Equal(new BlockSizes(Mc: 1024, Kc: 256, PacksA: false, PacksB: false), BlockSizes.For(part, inner: 4096, 0, 0, isBTransposed: true, needsFinishedSums: false, CacheSizes.Usual));
        Assert.Equal(new BlockSizes(Mc: 1360, Kc: 384, PacksA: false, PacksB: true), BlockSizes.For(part, inner: 4096, 0, rightStride: 4096, isBTransposed: false, needsFinishedSums: false, new(48 << 10, 2 << 20)));
        // A transposed a shares the first one.
        Assert.Equal(new BlockSizes(Mc: 2048, Kc: 128, PacksA: true, PacksB: true), BlockSizes.For(part, inner: 4096, 4096, rightStride: 4096, isBTransposed: false, needsFinishedSums: false, CacheSizes.Usual));
    }

    /// <summary>A transposed matrix whose stride is bad for caches, that is larger than one or that has long sums, where there are columns enough to pay for it.</summary>
    [Theory]
    [InlineData(1024, 50, 64, true)]
    [InlineData(1025, 50, 64, false)]
    [InlineData(768, 50, 64, false)]
    [InlineData(1024, 50, 63, false)]
    [InlineData(5300, 50, 64, true)]
    [InlineData(5200, 50, 64, false)]
    [InlineData(784, 128, 128, true)]
    [InlineData(784, 127, 128, false)]
    [InlineData(784, 128, 127, false)]
    public void A_left_matrix_that_lies_badly_is_packed(int transposedStride, int inner, int columns, bool isPacked) =>
        Assert.Equal(isPacked, Sizes(rows: 100, columns, inner, transposedStride).PacksA);

    /// <summary>A right matrix whose rows are pages apart, or that has long sums, where there are rows enough to pay for it.</summary>
    [Theory]
    [InlineData(1024, 50, 128, true)]
    [InlineData(1023, 50, 128, false)]
    [InlineData(1024, 50, 127, false)]
    [InlineData(33, 128, 128, true)]
    [InlineData(32, 128, 128, false)]
    [InlineData(33, 127, 128, false)]
    public void A_right_matrix_that_lies_badly_is_packed(int rightStride, int inner, int rows, bool isPacked) =>
        Assert.Equal(isPacked, Sizes(rows, columns: 9, inner, rightStride: rightStride).PacksB);

    private static BlockSizes Sizes(int rows, int columns, int inner, int transposedStride = 0, int rightStride = 0) =>
        BlockSizes.For(MatrixPart.Whole(rows, columns), inner, transposedStride, rightStride, isBTransposed: false, needsFinishedSums: false, CacheSizes.Usual);

    [Fact]
    public void Sums_that_a_fused_update_takes_are_not_cut() =>
        Assert.Equal(
            new BlockSizes(Mc: 24, Kc: 10_000, PacksA: false, PacksB: true),
            BlockSizes.For(MatrixPart.Whole(128, 64), inner: 10_000, 0, rightStride: 2048, isBTransposed: false, needsFinishedSums: true, CacheSizes.Usual));

    [Fact]
    public void There_is_a_block_whatever_the_sizes()
    {
        foreach (var inner in (int[])[0, 1, 100, 1 << 20, int.MaxValue])
        {
            foreach (var caches in (CacheSizes[])[CacheSizes.Usual, new(8 << 10, 64 << 10), new(1 << 20, 64 << 20)])
            {
                foreach (var needsFinishedSums in (bool[])[false, true])
                {
                    var sizes = BlockSizes.For(MatrixPart.Whole(100, 100), inner, 0, 0, isBTransposed: true, needsFinishedSums, caches);
                    Assert.True(sizes.Mc >= 8 && sizes.Mc % 8 == 0 && sizes.Kc >= 1, $"{sizes}");
                    Assert.True(needsFinishedSums || sizes.Kc % PanelLayout.Width == 0, $"{sizes}");
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public unsafe void Products_have_the_same_bits_in_blocks_of_any_size(bool isATransposed, bool isBTransposed)
    {
        const int Rows = 70, Inner = 300, Columns = 45;
        float[] left = Samples.Numbers(Rows * Inner, seed: 1), right = Samples.Numbers(Inner * Columns, seed: 2);
        var expected = Product(new(Mc: 1 << 20, Kc: 1 << 16, PacksA: false, PacksB: false));
        foreach (var mc in (int[])[8, 24, 64])
        {
            foreach (var kc in (int[])[32, 96, 256])
            {
                foreach (var packs in (bool[])[false, true])
                    Assert.Equal(expected, Product(new(mc, kc, PacksA: packs && isATransposed, PacksB: packs)));
            }
        }

        float[] Product(BlockSizes sizes)
        {
            var result = new float[Rows * Columns];
            fixed (float* a = left, b = right, c = result)
            {
                new MacroKernel(
                    isATransposed ? new MatrixRows(a, Inner, Rows) : new MatrixRows(a, Rows, Inner), isATransposed,
                    isBTransposed ? new MatrixColumns(b, Columns, Inner, isInPanels: true) : new MatrixColumns(b, Inner, Columns, isInPanels: !isATransposed), isBTransposed,
                    null, new MatrixColumns(c, Rows, Columns, isInPanels: isATransposed)).Run(MatrixPart.Whole(Rows, Columns), sizes);
            }

            return result;
        }
    }

    private static Func<int, int, (int, int, int, int)> Processor(int maxLeaf, uint maxExtendedLeaf, int leafOfCaches, (int Kind, int Level, int Ways, int Sets)[] caches) => (leaf, subleaf) =>
    {
        if (leaf == 0)
            return (maxLeaf, 0, 0, 0);
        if (leaf == unchecked((int)0x80000000))
            return (unchecked((int)maxExtendedLeaf), 0, 0, 0);
        if (leaf != leafOfCaches || subleaf >= caches.Length)
            return default;
        var (kind, level, ways, sets) = caches[subleaf];
        return (kind | (level << 5), ((ways - 1) << 22) | 63, sets - 1, 0);
    };
}
