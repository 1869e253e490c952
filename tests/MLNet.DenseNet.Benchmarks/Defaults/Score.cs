namespace MLNet.DenseNet.Benchmarks;

/// <summary>How good predictions are.</summary>
/// <param name="Quality">Accuracy, or R-squared in a regression; the more the better.</param>
/// <param name="LogLoss">In nats; null in a regression.</param>
internal readonly record struct Score(double Quality, double? LogLoss)
{
    // About what float32 can tell from 0, so that one row cannot decide everything.
    private const double SmallestProbability = 1e-7;

    /// <param name="set">The table.</param>
    /// <param name="rows">The rows measured with.</param>
    /// <param name="predictions">(rows x outputs).</param>
    public static Score Of(TabularSet set, int[] rows, double[] predictions) =>
        set.Task == TabularTask.Regression ? OfNumbers(set, rows, predictions) : OfProbabilities(set, rows, predictions);

    private static Score OfNumbers(TabularSet set, int[] rows, double[] predictions)
    {
        var mean = rows.Average(row => set.Labels[row]);
        var errors = rows.Select((row, i) => Square(predictions[i] - set.Labels[row])).Sum();
        return new Score(1 - errors / rows.Sum(row => Square(set.Labels[row] - mean)), null);
    }

    private static Score OfProbabilities(TabularSet set, int[] rows, double[] predictions)
    {
        var (correct, loss) = (0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            var probabilities = predictions.AsSpan(i * set.Outputs, set.Outputs);
            var label = (int)set.Labels[rows[i]];
            correct += IndexOfLargest(probabilities) == label ? 1 : 0;
            loss -= Math.Log(Math.Clamp(probabilities[label], SmallestProbability, 1));
        }

        return new Score((double)correct / rows.Length, loss / rows.Length);
    }

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
            largest = values[i] > values[largest] ? i : largest;
        return largest;
    }

    private static double Square(double x) => x * x;
}
