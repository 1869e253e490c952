namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Rows of hundreds of columns, most of which are mostly 0, with two numbers among them.</summary>
internal static class NumbersAmongWords
{
    public const int Inputs = 300;
    public const int Rows = 64;

    /// <summary>From 2000 on, each year again after 13 rows.</summary>
    public const int Year = 3;

    /// <summary>0 in a quarter of the rows.</summary>
    public const int Count = 150;

    /// <summary>(rows x inputs).</summary>
    public static float[] Make(int seed = 1)
    {
        var rows = SparseSamples.Rows(Rows, Inputs, share: 0.05, seed);
        for (var row = 0; row < Rows; row++)
            (rows[row * Inputs + Year], rows[row * Inputs + Count]) = (2000 + row % 13, row % 4);
        return rows;
    }

    public static float[] Column(float[] rows, int column) => [.. rows.Chunk(Inputs).Select(row => row[column])];

    /// <summary>What can be learned: of the numbers alone.</summary>
    public static float[] Targets(float[] rows) => [.. Column(rows, Year).Zip(Column(rows, Count), (year, count) => (year - 2000) / 10 + count)];

    /// <summary>Stores what is not 0, and where asked for the zeros of the numbers.</summary>
    public static SparseFeatures Store(float[] rows, bool storesZeros)
    {
        var (values, columns, starts) = (new List<float>(), new List<int>(), new List<int> { 0 });
        foreach (var row in rows.Chunk(Inputs))
        {
            int[] stored = [.. Enumerable.Range(0, Inputs).Where(column => row[column] != 0 || (storesZeros && column is (Year or Count)))];
            values.AddRange(stored.Select(column => row[column]));
            columns.AddRange(stored);
            starts.Add(values.Count);
        }

        return new SparseFeatures(Inputs, values.ToArray(), columns.ToArray(), starts.ToArray());
    }

    /// <summary>Sets what a network knows of the distribution of their features.</summary>
    public static Network Standardize(Network network)
    {
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(Store(Make(), storesZeros: true), 1, new float[Rows], default));
        return network;
    }
}
