using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Rows most of whose values are 0, and the same rows stored sparsely.</summary>
internal static class SparseSamples
{
    /// <summary>Uniform over [-1, 1), or 0; every fifth row is all 0.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="inputs">The length of a row.</param>
    /// <param name="share">About which share of the other rows is not 0.</param>
    /// <param name="seed">Determines the values.</param>
    public static float[] Rows(int rows, int inputs, double share, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * inputs).Select(i => random.NextDouble() < share && i / inputs % 5 != 4 ? 2 * random.NextSingle() - 1 : 0)];
    }

    /// <summary>Stores what is not 0.</summary>
    public static SparseFeatures Store(float[] rows, int inputs)
    {
        var (values, columns, starts) = (new List<float>(), new List<int>(), new List<int> { 0 });
        foreach (var row in rows.Chunk(inputs))
        {
            for (var column = 0; column < inputs; column++)
            {
                if (row[column] != 0)
                {
                    values.Add(row[column]);
                    columns.Add(column);
                }
            }

            starts.Add(values.Count);
        }

        return new SparseFeatures(inputs, values.ToArray(), columns.ToArray(), starts.ToArray());
    }

    public unsafe delegate void Work(CsrMatrix rows);

    /// <summary>Works on the rows where they lie.</summary>
    public static unsafe void Use(this SparseFeatures features, Work work)
    {
        fixed (float* values = features.Values.Span)
        fixed (int* columns = features.Columns.Span, starts = features.RowStarts.Span)
            work(new CsrMatrix(values, columns, starts, starts + 1, features.Rows, features.Inputs));
    }
}
