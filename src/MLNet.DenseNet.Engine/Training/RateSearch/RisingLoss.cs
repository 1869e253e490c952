namespace MLNet.DenseNet.Engine;

/// <summary>Tells when the loss of steps at ever higher rates has risen for good: once the median of the latest steps is far above the lowest such median, that is by 3 times its magnitude, as in fastai's finder, and by 3 times the range of the first steps, which differ by chance.</summary>
/// <remarks>A single step tells little: its batch may have a row far from all others, or be small.</remarks>
/// <param name="steps">How many steps there are at most.</param>
internal sealed class RisingLoss(int steps)
{
    private const double TooLarge = 3;

    // An odd number, so that one of them is the median.
    private const int Latest = 9;

    private readonly int _first = Math.Max(Latest, steps / 10);
    private readonly List<double> _losses = [];
    private double _lowest = double.PositiveInfinity;
    private double _range;

    /// <summary>Takes in a step.</summary>
    /// <returns>Whether the loss has risen for good.</returns>
    public bool Add(double loss)
    {
        _losses.Add(loss);
        if (_losses.Count < _first)
            return false;
        if (_losses.Count == _first)
            _range = _losses.Max() - _losses.Min();
        var median = _losses.TakeLast(Latest).Order().ElementAt(Latest / 2);
        _lowest = Math.Min(_lowest, median);
        return median - _lowest > TooLarge * Math.Max(Math.Abs(_lowest), _range);
    }
}
