namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class LogitScaleTests
{
    /// <summary>Classes drawn by logits of which predictions are a tenth: they are told best by about ten times as much.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_factor_is_that_by_which_classes_were_drawn(int outputs)
    {
        const int Rows = 4000;
        var random = new Random(1);
        double[][] predictions = [.. Enumerable.Range(0, outputs).Select(_ => new double[Rows])], targets = [.. predictions.Select(_ => new double[Rows])];
        for (var row = 0; row < Rows; row++)
        {
            double[] logits = [.. Enumerable.Range(0, Math.Max(2, outputs)).Select(output => output < outputs ? 6 * random.NextDouble() - 3 : 0)];
            for (var output = 0; output < outputs; output++)
                predictions[output][row] = 1.0 / Math.Max(2, outputs) + logits[output] / 10;
            var draw = random.NextDouble() * logits.Sum(Math.Exp);
            var drawn = Enumerable.Range(0, logits.Length).First(output => (draw -= Math.Exp(logits[output])) < 0);
            if (drawn < outputs)
                targets[drawn][row] = 1;
        }

        Assert.InRange(LogitScale.Of(predictions, targets), 7.5, 12);
    }

    /// <summary>Predictions that tell nothing, or the opposite, are left out.</summary>
    [Fact]
    public void What_tells_nothing_does_not_count()
    {
        double[] targets = [0, 1, 1, 0, 1, 1];
        Assert.Equal(0, LogitScale.Of([[.. targets.Select(target => 1 - target)]], [targets]));
        Assert.Equal(0, LogitScale.Of([[1, 1, 0, 1, 1, 0]], [targets]));
    }

    /// <summary>Few rows that are told without an error are no proof that there will be none: the more there are, the larger is the factor.</summary>
    [Fact]
    public void Few_rows_have_no_endless_logits()
    {
        Assert.InRange(Separated(10), 4, 8);
        Assert.InRange(Separated(1000), 10, 20);

        static double Separated(int rows)
        {
            double[] targets = [.. Enumerable.Range(0, rows).Select(row => row % 2.0)];
            return LogitScale.Of([targets], [targets]);
        }
    }

    /// <summary>A class that all rows have, or none has, is met in a part of one more.</summary>
    [Fact]
    public void Classes_that_are_not_met_have_finite_logits()
    {
        var shares = LogitScale.SharesOf([[1, 1, 1], [0, 0, 0]]);
        Assert.Equal([0.875, 0.125], shares);
        Assert.Equal(Math.Log(0.125), LogitScale.OfShare(shares[1], isAlone: false), 1e-6);
        Assert.Equal(Math.Log(0.25 / 0.75), LogitScale.OfShare(0.25, isAlone: true), 1e-6);
        Assert.Equal(0, LogitScale.Of([[0.875, 0.875, 0.875], [0.125, 0.125, 0.125]], [[1, 1, 1], [0, 0, 0]]));
    }
}
