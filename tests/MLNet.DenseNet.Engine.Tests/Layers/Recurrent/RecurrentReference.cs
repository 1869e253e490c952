namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Recurrent layers in float64, written from their formulas: one sequence after the other, one unit after the other.</summary>
/// <param name="Steps">Steps of a sequence.</param>
/// <param name="Channels">Values of a step.</param>
/// <param name="Units">Values of the state.</param>
internal sealed record RecurrentReference(int Steps, int Channels, int Units)
{
    /// <summary>From the last step to the first.</summary>
    public bool IsReversed { get; init; }

    /// <summary>The states after all steps; otherwise after the last one.</summary>
    public bool AllSteps { get; init; }

    /// <summary>(rows x channels) that the inputs of each step are multiplied by, or null.</summary>
    public float[]? Mask { get; init; }

    /// <summary>h = f(x W + h' U + b).</summary>
    public LayerCheck.Reference Simple(Func<double, double> f) => (x, rows, p) => Run(x, rows, (step, h, _) => Each(unit => f(Sum(step, p[0], unit, 1) + Sum(h, p[1], unit, 1) + p[2][unit])));

    /// <summary>i, f, o = sigmoid(x W + h' U + b), g = tanh(x W + h' U + b), c = f c' + i g, h = o tanh(c).</summary>
    public double[] Lstm(double[] x, int rows, double[][] p) => Run(x, rows, (step, h, c) =>
    {
        var before = h.ToArray();
        return Each(unit =>
        {
            var (i, f, g, o) = (Sigmoid(Gate(0)), Sigmoid(Gate(1)), Math.Tanh(Gate(2)), Sigmoid(Gate(3)));
            c[unit] = f * c[unit] + i * g;
            return o * Math.Tanh(c[unit]);

            double Gate(int gate) => Sum(step, p[0], gate * Units + unit, 4) + Sum(before, p[1], gate * Units + unit, 4) + p[2][gate * Units + unit];
        });
    });

    /// <summary>z, r = sigmoid(x W + b + h' U + b'), n = tanh(x W + b + r (h' U + b')), h = z h' + (1 - z) n.</summary>
    public double[] Gru(double[] x, int rows, double[][] p) => Run(x, rows, (step, h, _) => Each(unit =>
    {
        var z = Sigmoid(Inputs(0) + State(0));
        var r = Sigmoid(Inputs(1) + State(1));
        return z * h[unit] + (1 - z) * Math.Tanh(Inputs(2) + r * State(2));

        double Inputs(int gate) => Sum(step, p[0], gate * Units + unit, 3) + p[2][gate * Units + unit];

        double State(int gate) => Sum(h, p[1], gate * Units + unit, 3) + p[3][gate * Units + unit];
    }));

    /// <summary>Two directions side by side: the first half of the parameters is the first one's.</summary>
    /// <param name="first">The one that begins at the first step.</param>
    /// <param name="second">The other one.</param>
    public LayerCheck.Reference Both(LayerCheck.Reference first, LayerCheck.Reference second) => (x, rows, p) =>
    {
        var (a, b) = (first(x, rows, p[..(p.Length / 2)]), second(x, rows, p[(p.Length / 2)..]));
        return [.. Enumerable.Range(0, a.Length / Units).SelectMany(i => a[(i * Units)..((i + 1) * Units)].Concat(b[(i * Units)..((i + 1) * Units)]))];
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, Units).Select(value)];

    private double Sum(ReadOnlySpan<double> values, double[] weights, int column, int gates)
    {
        var sum = 0.0;
        for (var k = 0; k < values.Length; k++)
            sum += values[k] * weights[k * gates * Units + column];
        return sum;
    }

    /// <param name="x">(rows x steps x channels).</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="next">The next state, of a step, the state before it, and a second value that it may change.</param>
    private double[] Run(double[] x, int rows, Func<double[], double[], double[], double[]> next)
    {
        var y = new double[rows * (AllSteps ? Steps : 1) * Units];
        for (var row = 0; row < rows; row++)
        {
            var (h, c) = (new double[Units], new double[Units]);
            for (var index = 0; index < Steps; index++)
            {
                var time = IsReversed ? Steps - 1 - index : index;
                var step = x[((row * Steps + time) * Channels)..((row * Steps + time + 1) * Channels)];
                for (var channel = 0; channel < Channels && Mask is not null; channel++)
                    step[channel] *= Mask[row * Channels + channel];
                h = next(step, h, c);
                if (AllSteps)
                    h.CopyTo(y, (row * Steps + time) * Units);
            }

            if (!AllSteps)
                h.CopyTo(y, row * Units);
        }

        return y;
    }
}
