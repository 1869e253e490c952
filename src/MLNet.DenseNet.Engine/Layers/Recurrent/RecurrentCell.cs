namespace MLNet.DenseNet.Engine;

/// <summary>
/// What a kind of recurrent layer computes in a step, element by element. Its sums are z = x W + b of the step's inputs and h U of the state before, for one or more gates of each unit: those of the first gate
/// for all units, then those of the second.
/// </summary>
internal abstract class RecurrentCell
{
    /// <summary>How many sums each unit has.</summary>
    public abstract int Gates { get; }

    /// <summary>How many values each unit keeps from a step, besides sums and state.</summary>
    public virtual int Kept => 0;

    /// <summary>Whether h U has a bias of its own and stays apart from x W + b. Otherwise it is added to it.</summary>
    public virtual bool HasRecurrentSums => false;

    /// <summary>The initial weights of the inputs are uniform over [-limit, limit].</summary>
    /// <param name="channels">Inputs of a step.</param>
    /// <param name="units">Units of the layer.</param>
    public virtual float InitialWeightLimit(int channels, int units) => WeightInitialization.GlorotLimit(channels, Gates * units);

    /// <summary>The operator of ONNX that does the same; null where there is none.</summary>
    public abstract string? OnnxOperator { get; }

    /// <summary>Of each gate of that operator, in its order, which one here it is.</summary>
    public virtual int[] OnnxGates => [.. Enumerable.Range(0, Gates)];

    /// <summary>What that operator has to be told.</summary>
    /// <param name="directions">1 or 2.</param>
    public virtual (string Name, object Value)[] OnnxAttributes(int directions) => [];

    /// <summary>Adds the activation of a state to an ONNX graph, where there is no operator.</summary>
    public virtual OnnxRows ActivationToOnnx(OnnxRows sums) => throw new NotSupportedException("The cell has an operator of its own.");


    /// <summary>Gives the bias its initial values; they are zero before.</summary>
    /// <param name="bias">(gates x units).</param>
    public virtual void InitializeBias(Span<float> bias)
    {
    }

    /// <summary>Fills a step's state from its sums and from what the step before left, and keeps what the backward pass needs.</summary>
    public abstract void Forward(in RecurrentStep step);

    /// <summary>
    /// Fills the gradients of a step's sums. The gradient of its state becomes that of the state before, as far as that does not go through h U.
    /// </summary>
    public abstract void Backward(in RecurrentStep step);
}
