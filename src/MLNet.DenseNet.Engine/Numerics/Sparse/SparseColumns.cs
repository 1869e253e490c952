using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The rule that lets kernels trust the columns of a sparse row: each is within the row, and each comes once, ascending.</summary>
internal static class SparseColumns
{
    /// <summary>Looks for the first column that breaks the rule.</summary>
    /// <param name="columns">Of one row's stored values.</param>
    /// <param name="columnCount">The length of the row.</param>
    /// <returns>Its position; -1 where there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FirstWrong(ReadOnlySpan<int> columns, int columnCount)
    {
        var previous = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            if (column <= previous || column >= columnCount)
                return i;
            previous = column;
        }

        return -1;
    }

    /// <summary>What is wrong with it.</summary>
    /// <param name="columns">Of one row's stored values.</param>
    /// <param name="wrong">The position that <see cref="FirstWrong"/> found.</param>
    /// <param name="columnCount">The length of the row.</param>
    /// <param name="row">The row's number; null for a vector by itself.</param>
    public static string Describe(ReadOnlySpan<int> columns, int wrong, int columnCount, int? row = null)
    {
        var column = columns[wrong];
        return FormattableString.Invariant(((uint)column >= (uint)columnCount, row) switch
        {
            (true, null) => $"A value is at index {column} of a vector of length {columnCount}; expected 0 to {columnCount - 1}.",
            (false, null) => $"A value at index {column} comes after one at index {columns[wrong - 1]} of a vector of length {columnCount}; expected each index once, ascending.",
            (true, _) => $"Row {row} has a value in column {column}; expected 0 to {columnCount - 1}.",
            (false, _) => $"Row {row} has column {column} after column {columns[wrong - 1]}; expected each once, ascending.",
        });
    }
}
