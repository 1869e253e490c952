namespace MLNet.DenseNet.Engine;

/// <summary>Rows by which columns are screened, evenly spread among those to learn from.</summary>
internal sealed class ScreeningSample
{
    private const int MostRows = 4096;

    // A tenth of a second or two.
    private const long MostProducts = 1L << 28;

    // What else a row takes for each function of the label: these have their memory.
    private const long FewestProducts = 64;

    private readonly Dataset _data;
    private readonly int[] _rows;

    private ScreeningSample(RowSubset rows, int[] sample) => (_data, _rows, Label) = (rows.Data, sample, LabelFunctions.Of(rows, sample));

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Length;

    /// <summary>What stands for their labels.</summary>
    public LabelFunctions Label { get; }

    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="products">How many a row takes for each function of the label: the more, the fewer rows there are.</param>
    public static ScreeningSample Of(RowSubset rows, long products)
    {
        var most = (int)Math.Clamp(MostProducts / (Math.Max(FewestProducts, products) * Math.Max(1, rows.ClassCount)), 1, MostRows);
        var stride = (rows.Count + most - 1) / most;
        var sample = new int[(rows.Count + stride - 1) / stride];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = rows.Rows[i * stride];
        return new ScreeningSample(rows, sample);
    }

    /// <summary>(degrees x rows): of the ranks of a column's values.</summary>
    public double[][] Polynomials(int column, int degrees) => RankPolynomials.Of(Array.ConvertAll(_rows, row => _data.FeaturesOf(row)[column]), degrees);
}
