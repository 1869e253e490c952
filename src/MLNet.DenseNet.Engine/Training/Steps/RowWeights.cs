using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>How much each row of a batch counts: sums over the rows by their weights, and each row's share in the gradient.</summary>
/// <param name="weights">(rows), each at least 0; empty where all rows count 1.</param>
/// <param name="rows">The rows of the batch.</param>
internal readonly ref struct RowWeights(ReadOnlySpan<float> weights, int rows)
{
    private readonly ReadOnlySpan<float> _weights = weights;

    /// <summary>The weight of all rows together.</summary>
    public double Total()
    {
        if (_weights.IsEmpty)
            return rows;
        double total = 0;
        foreach (var weight in _weights)
            total += weight;
        return total;
    }

    /// <summary>The sum of each row's value times its weight. A row that weighs nothing may have any value.</summary>
    /// <param name="values">(rows), or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double SumOf(ReadOnlySpan<float> values)
    {
        values = values[..rows];
        double sum = 0;
        if (_weights.IsEmpty)
        {
            foreach (var value in values)
                sum += value;
        }
        else
        {
            for (var row = 0; row < values.Length; row++)
                sum += _weights[row] == 0 ? 0 : (double)_weights[row] * values[row];
        }

        return sum;
    }

    /// <inheritdoc cref="SumOf(ReadOnlySpan{float})"/>
    public double SumOf(ReadOnlySpan<double> values)
    {
        double sum = 0;
        for (var row = 0; row < rows; row++)
        {
            var weight = _weights.IsEmpty ? 1 : _weights[row];
            sum += weight == 0 ? 0 : weight * values[row];
        }

        return sum;
    }

    /// <summary>Fills in each row's share of the gradient: its weight over a divisor.</summary>
    /// <param name="divisor">At least 0. All shares are 0 where it is 0: a batch in which no row weighs anything has no gradient.</param>
    /// <param name="shares">(rows), or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillShares(double divisor, Span<float> shares)
    {
        shares = shares[..rows];
        var share = divisor > 0 ? 1 / divisor : 0;
        if (_weights.IsEmpty)
        {
            shares.Fill((float)share);
            return;
        }

        for (var row = 0; row < shares.Length; row++)
            shares[row] = (float)(_weights[row] * share);
    }

    /// <summary>Sets the gradient of rows that weigh nothing to 0. Where their loss overflowed, 0 times its gradient is not a number.</summary>
    /// <param name="gradient">(rows x outputs).</param>
    /// <param name="outputs">Outputs a row.</param>
    public void ClearWeightless(Span<float> gradient, int outputs)
    {
        for (var row = 0; row < _weights.Length; row++)
        {
            if (_weights[row] == 0)
                gradient.Slice(row * outputs, outputs).Clear();
        }
    }
}
