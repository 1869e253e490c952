namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>The one table of sizes that all tests of products go through, named by the boundary that they lie at.</summary>
internal static class ProductShapes
{
    // The edges of the micro-kernels (8 rows; 1, 4, 8, 16 columns or two vectors of them), one to either side.
    private static readonly int[] TileEdges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49];

    private static readonly int[] Others = [1, 9, 33];

    public static IReadOnlyDictionary<string, ProductShape[]> All { get; } = new Dictionary<string, ProductShape[]>
    {
        ["every number of rows"] = Of(Lengths(0, 256), Others, Others),
        ["every length of the sums"] = Of(Others, Lengths(0, 256), Others),
        ["every number of columns"] = Of(Others, Others, Lengths(0, 256)),
        ["tiles"] = Of(TileEdges, [0, 1, 2, 7, 16], TileEdges),
        ["columns that are packed"] = Of([1], [5], Lengths(30, 100)),
        // From a stride of 1,024 on, and at multiples of 256, matrices are packed. Blocks end at sums of 256 and of 65,536, and at 2^18 elements.
        ["blocks of few rows"] = Of([32, 33], [255, 256, 257], [1023, 1024, 1025, 1031]),
        ["blocks of few columns"] = Of([1023, 1024, 1025, 1280], [255, 256, 257], [8, 9, 10]),
        ["blocks of long sums"] = [.. Of([127, 128, 129], [2047, 2048, 2049], [1, 9]), .. Of([1, 3, 5], [65_535, 65_536, 65_537], [1, 9])],
        ["blocks of 512"] = Of([7, 8, 9], [511, 512, 513], [15, 16, 17, 31, 32, 33, 63, 64, 65]),
        // Where the first-level cache has 48 KiB; with 32 KiB, these are 128 and 256.
        ["blocks of 192 and 384"] = [.. Of([32, 33], [191, 192, 193, 383, 384, 385, 769], [9, 65]), .. Of([33], [193, 385], [1031]), .. Of([1025], [193, 385], [9, 33])],
        ["blocks of many rows"] = [.. Of([1280, 2048], [257], [45]), new(1280, 30, 1029), new(1024, 9, 19)],
        // Around 32 columns a thread: from there on columns are cut for threads, below it rows.
        ["work for three threads"] = [.. Of([47, 48, 49], [580], [31, 33, 63, 64, 65, 95, 96, 97]).Select(shape => shape with { Inner = 900_000 / shape.Rows / shape.Columns + 1 })],
        // From too little work for two threads to enough for three; the last part has every length.
        ["rows for one thread to three"] = Of(Lengths(20, 100, step: 3), [400], [61]),
        ["columns for one thread to three"] = Of([61], [400], Lengths(20, 100, step: 3)),
        ["work for many threads"] = [new(64, 784, 128), new(100, 300, 70), new(33, 1024, 1100), new(600, 50, 40), new(512, 257, 31), new(300, 50, 1030), new(5, 65_540, 9)],
    };

    /// <summary>The names of them, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A few shapes, each long in another direction, for tests that take long with each.</summary>
    public static IReadOnlyList<ProductShape> OfEveryKind { get; } = [new(3, 4, 40), new(33, 260, 70), new(90, 12, 1100), new(1100, 9, 64)];

    /// <summary>Sparse rows times weights: every number of columns; rows shorter and longer than a chunk; whole panels and narrower ones; columns that are sorted in one pass and in two.</summary>
    public static IReadOnlyList<ProductShape> OfSparseRows { get; } =
        [.. Lengths(1, 100).Select(columns => new ProductShape(4, 200 - columns, columns)), .. Of([23], [40, 500, 2100], [1, 3, 7, 16, 31, 32, 33, 48, 64, 100])];

    private static ProductShape[] Of(int[] rows, int[] inner, int[] columns) =>
        [.. rows.SelectMany(m => inner.SelectMany(k => columns.Select(n => new ProductShape(m, k, n))))];

    private static int[] Lengths(int first, int last, int step = 1) => [.. Enumerable.Range(0, (last - first) / step + 1).Select(i => first + i * step)];
}
