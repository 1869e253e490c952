using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>An activation of each unit by itself.</summary>
/// <typeparam name="TFunction">f: from a sum to an output.</typeparam>
/// <typeparam name="TGradient">From what is kept and the gradient of the output to the gradient of the sum.</typeparam>
internal abstract class ElementwiseActivation<TFunction, TGradient>(string name, TFunction function, TGradient gradientFunction) : Activation(name)
    where TFunction : struct, IUnaryOperator
    where TGradient : struct, IBinaryOperator
{
    internal override void Forward(ReadOnlySpan<float> sums, Span<float> outputs, int units) => Elementwise.Map(function, sums, outputs);

    internal override void Backward(ReadOnlySpan<float> kept, Span<float> gradient, int units) =>
        Elementwise.Map(gradientFunction, kept, gradient, gradient);
}
