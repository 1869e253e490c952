using System.Diagnostics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A layer's products, with nothing around them.</summary>
internal sealed unsafe class LayerProducts(LayerSize size, ThreadTeam? team)
{
    private readonly AlignedBuffer _inputs = Filled((long)size.Batch * size.Inputs);
    private readonly AlignedBuffer _weights = Filled((long)size.Inputs * size.Units);
    private readonly AlignedBuffer _outputs = Filled((long)size.Batch * size.Units);
    private readonly AlignedBuffer _result = new(Math.Max((long)size.Batch * Math.Max(size.Inputs, size.Units), (long)size.Inputs * size.Units));

    /// <summary>Times one of the products.</summary>
    /// <param name="form">Which one.</param>
    /// <param name="samples">How often; the best of them counts.</param>
    /// <param name="seconds">What a sample takes at least.</param>
    /// <returns>Operations a second.</returns>
    public double Rate(ProductForm form, int samples, double seconds)
    {
        var (repetitions, best) = (1, 0.0);
        for (var sample = 0; sample < samples;)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repetitions; i++)
                Run(form);
            var taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (taken < seconds)
            {
                repetitions *= Math.Clamp((int)(1.2 * seconds / Math.Max(taken, 1e-9)), 2, 1000);
                continue;
            }

            best = Math.Max(best, size.Operations * repetitions / taken);
            sample++;
        }

        return best;
    }

    private void Run(ProductForm form)
    {
        var (batch, inputs, units) = size;
        switch (form)
        {
            case ProductForm.Forward:
                MatrixProduct.Multiply(new MatrixRows(_inputs.Pointer, batch, inputs), _weights.Span, [], Result(batch, units), units, default(NoWork), team);
                break;
            case ProductForm.WeightGradient:
                MatrixProduct.MultiplyTransposedLeft(
                    new MatrixRows(_inputs.Pointer, batch, inputs), _outputs.Span, Result(inputs, units), units, MatrixProduct.Shares(inputs, batch, units, team), default(NoWork), team);
                break;
            default:
                MatrixProduct.MultiplyTransposedRight(new MatrixRows(_outputs.Pointer, batch, units), _weights.Span, Result(batch, inputs), inputs, team);
                break;
        }
    }

    private Span<float> Result(int rows, int columns) => _result.Span[..(rows * columns)];

    private static AlignedBuffer Filled(long length)
    {
        var buffer = new AlignedBuffer(length);
        var values = buffer.Span;
        for (var i = 0; i < values.Length; i++)
            values[i] = (i % 101 - 50) * 0.01f;
        return buffer;
    }
}
