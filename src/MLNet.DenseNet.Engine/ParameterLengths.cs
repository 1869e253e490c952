using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>How many elements of a buffer parameters take, padding included.</summary>
/// <param name="Trained">Of those that are trained.</param>
/// <param name="Statistics">Of running statistics.</param>
/// <param name="Constants">Of those that are set once.</param>
/// <param name="Values">All their values, without padding.</param>
internal readonly record struct ParameterLengths(long Trained, long Statistics, long Constants, long Values)
{
    public long Total => Trained + Statistics + Constants;

    public static ParameterLengths operator +(ParameterLengths left, ParameterLengths right) =>
        new(left.Trained + right.Trained, left.Statistics + right.Statistics, left.Constants + right.Constants, left.Values + right.Values);

    /// <summary>The lengths of a layer's parameters, with those of layers inside it, for as many copies of the layer as given.</summary>
    public static ParameterLengths Of(Layer layer, Shape input, int times = 1)
    {
        ParameterLengths lengths = default;
        foreach (var specification in layer.AllParameters(input))
        {
            var (values, length) = ((long)times * specification.Shape.Size, times * AlignedBuffer.RoundUp(specification.Shape.Size));
            lengths += specification.Role switch
            {
                ParameterRole.Trained => new(length, 0, 0, values),
                ParameterRole.RunningStatistic => new(0, length, 0, values),
                _ => new(0, 0, length, values),
            };
        }

        return lengths;
    }
}
