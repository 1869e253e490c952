using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Which quantiles the scores of a column are.</summary>
internal static class QuantileLevels
{
    /// <param name="host">Throws.</param>
    /// <param name="score">The column of scores, a known-size vector.</param>
    /// <param name="quantiles">For each score its quantile, as the caller names them; null for the names of the column's slots.</param>
    /// <exception cref="ArgumentException">There are more or fewer given than scores.</exception>
    /// <exception cref="ArgumentOutOfRangeException">None are given, and the slots have other names than quantiles.</exception>
    public static IReadOnlyList<float> Of(IHost host, DataViewSchema.Column score, IReadOnlyList<float>? quantiles)
    {
        var size = VectorColumns.Size(score);
        if (quantiles is not null)
        {
            return quantiles.Count == size ? quantiles
                : throw new ArgumentException(FormattableString.Invariant($"There are {quantiles.Count} quantiles, and {size} scores in the column '{score.Name}': each score needs its quantile."), nameof(quantiles));
        }

        var names = SlotNames.All(score);
        float[] named = [.. (names ?? []).Select(name => float.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var quantile) ? quantile : float.NaN)];
        var areRight = names is not null && named.All(quantile => quantile is > 0 and < 1) && named.Zip(named.Skip(1), (one, next) => one < next).All(ascends => ascends);
        return areRight ? named
            : throw host.ExceptSchemaMismatch(
                "data", "score", score.Name, "slot names that are ascending quantiles, such as 0.05, 0.5 and 0.95, as a model of several quantiles has, or the parameter quantiles", names is null ? "no slot names" : NameList.Of(names));
    }
}
