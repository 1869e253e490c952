using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How many networks predict together where the options leave it open.</summary>
internal static class EnsembleDefaults
{
    public const int Networks = 4;

    /// <summary>From <see cref="RowsOfTwoNetworks"/> rows on: of so many, networks learn nearly the same, and two bring nearly all that four do, in half the time. Rows of words and categories have far more to be learned by chance.</summary>
    public const int NetworksOfManyRows = 2;

    public const int RowsOfTwoNetworks = 3000;

    /// <summary>The most features or outputs: with more, a first or last layer takes many megabytes, and an ensemble takes them for each of its networks.</summary>
    public const int MostColumns = 10_000;

    /// <summary>The most weights of a first hidden layer where rows are sparse: a step takes time for the features of its rows alone, and four such networks some 600 megabytes.</summary>
    public const int MostSparseWeights = 1 << 23;

    /// <summary>The number of networks, which decides how rows are held out.</summary>
    /// <param name="options">The options, with the number of epochs as the user left it.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="takesLong">Whether a network takes many times the time of one for a table.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    public static int Size(DenseNeuralNetOptions options, RowSource rows, int outputs, bool takesLong, Network? initial)
    {
        if (initial is not null)
            return initial.Members.Length;
        var firstUnits = (options.HiddenLayers ?? HiddenLayerDefaults.OfSparse(rows)).Append(outputs).First();
        var isSmall = rows.IsSparse ? (long)rows.Inputs * firstUnits <= MostSparseWeights : rows.Inputs <= MostColumns;
        var areFew = isSmall && outputs <= MostColumns;
        if (options.NumberOfEpochs is not null || options.Layers is not null || takesLong || rows is not RowSubset || !areFew)
            return 1;
        return rows.IsSparse || rows.Count < RowsOfTwoNetworks ? Networks : NetworksOfManyRows;
    }
}
