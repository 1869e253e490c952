using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// How many principal components of a table's numbers tell the labels: as many as vary enough for a linear model, ridge regression, to tell each row's label best by all other rows.
/// </summary>
/// <param name="Count">How many components; 0 where they tell nothing.</param>
/// <param name="LinearError">The mean squared error of that linear model on these components alone, beside the variance of the labels.</param>
/// <param name="AreNeeded">Whether columns go together so much, or components of little variance tell so much, that a network would be slow to learn it from the columns themselves.</param>
internal readonly record struct ComponentChoice(int Count, double LinearError, bool AreNeeded)
{
    /// <summary>The most components.</summary>
    public const int MostComponents = 128;

    // Components of less than a hundredth of the largest variance are what gradient descent is slow to find.
    private const int CoarseDecades = 2;

    // What an error without these has to be reduced to, and by how much of the variance at least.
    private const double MostErrorOfAll = 0.9;
    private const double LeastReduction = 0.01;

    // To each direction in which columns vary, as in spectra and curves, so many in which unrelated ones would.
    private const int UnrelatedOfDirection = 20;

    private const int LeastRows = 8;

    /// <summary>The most outputs that are looked at.</summary>
    public const int MostOutputs = 64;

    /// <summary>Those that it was chosen by; null where there was no choice.</summary>
    public PrincipalComponents? Components { get; init; }

    /// <summary>Chooses the components of what comes out of layers in front, whose statistics are set.</summary>
    /// <param name="front">A network of these layers.</param>
    /// <param name="rows">To learn from.</param>
    /// <param name="columns">What the components would be of.</param>
    public static ComponentChoice Of(Network front, RowSubset rows, int[] columns)
    {
        var outputs = rows.ClassCount > 0 ? rows.ClassCount : rows.TargetCount;
        if (outputs > MostOutputs)
            return default;
        var sample = SampledRows.Of(rows, rows.Rows, columns.Length);
        var components = PrincipalComponents.Of(sample.Before(front, front.Layers.Count, columns));
        return Of(components, sample.Targets(outputs)) with { Components = components };
    }

    /// <summary>Chooses.</summary>
    /// <param name="components">Those of the numbers.</param>
    /// <param name="targets">(outputs x rows).</param>
    public static ComponentChoice Of(PrincipalComponents components, double[][] targets)
    {
        if (components.RowCount < LeastRows || targets.Length > MostOutputs || components.Variations.Length < 2)
            return default;
        var linear = RidgeRegression.Of(components, targets);
        var error = linear.Errors[linear.Best];
        var ofCoarse = linear.Errors[..(CoarseDecades + 1)].Min();
        var areFineOnesNeeded = error <= MostErrorOfAll * ofCoarse && error <= ofCoarse - LeastReduction;
        var (rows, columns) = (components.RowCount, components.ColumnCount);
        // Of independent columns of one variance, (Σ v)² / Σ v² is about this.
        var unrelated = (double)rows * columns / (rows + columns);
        var goTogether = unrelated >= UnrelatedOfDirection * components.EffectiveCount;
        var count = linear.Best > 0 ? Math.Min(MostComponents, components.Variations.Count(variation => variation > linear.BestShare * components.Variations[0])) : 0;
        return new ComponentChoice(count, linear.ErrorOf(count), count > 0 && (areFineOnesNeeded || goTogether));
    }
}
