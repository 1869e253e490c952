using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests.Shapes;

public class ChannelsLastTests
{
    [Fact]
    public void Rows_without_planes_are_left_alone()
    {
        VBuffer<float> row = new(3, [1, 2, 3]);
        Assert.True(Unsafe.AreSame(in row, in new ChannelsLast(1).Of(in row)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 4)]
    [InlineData(4, 7)]
    [InlineData(64, 9)]
    public void Values_go_from_planes_to_pixels(int planes, int pixels)
    {
        var size = planes * pixels;
        var order = new ChannelsLast(planes);
        // The lengths of rows that come one after another differ.
        for (var stored = 0; stored <= size; stored += 1 + stored / 5)
        {
            var indices = Enumerable.Range(0, size).OrderBy(i => (i * 37 + 11) % 101).Take(stored).Order().ToArray();
            var dense = new float[size];
            foreach (var index in indices)
                dense[index] = 1 + index;
            var expected = new float[size];
            for (var plane = 0; plane < planes; plane++)
            {
                for (var pixel = 0; pixel < pixels; pixel++)
                    expected[pixel * planes + plane] = dense[plane * pixels + pixel];
            }

            Assert.Equal(expected, order.Of(new VBuffer<float>(size, dense)).DenseValues());
            var sparse = order.Of(new VBuffer<float>(size, stored, [.. indices.Select(index => 1f + index)], indices));
            Assert.Equal((stored == size, expected.Length), (sparse.IsDense, sparse.Length));
            Assert.Equal(expected, sparse.DenseValues());
            Assert.Equal(sparse.GetIndices().ToArray().Order(), sparse.GetIndices().ToArray());
        }
    }

    [Fact]
    public void Names_go_with_their_values() => Assert.Equal(["r0", "g0", "r1", "g1", "r2", "g2"], new ChannelsLast(2).Of(["r0", "r1", "r2", "g0", "g1", "g2"]));

    /// <summary>Some of them would be inside the row when moved.</summary>
    [Theory]
    [InlineData(-1, 3)]
    [InlineData(-7, 3)]
    [InlineData(3, 12)]
    [InlineData(3, 13)]
    [InlineData(3, int.MaxValue)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    public void Indices_that_a_row_cannot_have_are_refused(int first, int second)
    {
        var scorer = new RowScorer(Network.Create(new Shape(2, 2, 3), [new DenseLayer(1)], seed: 1), new ChannelsLast(3));
        var row = new VBuffer<float>(12, 2, [1, 2], [first, second]);
        Assert.Contains("index", Assert.Throws<ArgumentException>(() => { scorer.Score(in row); }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_prediction_allocates_nothing(bool isSparse)
    {
        var scorer = new RowScorer(Network.Create(new Shape(2, 2, 3), [new DenseLayer(1)], seed: 1), new ChannelsLast(3));
        var row = isSparse ? new VBuffer<float>(12, 3, [1, 2, 3], [0, 4, 9]) : new VBuffer<float>(12, new float[12]);
        scorer.Score(in row);
        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                scorer.Score(in row);
        }));
    }
}
