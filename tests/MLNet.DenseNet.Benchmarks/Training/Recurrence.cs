namespace MLNet.DenseNet.Benchmarks;

/// <summary>A recurrent layer over sequences, whose last state is the output.</summary>
/// <param name="Kind">What the peers call it.</param>
/// <param name="Steps">Steps of a sequence.</param>
/// <param name="Gates">How many sums each unit has.</param>
/// <param name="NewLayer">Makes the layer for a number of units.</param>
internal sealed record Recurrence(string Kind, int Steps, int Gates, Func<int, Layer> NewLayer)
{
    public static Recurrence Lstm(int steps) => new("lstm", steps, 4, units => new LstmLayer(units));

    public static Recurrence Gru(int steps) => new("gru", steps, 3, units => new GruLayer(units));

    /// <summary>The multiply-adds for a row of all steps: of the inputs forward and for their weights' gradient, of the state those and its own gradient.</summary>
    /// <param name="inputs">Values of all steps.</param>
    /// <param name="units">Units of the layer.</param>
    public double MultiplyAdds(int inputs, int units) => (double)Gates * units * (2.0 * inputs + 3.0 * Steps * units);
}
