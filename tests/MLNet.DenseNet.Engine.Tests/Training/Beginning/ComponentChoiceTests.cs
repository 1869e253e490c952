using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class ComponentChoiceTests
{
    private const int Rows = 120;

    /// <summary>Sixty columns that go together, in which a small difference tells: gradient descent would take long to find it.</summary>
    [Fact]
    public void Small_differences_that_tell_need_components()
    {
        var random = new Random(1);
        double[][] amounts = [.. Enumerable.Range(0, Rows).Select(_ => (double[])[random.NextDouble(), 0.02 * random.NextDouble()])];
        double[][] table = [.. amounts.Select(row => Enumerable.Range(0, 60).Select(column => row[0] * 100 + row[1] * column + 1e-4 * random.NextDouble()).ToArray())];
        var choice = Choose(table, [.. amounts.Select(row => row[1])]);
        Assert.Equal((2, true), (choice.Count, choice.AreNeeded));
        Assert.InRange(choice.LinearError, 0, 0.01);
    }

    /// <summary>What tells is a curve's shape, though no linear model finds it: it has components where any of these tells a little.</summary>
    [Fact]
    public void Columns_that_go_together_need_components()
    {
        var random = new Random(2);
        double[][] amounts = [.. Enumerable.Range(0, Rows).Select(_ => (double[])[random.NextDouble() - 0.5, random.NextDouble() - 0.5])];
        double[][] table = [.. amounts.Select(row => Enumerable.Range(0, 60).Select(column => row[0] + row[1] * column / 60 + 0.001 * random.NextDouble()).ToArray())];
        var choice = Choose(table, [.. amounts.Select(row => Math.Abs(row[1]) + 0.1 * row[0])]);
        Assert.InRange(choice.Count, 1, 2);
        Assert.True(choice.AreNeeded);
        Assert.InRange(choice.LinearError, 0.7, 1);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(5, false)]
    [InlineData(60, true)]
    public void Columns_of_their_own_need_none(int columns, bool areTold)
    {
        var random = new Random(3);
        double[][] table = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble()).ToArray())];
        Assert.False(Choose(table, [.. table.Select(row => areTold ? row[0] - row[1] : random.NextDouble())]).AreNeeded);
    }

    /// <summary>Few rows lie in few directions, however many columns there are.</summary>
    [Fact]
    public void Unrelated_columns_of_few_rows_need_none()
    {
        var random = new Random(6);
        double[][] table = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 900).Select(_ => random.NextDouble()).ToArray())];
        Assert.False(Choose(table, [.. table.Select(row => row[..20].Sum())]).AreNeeded);
    }

    /// <summary>Targets that nothing tells, too few rows to tell anything, one direction only, and more outputs than are looked at.</summary>
    [Fact]
    public void Where_nothing_can_be_chosen_there_are_none()
    {
        var random = new Random(4);
        double[][] together = [.. Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, 60).Select(column => row + 0.1 * random.NextDouble()).ToArray())];
        Assert.Equal(0, Choose(together, [.. together.Select(_ => 1.0)]).Count);
        Assert.Equal(default, Choose([.. together.Take(7)], [1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal(default, Choose([.. Enumerable.Range(0, Rows).Select(row => (double[])[row, row])], [.. Enumerable.Range(0, Rows).Select(row => (double)row)]));
        Assert.Equal(default, ComponentChoice.Of(PrincipalComponents.Of(together), [.. Enumerable.Range(0, ComponentChoice.MostOutputs + 1).Select(_ => new double[Rows])]));
    }

    [Fact]
    public void There_are_128_at_most()
    {
        var random = new Random(5);
        double[][] table = [.. Enumerable.Range(0, 400).Select(row => Enumerable.Range(0, 200).Select(column => 100 * (row % 17) + random.NextDouble()).ToArray())];
        Assert.Equal(128, Choose(table, [.. table.Select(row => Enumerable.Range(0, 200).Sum(column => column % 2 == 0 ? row[column] : -row[column]))]).Count);
    }

    private static ComponentChoice Choose(double[][] table, double[] targets) => ComponentChoice.Of(PrincipalComponents.Of([.. table.Select(row => row.ToArray())]), [targets]);
}
