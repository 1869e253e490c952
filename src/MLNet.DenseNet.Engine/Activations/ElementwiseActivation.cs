using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>An activation of each unit by itself.</summary>
/// <typeparam name="TFunction">f: from a sum to an output.</typeparam>
/// <typeparam name="TGradient">f': from what is kept and the gradient of the output to the gradient of the sum.</typeparam>
internal abstract class ElementwiseActivation<TFunction, TGradient>(string name, TFunction function, TGradient gradientFunction) : Activation(name)
    where TFunction : struct, IUnaryOperator
    where TGradient : struct, IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Forward(float* sums, float* outputs, int units, MatrixPart part) => Elementwise.Map(function, sums, outputs, units, part);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Backward(float* kept, float* gradient, int units, MatrixPart part) =>
        Elementwise.Map(gradientFunction, kept, gradient, gradient, units, part);
}
