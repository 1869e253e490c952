using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>
/// What each thread of a large team has to do in a step of training, counted and not timed: the products of a network's layers are cut as in training, and for each part it is known what it computes, what
/// it reads of what another thread wrote, and what it packs.
/// </summary>
public class ThreadCrewTests
{
    /// <summary>The longest part of a product takes hardly longer than it would if all of its threads had equally much to do.</summary>
    [Theory]
    [InlineData(new[] { 784, 128, 64, 10 }, 64)]
    [InlineData(new[] { 784, 128, 64, 10 }, 512)]
    [InlineData(new[] { 784, 512, 256, 10 }, 128)]
    [InlineData(new[] { 1024, 2048, 2048, 10 }, 256)]
    [InlineData(new[] { 100, 300, 100, 3 }, 1000)]
    public void No_thread_has_much_more_to_do_than_the_others(int[] units, int batch)
    {
        foreach (var threads in (int[])[2, 3, 4, 6, 8, 12, 16])
        {
            var step = new Step(units, batch, threads);
            foreach (var (product, shares) in step.Products)
            {
                var ratio = (double)shares.Longest * step.Threads[product] / ((double)shares.Rows.Length * shares.Columns.Length);
                // Of small results, threads have one unit of rows or two.
                Assert.True(ratio <= 1.3 || shares.Longest <= 2 * MicroKernel.Rows * PanelLayout.Width, $"{threads} threads, {product}: {shares}, {ratio}");
            }
        }
    }

    /// <summary>
    /// Values that come from another thread's cache in a step: for each product those of the part that reads the most, all products together, in KiB. Where products are cut by rows or by columns only,
    /// 16 threads read 510, 984, 890 and 6,935.
    /// </summary>
    [Theory]
    [InlineData(new[] { 784, 128, 64, 10 }, 64, 4, 120)]
    [InlineData(new[] { 784, 128, 64, 10 }, 64, 16, 200)]
    [InlineData(new[] { 784, 128, 64, 10 }, 512, 16, 460)]
    [InlineData(new[] { 784, 512, 256, 10 }, 128, 16, 580)]
    [InlineData(new[] { 1024, 2048, 2048, 10 }, 256, 16, 6940)]
    public void Threads_read_little_of_what_others_wrote(int[] units, int batch, int threads, int mostKibibytes)
    {
        var step = new Step(units, batch, threads);
        Assert.InRange(step.ReadFromOthers() * sizeof(float) / 1024, 1, mostKibibytes);
    }

    /// <summary>
    /// What is copied so that it lies as a product reads it: for each product by the part that copies the most, all products together, as a multiple of a thread's share of what one thread copies by itself. More than
    /// 1 is what several threads copy each for itself: columns of transposed weights where rows are cut too, and rows of features where columns are. Counted with caches of the usual sizes.
    /// </summary>
    [Theory]
    [InlineData(new[] { 784, 128, 64, 10 }, 64, 4, 1.6)]
    [InlineData(new[] { 784, 128, 64, 10 }, 64, 16, 12)]
    [InlineData(new[] { 784, 128, 64, 10 }, 512, 16, 1)]
    [InlineData(new[] { 784, 512, 256, 10 }, 128, 4, 1.7)]
    [InlineData(new[] { 784, 512, 256, 10 }, 128, 16, 1)]
    [InlineData(new[] { 1024, 2048, 2048, 10 }, 256, 4, 1.5)]
    [InlineData(new[] { 1024, 2048, 2048, 10 }, 256, 16, 3)]
    public void Threads_pack_little(int[] units, int batch, int threads, double mostShares)
    {
        var byOne = new Step(units, batch, threads: 1).Packed();
        Assert.InRange((double)new Step(units, batch, threads).Packed() * threads / byOne, 0, mostShares);
    }

    private enum Kind
    {
        Forward,
        WeightGradient,
        InputGradient,
    }

    private readonly record struct Product(Kind Kind, int Layer);

    /// <summary>A step of a dense network: the cuts of all of its products.</summary>
    private sealed class Step
    {
        private readonly int[] _units;
        private readonly int _batch;

