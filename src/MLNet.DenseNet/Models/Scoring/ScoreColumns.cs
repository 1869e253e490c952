using Microsoft.ML;

namespace MLNet.DenseNet.Models;

/// <summary>The columns that a task puts out instead of the column "Score" as ML.NET binds it, and made of it.</summary>
/// <param name="schema">The columns.</param>
internal abstract class ScoreColumns(DataViewSchema schema)
{
    public DataViewSchema Schema => schema;

    /// <summary>What gives the values of the active columns for a row, in the order of the columns; null for others.</summary>
    /// <param name="row">With the scores.</param>
    /// <param name="score">Their column.</param>
    /// <param name="active">Which columns, at least one.</param>
    public abstract Delegate?[] Getters(DataViewRow row, DataViewSchema.Column score, IReadOnlySet<int> active);
}
