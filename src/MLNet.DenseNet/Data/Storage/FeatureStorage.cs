using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>
/// Whether the features of a data view are kept sparse: where a row has many features, few of them are not 0 in the first rows, and rows are 128 or more. It is decided once, by the values and not by how
/// vectors hold them, so that the same values give the same model. A table of up to 2,048 features with numbers among them, or with features that are missing, is not: numbers can be embedded there. Of more features, the zeros of numbers that are hardly ever 0 are kept too: those that are not stored cannot be shifted, and numbers far from 0 would come to the network as nearly the same, nor be told apart from what is not stored by functions of them.
/// </summary>
/// <param name="inputs">Features a row.</param>
/// <param name="mayBeSparse">Whether training can do with sparse rows.</param>
internal sealed class FeatureStorage(int inputs, bool mayBeSparse = true)
{
    /// <summary>How many rows decide.</summary>
    public const int DecidingRows = 1000;

    /// <summary>Rows of up to so many features are always dense: products with them are no slower than with sparse ones, however many values are 0.</summary>
    public const int MostDenseInputs = 256;

    // The largest share of values that are not 0. A value of a sparse row takes twice the memory and several times the time of one in a dense row.
    private const double LargestShare = 0.1;

    // Fewer rows are written out, unless they take too much memory: what is said of tables of more features than rows tells more of so few texts.
    private const int FewestRows = 128;
    private const long MostValuesOfFewRows = 1 << 23;

    // The share of the rows in which a number is not 0. Among many features there are words, and parts of words, of which more than half of all texts have some: they are learned worse as numbers.
    private const double ShareOfNumbers = 0.5;
    private const double ShareOfNumbersAmongMany = 0.95;

    private FeatureStorage? _learned;

    /// <summary>Whether rows are kept sparse; null until it is decided.</summary>
    public bool? IsSparse { get; private set; } = inputs <= MostDenseInputs || !mayBeSparse ? false : null;

    /// <summary>The numbers among sparse features, ascending: zeros of these are stored too.</summary>
    public IReadOnlyList<int> Numbers { get; private set; } = [];

    /// <summary>Whether a row that was used misses a feature.</summary>
    public bool HasMissing { get; set; }

    /// <summary>The bytes that the features of a row take in memory; of sparse rows, the mean over those that decided.</summary>
    public long BytesPerRow { get; private set; } = sizeof(float) * (long)inputs;

    /// <summary>Decides, unless it was decided before.</summary>
    /// <param name="nonZero">The number of values that are not 0.</param>
    /// <param name="rows">The number of rows that have them.</param>
    /// <param name="numbers">Finds the columns of values other than 0 and 1 that are not 0 in more than a share of the rows.</param>
    /// <returns>Whether they are kept sparse.</returns>
    public bool Decide(long nonZero, int rows, Func<double, IReadOnlyList<int>> numbers)
    {
        if (IsSparse is { } decided)
            return decided;
        var isTable = inputs <= FeatureStatistics.MostTableColumns;
        var areFew = _learned is null && rows < FewestRows && (long)rows * inputs <= MostValuesOfFewRows;
        IsSparse = !areFew && nonZero <= LargestShare * rows * inputs && !(isTable && (HasMissing || numbers(ShareOfNumbers).Count > 0));
        if (!IsSparse.Value)
            return false;
        Numbers = _learned is { IsSparse: true } ? _learned.Numbers : (isTable ? [] : numbers(ShareOfNumbersAmongMany));
        BytesPerRow = sizeof(float) * (2 * nonZero / rows + 1);
        return true;
    }

    /// <summary>Rows to measure with have the same numbers as those learned from.</summary>
    /// <param name="learned">How the latter are kept, once that is decided.</param>
    public void Follow(FeatureStorage learned) => _learned = learned;
}
