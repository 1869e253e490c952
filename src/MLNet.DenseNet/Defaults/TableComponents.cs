using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The principal components of a table's numbers, where columns go together.</summary>
/// <param name="Components">Null for none.</param>
/// <param name="Embedding">The functions of single numbers, the components among these; null for none, and without components.</param>
/// <param name="Choice">What the components were chosen by, if they were.</param>
internal sealed record TableComponents(PrincipalComponentsLayer? Components, NumericEmbeddingLayer? Embedding, ComponentChoice Choice = default)
{
    /// <summary>Chooses them. Of more features than rows that a linear model tells, they are all that is learned from, without a hidden layer.</summary>
    /// <param name="input">The shape of the features.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="missing">What comes first; null for nothing.</param>
    /// <param name="standardization">What comes next.</param>
    /// <param name="numbers">The numbers that have functions; none where nothing is embedded.</param>
    /// <param name="scaleRate">How much faster than weights their scales are learned.</param>
    /// <param name="mayBeLinear">Whether a linear model may be all that there is.</param>
    public static TableComponents Choose(Shape input, RowSubset rows, MissingValueLayer? missing, StandardizationLayer standardization, int[] numbers, float scaleRate, bool mayBeLinear)
    {
        var front = InputStatistics.Front(input, missing, standardization, rows);
        var columns = front.OutputShape.Size;
        ComponentChoice? ofAll = null;
        if (mayBeLinear && input.Size > rows.Count && columns <= TableDefaults.MostColumnsOfComponents)
        {
            var all = ComponentChoice.Of(front, rows, [.. Enumerable.Range(0, columns)]);
            var mostError = all.AreNeeded && numbers.Length > 0 ? TableDefaults.MostErrorOfColumnsTogether : TableDefaults.MostErrorOfLinear;
            if (all.Count > 0 && all.LinearError <= mostError)
                return new(new PrincipalComponentsLayer(all.Count, columns: null, TableDefaults.FarthestOfComponents, keepsInputs: false), null, all);
            ofAll = all;
        }

        if (numbers.Length == 0)
            return new(null, null);
        var choice = numbers.Length == columns && ofAll is { } known ? known : ComponentChoice.Of(front, rows, numbers);
        if (!choice.AreNeeded)
            return new(null, null);
        int[] embedded = [.. numbers, .. Enumerable.Range(columns, choice.Count)];
        return new(
            new PrincipalComponentsLayer(choice.Count, numbers, TableDefaults.FarthestOfComponents),
            new NumericEmbeddingLayer(TableDefaults.EmbeddingUnits(rows, embedded.Length), Math.Clamp(rows.Count - 1, 1, TableDefaults.EmbeddingBins), embedded, scaleRate), choice);
    }
}
