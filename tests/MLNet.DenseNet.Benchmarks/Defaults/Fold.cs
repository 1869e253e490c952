namespace MLNet.DenseNet.Benchmarks;

/// <summary>One division of a table into rows to learn from and rows to measure with, the same for all trainers.</summary>
/// <param name="Number">From 0, over all repetitions; the seed of whoever learns from it.</param>
/// <param name="Training">The numbers of the rows to learn from.</param>
/// <param name="Test">The numbers of the others.</param>
internal sealed record Fold(int Number, int[] Training, int[] Test)
{
    public const int Count = 5;

    /// <summary>Five-fold cross-validation, repeated with new shuffles; of each class the same share in every fold.</summary>
    public static IEnumerable<Fold> Divide(TabularSet set, int repetitions) => Divide(set.Rows, set.ClassCount > 0 ? set.Labels : null, repetitions);

    /// <param name="rows">How many rows there are.</param>
    /// <param name="classes">(rows); null where there are none.</param>
    /// <param name="repetitions">How often to shuffle.</param>
    public static IEnumerable<Fold> Divide(int rows, float[]? classes, int repetitions)
    {
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            int[] order = [.. Enumerable.Range(0, rows)];
            new Random(repetition).Shuffle(order);
            if (classes is not null)
                order = [.. order.OrderBy(row => classes[row])];
            for (var fold = 0; fold < Count; fold++)
                yield return new Fold(repetition * Count + fold, [.. order.Where((_, i) => i % Count != fold)], [.. order.Where((_, i) => i % Count == fold)]);
        }
    }
}
