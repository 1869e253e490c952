using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The parameters of a network's own layers, each at an aligned place in one buffer: the trained ones first, then running statistics, then constants.</summary>
internal sealed class ParameterBuffer
{
    // Where the next parameter of each role begins.
    private readonly int[] _next;

    /// <param name="lengths">How many elements the parameters of each role take.</param>
    public ParameterBuffer(ParameterLengths lengths)
    {
        Values = new AlignedBuffer(lengths.Total);
        TrainedLength = (int)lengths.Trained;
        LearnedLength = (int)(lengths.Trained + lengths.Statistics);
        _next = [0, TrainedLength, LearnedLength];
    }

    /// <summary>Zeros at first.</summary>
    public AlignedBuffer Values { get; }

    /// <summary>The elements of the trained parameters, which come first. Gradients and the optimizer's state are laid out like them.</summary>
    public int TrainedLength { get; }

    /// <summary>The elements of the trained parameters and the running statistics.</summary>
    public int LearnedLength { get; }

    /// <summary>Gives a parameter its place.</summary>
    public Parameter Place(ParameterSpecification specification)
    {
        ref var next = ref _next[(int)specification.Role];
        var parameter = new Parameter(specification, Values, next);
        next += (int)AlignedBuffer.RoundUp(specification.Shape.Size);
        return parameter;
    }
}
