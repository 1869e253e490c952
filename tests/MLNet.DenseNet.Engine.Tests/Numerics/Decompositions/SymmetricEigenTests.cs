using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics.Decompositions;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(70)]
    public void The_parts_make_up_the_matrix(int size)
    {
        var random = new Random(size);
        Check(Symmetric(size, (_, _) => 2 * random.NextDouble() - 1));
    }

    /// <summary>Of equal eigenvalues, any vectors that are orthogonal are right.</summary>
    [Fact]
    public void So_they_do_where_eigenvalues_are_equal_or_zero()
    {
        Check(Symmetric(6, (_, _) => 0));
        Check(Symmetric(6, (i, j) => i == j ? 3 : 0));
        Check(Symmetric(6, (i, j) => (i + 1) * (j + 1)));
        Check(Symmetric(8, (i, j) => i / 2 == j / 2 ? 1 : 0));
        Check(Symmetric(5, (i, j) => i == j ? i - 2 : 0));
    }

    /// <summary>Those of a table's columns that go together are many orders of magnitude apart.</summary>
    [Fact]
    public void So_they_do_where_eigenvalues_are_far_apart() => Check(Symmetric(12, (i, j) => Math.Exp(-Math.Pow((i - j) / 8.0, 2))));

    /// <summary>What is small beside the diagonal decides where two eigenvalues are nearly equal: 1.5 - √0.5 is one of the first two rows and columns alone.</summary>
    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-7)]
    public void So_they_do_where_entries_are_small(double small)
    {
        double[][] matrix = [[1, 0, 0], [0.5, 2, 0], [small, 0, 1.5 - Math.Sqrt(0.5)]];
        Check(matrix);
    }

    /// <summary>2 on the diagonal and -1 beside it: 2 - 2 cos(k π / (n + 1)).</summary>
    [Fact]
    public void Known_eigenvalues_are_found()
    {
        const int Size = 40;
        var eigen = SymmetricEigen.Of(Symmetric(Size, (i, j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0));
        Assert.All(eigen.Values, (value, i) => Assert.Equal(2 - 2 * Math.Cos((Size - i) * Math.PI / (Size + 1)), value, 1e-13));
    }

    private static double[][] Symmetric(int size, Func<int, int, double> element)
    {
        var matrix = Enumerable.Range(0, size).Select(_ => new double[size]).ToArray();
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
                matrix[i][j] = element(i, j);
        }

        return matrix;
    }

    private static void Check(double[][] lower)
    {
        var size = lower.Length;
        double[][] copy = [.. lower.Select(row => row.ToArray())];
        var eigen = SymmetricEigen.Of(copy);
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
        var largest = Math.Max(1, eigen.Values.Max(Math.Abs));
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, size).Sum(k => eigen.Vectors[i][k] * eigen.Vectors[j][k]), 1e-13);
                Assert.Equal(lower[i][j], Enumerable.Range(0, size).Sum(k => eigen.Values[k] * eigen.Vectors[k][i] * eigen.Vectors[k][j]), 1e-13 * largest);
            }
        }
    }
}
