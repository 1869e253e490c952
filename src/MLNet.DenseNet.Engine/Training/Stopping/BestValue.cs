namespace MLNet.DenseNet.Engine;

/// <summary>The best monitored value of the epochs so far, which is the smallest.</summary>
internal struct BestValue()
{
    private double _value = double.PositiveInfinity;

    /// <summary>Compares the next epoch with the best one. Nothing is worse than a value that is not finite, so that any value improves on it.</summary>
    /// <param name="value">The epoch's <see cref="EpochSummary.MonitoredValue"/>.</param>
    /// <param name="minimum">By how much more than this it must be smaller, at least 0.</param>
    /// <returns>Whether it is better; then it is the best from now on.</returns>
    public bool Improve(double value, double minimum = 0)
    {
        if (double.IsFinite(_value) && !(value < _value - minimum))
            return false;
        _value = value;
        return true;
    }
}
