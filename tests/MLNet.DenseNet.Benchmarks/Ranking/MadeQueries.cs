namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Queries with 5 to 40 documents. A document has 20 features: 12 of its own, standard normal, and 8 that tell of its query and are the same for all of its documents. What a document is worth for its query is
/// u = sin(2 x0) + x1 x2 + max(0, x3) q0 + |x4 - q1| - 0.5 x5² + 0.7 q2 x6 + 2 b, where x are features of the document and q of the query; x7 to x11 and q3 to q7 tell nothing. b, standard normal too, is the
/// same for all documents of a query and no feature: one query has many good answers and another none, or those who judged them were stricter. The relevance is u and normal noise of the standard deviation 0.5, cut at -1, 1, 2.5 and 4.5.
/// </summary>
internal static class MadeQueries
{
    private const int Own = 12;
    private const int OfQuery = 8;
    private const double Noise = 0.5;

    private static readonly double[] Cuts = [-1, 1, 2.5, 4.5];

    public static List<RankedRow> Create(int queries, int seed)
    {
        var random = new Random(seed);
        var rows = new List<RankedRow>();
        for (var query = 1; query <= queries; query++)
        {
            var (q, bias) = (Normal(random, OfQuery), 2 * Normal(random, 1)[0]);
            for (var left = random.Next(5, 41); left > 0; left--)
            {
                var x = Normal(random, Own);
                var worth = Math.Sin(2 * x[0]) + x[1] * x[2] + Math.Max(0, x[3]) * q[0] + Math.Abs(x[4] - q[1]) - 0.5 * x[5] * x[5] + 0.7 * q[2] * x[6] + bias;
                var seen = worth + Noise * Normal(random, 1)[0];
                rows.Add(new RankedRow { GroupId = (uint)query, Label = Cuts.Count(cut => seen > cut), Features = [.. x, .. q], Truth = (float)worth });
            }
        }

        return rows;
    }

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)MadeSets.NextNormal(random))];
}
