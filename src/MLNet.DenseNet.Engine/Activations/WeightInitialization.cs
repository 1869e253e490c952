namespace MLNet.DenseNet.Engine;

/// <summary>Limits of the uniform distributions that initial weights are drawn from.</summary>
internal static class WeightInitialization
{
    /// <summary>For activations that are about linear at 0: outputs and gradients keep their variance from layer to layer. Glorot and Bengio (2010).</summary>
    public static float GlorotLimit(int inputs, int units) => MathF.Sqrt(6f / ((float)inputs + units));

    /// <summary>For rectifiers, which pass on half of the variance. He, Zhang, Ren and Sun (2015).</summary>
    public static float HeLimit(int inputs, float negativeSlope = 0) => MathF.Sqrt(6f / ((1 + negativeSlope * negativeSlope) * inputs));
}
