namespace MLNet.DenseNet.Engine;

/// <summary>Values that are computed of a parameter, kept until it changes. What is kept is never written again, so that several threads may ask at once.</summary>
/// <param name="parameter">The parameter.</param>
internal sealed class DerivedValues(Parameter parameter)
{
    private volatile Kept? _kept;

    /// <summary>The values; null where they are to be computed.</summary>
    public float[]? Latest => _kept is { } kept && kept.Version == parameter.Version ? kept.Values : null;

    /// <summary>Computes and keeps them.</summary>
    /// <param name="compute">Fills them in, at first 0.</param>
    /// <param name="length">How many.</param>
    public float[] Compute(Action<float[]> compute, int length)
    {
        // Read first: a change while they are computed makes them old at once.
        var version = parameter.Version;
        var values = new float[length];
        compute(values);
        _kept = new Kept(version, values);
        return values;
    }

    private sealed record Kept(long Version, float[] Values);
}