        public Step(int[] units, int batch, int threads)
        {
            (_units, _batch) = (units, batch);
            using var team = new ThreadTeam(threads, adapts: false);
            for (var layer = 0; layer + 1 < units.Length; layer++)
            {
                var (inputs, outputs) = (units[layer], units[layer + 1]);
                Products[new(Kind.Forward, layer)] = MatrixProduct.Shares(batch, inputs, outputs, team);
                Products[new(Kind.WeightGradient, layer)] = MatrixProduct.Shares(inputs, batch, outputs, team);
                if (layer > 0)
                    Products[new(Kind.InputGradient, layer)] = MatrixProduct.TransposedRightShares(batch, outputs, inputs, team);
                Threads[new(Kind.Forward, layer)] = MatrixProduct.Threads(batch, inputs, outputs, team);
                Threads[new(Kind.WeightGradient, layer)] = MatrixProduct.Threads(inputs, batch, outputs, team);
                Threads[new(Kind.InputGradient, layer)] = MatrixProduct.Threads(batch, outputs, inputs, team);
            }
        }

        public Dictionary<Product, WorkShares> Products { get; } = [];

        /// <summary>How many threads each product is worth.</summary>
        public Dictionary<Product, int> Threads { get; } = [];

        public long ReadFromOthers() => OfLargestParts(ReadFromOthers);

        public long Packed() => OfLargestParts(Packed);

        private long OfLargestParts(Func<Product, int, long> count) => Products.Sum(pair => Enumerable.Range(0, pair.Value.Parts).Max(part => count(pair.Key, part)));

        /// <summary>What a part of a product packs: of weights that lie in panels nothing forward, and their columns where they are transposed; of a weight gradient its rows of the features, and its share of the gradient.</summary>
        private long Packed(Product product, int part)
        {
            var (shares, inputs, outputs) = (Products[product], _units[product.Layer], _units[product.Layer + 1]);
            var own = shares[part];
            var (rows, columns) = (Length(own.FirstRow, own.EndRow), Length(own.FirstColumn, own.EndColumn));
            switch (product.Kind)
            {
                case Kind.Forward:
                    return 0;
                case Kind.InputGradient:
                    var blocks = BlockSizes.For(in own, outputs, transposedStride: 0, rightStride: 0, isBTransposed: true, needsFinishedSums: false, CacheSizes.Usual);
                    return columns * outputs * ((rows + blocks.Mc - 1) / blocks.Mc);
                default:
                    var isPackedForAll = shares.Rows.Parts > 1;
                    var sizes = BlockSizes.For(in own, _batch, inputs, isPackedForAll ? PanelLayout.Width : outputs, isBTransposed: false, needsFinishedSums: true, CacheSizes.Usual);
                    var share = shares.ByCacheLines(_batch)[part];
                    return (sizes.PacksA ? rows * _batch : 0) + (isPackedForAll ? Length(share.FirstColumn, share.EndColumn) * _batch : sizes.PacksB ? columns * _batch : 0);
            }
        }

        /// <summary>What a part of a product reads and the same thread did not write before. Features are nobody's.</summary>
        private long ReadFromOthers(Product product, int part)
        {
            var (first, end, firstColumn, endColumn) = Products[product][part];
            var (inputs, outputs, layer) = (_units[product.Layer], _units[product.Layer + 1], product.Layer);
            var weights = new Product(Kind.WeightGradient, layer);
            var features = new Product(Kind.Forward, layer - 1);
            var gradient = new Product(Kind.InputGradient, layer + 1);
            return product.Kind switch
            {
                Kind.Forward => Foreign(features, new(first, end, 0, inputs)) + Foreign(weights, new(0, inputs, firstColumn, endColumn)),
                Kind.WeightGradient => Foreign(features, new(0, _batch, first, end)) + Foreign(gradient, new(0, _batch, firstColumn, endColumn), isFromLoss: true),
                _ => Foreign(gradient, new(first, end, 0, outputs), isFromLoss: true) + Foreign(weights, new(firstColumn, endColumn, 0, outputs)),
            };

            long Foreign(Product writer, MatrixPart read, bool isFromLoss = false)
            {
                var values = Length(read.FirstRow, read.EndRow) * Length(read.FirstColumn, read.EndColumn);
                // The first layer's features come from the data, and the last gradient from the loss.
                if (!Products.TryGetValue(writer, out var shares))
                    return isFromLoss ? values : 0;
                if (part >= shares.Parts)
                    return values;
                var own = shares[part];
                return values - (Overlap(read.FirstRow, read.EndRow, own.FirstRow, own.EndRow) * Overlap(read.FirstColumn, read.EndColumn, own.FirstColumn, own.EndColumn));
            }
        }

        private static long Length(int first, int end) => end - first;

        private static long Overlap(int first, int end, int otherFirst, int otherEnd) => Math.Max(0, Math.Min(end, otherEnd) - Math.Max(first, otherFirst));
    }
}
