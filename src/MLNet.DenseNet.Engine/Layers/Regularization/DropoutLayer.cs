using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Dropout: while training, sets each input to 0 with a probability of <see cref="Rate"/> and divides the others by the probability
/// of being kept, so that the expectation stays the same (inverted dropout). At prediction it changes nothing.
/// </summary>
/// <remarks>Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).</remarks>
public sealed class DropoutLayer : Layer
{
    /// <summary>A layer that drops a share of its inputs.</summary>
    /// <param name="rate">The probability of dropping an input, in [0, 1); 0 drops none. It is rounded to a multiple of 2^-16, both for drawing and for scaling the others.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public DropoutLayer(float rate) => Rate = DropoutMask.Checked(rate, nameof(rate));

    /// <summary>The probability of dropping an input.</summary>
    public float Rate { get; }

    /// <summary>Such as "Dropout 0.5".</summary>
    public override string ToString() => FormattableString.Invariant($"Dropout {Rate}");

    internal static Layer Read(BinaryReader reader) => new DropoutLayer(reader.ReadSingle());

    /// <summary>float32 rate.</summary>
    internal override void Write(BinaryWriter writer) => writer.Write(Rate);

    internal override Shape OutputShape(Shape input) => input;

    internal override int[] Sources(Shape input) => [.. Enumerable.Range(0, input.Size)];

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => input;

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(Rate, layer.Stream);

    private sealed class Passes(float rate, int layer) : LayerPasses
    {
        private readonly DropoutMask _mask = new(rate, layer);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            var isDropping = _mask.Drops(pass.Training);
            if (!isDropping || !pass.Input.IsContiguous)
                pass.Input.CopyTo(pass.Output);
            if (isDropping)
                _mask.Apply(pass.Training!.Value, pass.Input.IsContiguous ? pass.Input.Span : pass.Output, pass.Output, pass.Team);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            if (pass.InputGradient.IsEmpty)
                return;
            if (_mask.Drops(pass.Training))
                _mask.Apply(pass.Training, pass.OutputGradient, pass.InputGradient, pass.Team);
            else
                pass.OutputGradient.CopyTo(pass.InputGradient);
        }
    }
}
