namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Both passes of recurrent layers against float64.</summary>
public class RecurrentGradientTests
{
    private const float DropoutRate = 0.4f;

    // Those that a check trains with.
    private static readonly TrainingStep Step = new(17, 0);

    /// <summary>Steps, channels, units, rows.</summary>
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 3, 2, 4, 5 },
        { 1, 3, 3, 4 },
        { 4, 3, 2, 1 },
        { 3, 1, 1, 3 },
        { 2, 33, 3, 11 },
        { 3, 3, 33, 2 },
        { 7, 2, 3, 19 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Simple_layers(int steps, int channels, int units, int rows)
    {
        foreach (var allSteps in (bool[])[false, true])
        {
            var reference = new RecurrentReference(steps, channels, units) { AllSteps = allSteps };
            Check(new RecurrentLayer(units, returnSequences: allSteps), reference, rows, reference.Simple(Math.Tanh));
        }
    }

    [Theory]
    [InlineData("sigmoid")]
    [InlineData("GELU")]
    [InlineData("SiLU")]
    [InlineData("identity")]
    public void Simple_layers_with_other_activations(string activation)
    {
        var reference = new RecurrentReference(4, 3, 5) { AllSteps = true };
        Check(new RecurrentLayer(5, Samples.Activations[activation], returnSequences: true), reference, 6, reference.Simple(x => activation switch
        {
            "sigmoid" => 1 / (1 + Math.Exp(-x)),
            "SiLU" => x / (1 + Math.Exp(-x)),
            "GELU" => x * NormalDistribution(x),
            _ => x,
        }));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lstm_layers(int steps, int channels, int units, int rows)
    {
        foreach (var allSteps in (bool[])[false, true])
        {
            var reference = new RecurrentReference(steps, channels, units) { AllSteps = allSteps };
            Check(new LstmLayer(units, allSteps), reference, rows, reference.Lstm);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gru_layers(int steps, int channels, int units, int rows)
    {
        foreach (var allSteps in (bool[])[false, true])
        {
            var reference = new RecurrentReference(steps, channels, units) { AllSteps = allSteps };
            Check(new GruLayer(units, allSteps), reference, rows, reference.Gru);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bidirectional_layers(int steps, int channels, int units, int rows)
    {
        foreach (var allSteps in (bool[])[false, true])
        {
            var first = new RecurrentReference(steps, channels, units) { AllSteps = allSteps };
            var second = first with { IsReversed = true };
            Check(new BidirectionalLayer(new RecurrentLayer(units, returnSequences: allSteps)), first, rows, first.Both(first.Simple(Math.Tanh), second.Simple(Math.Tanh)));
            Check(new BidirectionalLayer(new LstmLayer(units, allSteps)), first, rows, first.Both(first.Lstm, second.Lstm));
            Check(new BidirectionalLayer(new GruLayer(units, allSteps)), first, rows, first.Both(first.Gru, second.Gru));
        }
    }

    [Fact]
    public void Layers_that_drop_inputs()
    {
        const int Rows = 6, Channels = 5, Units = 3;
        var first = new RecurrentReference(4, Channels, Units) { Mask = Mask(Rows * Channels, 0) };
        var second = first with { Mask = Mask(Rows * Channels, 1UL << 40), IsReversed = true };
        Assert.NotEqual(first.Mask, second.Mask);
        Check(new RecurrentLayer(Units, dropoutRate: DropoutRate), first, Rows, first.Simple(Math.Tanh));
        Check(new LstmLayer(Units, dropoutRate: DropoutRate), first, Rows, first.Lstm);
        Check(new GruLayer(Units, dropoutRate: DropoutRate), first, Rows, first.Gru);
        Check(new BidirectionalLayer(new LstmLayer(Units, dropoutRate: DropoutRate)), first, Rows, first.Both(first.Lstm, second.Lstm));
    }

    /// <summary>At prediction less is kept, and nothing is dropped.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Predictions(int steps, int channels, int units, int rows)
    {
        var first = new RecurrentReference(steps, channels, units) { AllSteps = true };
        var (last, second) = (first with { AllSteps = false }, first with { IsReversed = true });
        foreach (var (layer, reference) in ((Layer, LayerCheck.Reference)[])[
            (new RecurrentLayer(units, dropoutRate: DropoutRate), last.Simple(Math.Tanh)), (new LstmLayer(units, dropoutRate: DropoutRate), last.Lstm), (new GruLayer(units, dropoutRate: DropoutRate), last.Gru),
            (new LstmLayer(units, returnSequences: true), first.Lstm), (new GruLayer(units, returnSequences: true), first.Gru),
            (new BidirectionalLayer(new LstmLayer(units, returnSequences: true, DropoutRate)), first.Both(first.Lstm, second.Lstm))])
            new LayerCheck(layer, new Shape(steps, channels), reference) { Rows = rows, IsTraining = false }.Run();
    }

    [Fact]
    public void Another_formula_does_not_pass()
    {
        var reference = new RecurrentReference(3, 2, 4);
        Assert.ThrowsAny<Exception>(() => Check(new LstmLayer(4), reference, 5, (reference with { IsReversed = true }).Lstm));
        Assert.ThrowsAny<Exception>(() => Check(new GruLayer(4), reference, 5, (x, rows, p) => reference.Gru(x, rows, [p[0], p[1], p[3], p[2]])));
    }

    private static void Check(Layer layer, RecurrentReference sizes, int rows, LayerCheck.Reference reference) => new LayerCheck(layer, new Shape(sizes.Steps, sizes.Channels), reference) { Rows = rows }.Run();

    private static float[] Mask(int length, ulong firstPosition)
    {
        var mask = Enumerable.Repeat(1f, length).ToArray();
        new DropoutMask(DropoutRate, layer: 0, firstPosition).Apply(Step, mask, mask, team: null);
        return mask;
    }

    /// <summary>As the engine approximates it, but for rounding: Abramowitz and Stegun, 7.1.26.</summary>
    private static double NormalDistribution(double x)
    {
        var t = 1 / (1 + 0.3275911 * Math.Abs(x) / Math.Sqrt(2));
        var tail = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x / 2);
        return x < 0 ? tail : 1 - tail;
    }
}
