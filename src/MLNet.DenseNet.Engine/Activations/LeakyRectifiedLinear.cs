using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class LeakyRectifiedLinear(float negativeSlope)
    : ElementwiseActivation<LeakyRectifiedLinear.Function, LeakyRectifiedLinear.Gradient>("leaky ReLU", new(Check(negativeSlope)), new(negativeSlope))
{
    public float NegativeSlope { get; } = negativeSlope;

    internal override float InitialWeightLimit(int inputs, int units) => WeightInitialization.HeLimit(inputs, NegativeSlope);

    public static Activation Read(BinaryReader reader) => LeakyReLU(reader.ReadSingle());

    internal override void WriteConstants(BinaryWriter writer) => writer.Write(NegativeSlope);

    private static float Check(float negativeSlope) =>
        negativeSlope is >= 0 and <= 1
            ? negativeSlope
            : throw new ArgumentOutOfRangeException(nameof(negativeSlope), FormattableString.Invariant($"The negative slope of a leaky ReLU must be in [0, 1]; {negativeSlope} was given."));

    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("LeakyRelu", [z], ("alpha", NegativeSlope)));

    internal readonly struct Function(float slope) : IUnaryOperator
    {
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => TV.Select(TV.LessThan(TV.Broadcast(0f), z), z, z * TV.Broadcast(_slope));
    }

    /// <summary>f' = 1 where y > 0, else the slope.</summary>
    internal readonly struct Gradient(float slope) : IBinaryOperator
    {
        private readonly float _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV y, TV gradient) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(TV.Broadcast(0f), y), gradient, gradient * TV.Broadcast(_slope));
    }
}
