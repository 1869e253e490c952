using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class OrthogonalMatrixTests
{
    /// <summary>Below, at and beyond the number of rows that are gone through at once.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 2)]
    [InlineData(15, 60)]
    [InlineData(16, 16)]
    [InlineData(17, 51)]
    [InlineData(50, 50)]
    [InlineData(64, 256)]
    public void Rows_are_those_that_Gram_and_Schmidt_make_one_by_one(int rows, int columns)
    {
        var random = new RandomBits(3, 1);
        var matrix = Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => Normal(random, 100 + (ulong)(row * columns + column))).ToArray()).ToArray();
        for (var row = 0; row < rows; row++)
        {
            // Each row before as it was finished, and each sum in the order of columns: to the last bit.
            foreach (var before in matrix.Take(row))
            {
                var share = 0.0;
                for (var column = 0; column < columns; column++)
                    share += matrix[row][column] * before[column];
                for (var column = 0; column < columns; column++)
                    matrix[row][column] -= share * before[column];
            }

            var square = 0.0;
            foreach (var value in matrix[row])
                square += value * value;
            matrix[row] = [.. matrix[row].Select(value => value / Math.Sqrt(square))];
        }

        Assert.Equal(matrix.SelectMany(row => row).Select(value => (float)value), OrthogonalMatrix.Create(rows, columns, random, 100));
    }

    [Fact]
    public void Rows_are_orthonormal()
    {
        const int Rows = 100, Columns = 130;
        var rows = OrthogonalMatrix.Create(Rows, Columns, new RandomBits(5, 2), 0).Chunk(Columns).ToArray();
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, rows[i].Zip(rows[j]).Sum(pair => (double)pair.First * pair.Second), 1e-6);
        }
    }

    private static double Normal(RandomBits random, ulong position) => ElementaryFunctions.NormalQuantile(new Scalar(UniformNumbers.BetweenSigns(random[position].X0))).Value;
}
