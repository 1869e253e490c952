using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Goes through the rows of an evaluation. Those that miss a label or a score are left out and reported, as by ML.NET's evaluators.</summary>
internal static class EvaluatedRows
{
    /// <summary>What a row misses.</summary>
    public enum Missing
    {
        Nothing,
        Label,
        Score,
    }

    /// <summary>Adds all rows that miss nothing.</summary>
    /// <param name="host">Logs and throws.</param>
    /// <param name="cursor">Before the first row.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="score">The column of scores.</param>
    /// <param name="read">Reads the current row, whose number, from 1, it is given, and says what it misses.</param>
    /// <param name="add">Adds the row that was read.</param>
    /// <returns>How many were added, at least 1.</returns>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read.</exception>
    public static long Add(IHost host, DataViewRowCursor cursor, DataViewSchema.Column label, DataViewSchema.Column score, Func<long, Missing> read, Action add)
    {
        using var channel = host.Start("Evaluating");
        var (rows, unlabelled, unscored) = (0L, 0L, 0L);
        while (cursor.MoveNext())
        {
            switch (Read(++rows))
            {
                case Missing.Label:
                    unlabelled++;
                    break;
                case Missing.Score:
                    unscored++;
                    break;
                default:
                    add();
                    break;
            }
        }

        var skipped = string.Join(", ", from missing in new[] { (Rows: unlabelled, What: $"label in '{label.Name}'"), (Rows: unscored, What: $"score in '{score.Name}'") }
                                        where missing.Rows > 0
                                        select $"{missing.Rows} of {rows} with a missing {missing.What}");
        var evaluated = rows - unlabelled - unscored;
        if (evaluated == 0)
            throw host.Except(rows == 0 ? "The data to evaluate has no rows." : $"There is nothing to evaluate. Rows left out: {skipped}.");
        if (evaluated < rows)
            channel.Warning($"Rows left out of the evaluation: {skipped}.");
        return evaluated;

        Missing Read(long row)
        {
            try
            {
                return read(row);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw host.Except(error, $"Reading the data to evaluate failed after {row - 1} rows: {error.GetBaseException().Message}");
            }
        }
    }
}
