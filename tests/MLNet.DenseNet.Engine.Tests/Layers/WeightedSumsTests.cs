using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public unsafe class WeightedSumsTests
{
    private const int Inputs = 30;
    private const int Units = 40;

    /// <summary>The steps of a sequence use the same weights: their rows, wherever they lie, are rows of one product.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gathered_rows_have_the_gradients_of_rows_one_after_the_other(int threads)
    {
        const int Rows = 900, Stride = Inputs + 5;
        using var team = new ThreadTeam(threads, adapts: false);
        float[] x = Samples.Numbers(Rows * Inputs, seed: 1), dz = Samples.Numbers(Rows * Units, seed: 2), scattered = new float[Rows * Stride];
        var offsets = new nint[Rows];
        for (var row = 0; row < Rows; row++)
        {
            offsets[row] = (Rows - 1 - row) * Stride;
            x.AsSpan(row * Inputs, Inputs).CopyTo(scattered.AsSpan((int)offsets[row]));
        }

        fixed (float* contiguous = x, elements = scattered)
        fixed (nint* starts = offsets)
        {
            var expected = Backward(new MatrixRows(contiguous, Rows, Inputs), dz, null);
            var actual = Backward(new MatrixRows(elements, starts, Rows, Inputs), dz, team);
            Assert.Equal(expected.Gradients, actual.Gradients);
            Assert.Equal(expected.InputGradient, actual.InputGradient);
            Assert.DoesNotContain(expected.InputGradient, float.IsNaN);
        }
    }

    [Fact]
    public void Sparse_rows_have_no_gradient_of_their_own() =>
        SparseSamples.Store(SparseSamples.Rows(3, Inputs, share: 0.4, seed: 1), Inputs).Use(rows =>
            Assert.Throws<NotSupportedException>(() => Backward(rows, new float[3 * Units], null)));

    private static (float[] Gradients, float[] InputGradient) Backward(InputRows x, float[] dz, ThreadTeam? team)
    {
        var network = Network.Create(Inputs, [new DenseLayer(Units)], seed: 3);
        var (gradients, dx) = (new Engine.Gradients(network.TrainedLength), new float[x.Rows * Inputs]);
        Array.Fill(dx, float.NaN);
        gradients.Begin();
        new WeightedSums(network.Parameters[0], network.Parameters[1]).Backward(in x, dz.ToArray(), dx, gradients, fusedUpdate: null, default(NoWork), team);
        Assert.Equal(network.Parameters, gradients.Computed.ToArray().Select(computed => computed.Parameter));
        return (gradients.Values.Span.ToArray(), dx);
    }
}
