using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>What a layer's weighted sums z go through: y = f(z).</summary>
/// <remarks>The set is closed: the static members are all there are.</remarks>
public abstract class Activation
{
    private protected Activation(string name) => Name = name;

    /// <summary>f(z) = z. For the output of a regression.</summary>
    public static Activation Identity { get; } = new Identity();

    /// <summary>f(z) = 1 / (1 + e^-z), between 0 and 1.</summary>
    public static Activation Sigmoid { get; } = new Sigmoid();

    /// <summary>f(z) = tanh(z), between -1 and 1.</summary>
    public static Activation Tanh { get; } = new Tanh();

    /// <summary>f(z) = max(0, z), the rectified linear unit. The usual choice for hidden layers.</summary>
    public static Activation ReLU { get; } = new RectifiedLinear();

    /// <summary>f(z) = z Φ(z) with the standard normal distribution function Φ, the Gaussian error linear unit in its exact form.</summary>
    /// <remarks>Hendrycks and Gimpel, "Gaussian error linear units" (2016).</remarks>
    public static Activation GELU { get; } = new GaussianErrorLinear();

    /// <summary>f(z) = z / (1 + e^-z), the sigmoid linear unit, also called swish.</summary>
    /// <remarks>Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units" (2018).</remarks>
    public static Activation SiLU { get; } = new SigmoidLinear();

    /// <summary>f(z)_j = e^z_j / sum over k of e^z_k over a row's units: a probability for each. For the output of a multiclass classification.</summary>
    public static Activation Softmax { get; } = new Softmax();

    /// <summary>f(z) = e^z, at most the largest finite number. For the output of a regression of counts or amounts, whose logarithm the network then learns.</summary>
    /// <remarks>With <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>.</remarks>
    public static Activation Exponential { get; } = new Exponential();

    /// <summary>The name, such as "ReLU".</summary>
    public string Name { get; }

    /// <summary>f(z) = z for z > 0 and <paramref name="negativeSlope"/> z otherwise.</summary>
    /// <param name="negativeSlope">The slope below 0, finite and in [0, 1]; 0.01 by default, as in PyTorch.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="negativeSlope"/> is outside [0, 1].</exception>
    public static Activation LeakyReLU(float negativeSlope = 0.01f) => new LeakyRectifiedLinear(negativeSlope);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether the activation is for outputs alone, and none for hidden layers.</summary>
    internal virtual bool IsForOutputs => false;

    /// <summary>Whether the derivative is computed from the sums z, which then have to be kept; otherwise from the outputs f(z), which are kept anyway.</summary>
    internal virtual bool DerivativeNeedsSums => false;

    /// <summary>Writes what <see cref="ActivationKinds"/> reads back besides the kind: nothing, unless the activation has constants.</summary>
    internal virtual void WriteConstants(BinaryWriter writer)
    {
    }

    /// <summary>The initial weights of a layer with this activation are uniform over [-limit, limit].</summary>
    internal virtual float InitialWeightLimit(int inputs, int units) => WeightInitialization.GlorotLimit(inputs, units);

    /// <summary>Whether a unit's output depends on the other units of its row, so that a thread must work on whole rows.</summary>
    internal virtual bool NeedsWholeRows => false;

    /// <summary>Adds f(z) to an ONNX graph.</summary>
    internal abstract OnnxRows ToOnnx(OnnxRows sums);

    /// <summary>Fills f(z).</summary>
    /// <param name="sums">(rows x units); may be the same memory as <paramref name="outputs"/>.</param>
    /// <param name="outputs">(rows x units).</param>
    /// <param name="units">The length of a row.</param>
    /// <param name="part">The elements to work on: what one thread does.</param>
    internal abstract unsafe void Forward(float* sums, float* outputs, int units, MatrixPart part);

    /// <summary>Turns the gradient of the outputs into the gradient of the sums, in place.</summary>
    /// <param name="kept">(rows x units): the sums where <see cref="DerivativeNeedsSums"/>, else the outputs.</param>
    /// <param name="gradient">(rows x units).</param>
    /// <param name="units">The length of a row.</param>
    /// <param name="part">The elements to work on: what one thread does.</param>
    internal abstract unsafe void Backward(float* kept, float* gradient, int units, MatrixPart part);
}
