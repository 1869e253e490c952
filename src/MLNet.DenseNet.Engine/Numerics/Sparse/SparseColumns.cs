using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>What lets kernels use the columns of a sparse row as they are: each is within the row, and each comes once, ascending.</summary>
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
    public static string Describe(ReadOnlySpan<int> columns, int wrong, int columnCount) =>
        (uint)columns[wrong] >= (uint)columnCount ? FormattableString.Invariant($"A value is at index {columns[wrong]} of a vector of length {columnCount}; expected 0 to {columnCount - 1}.")
        : $"A value at index {columns[wrong]} comes after one at index {columns[wrong - 1]} of a vector of length {columnCount}; expected each index once, ascending.";
}
