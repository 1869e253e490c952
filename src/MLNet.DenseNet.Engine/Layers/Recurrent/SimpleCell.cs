using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>h = f(x W + h' U + b), where h' is the state of the step before.</summary>
/// <param name="activation">f.</param>
internal sealed unsafe class SimpleCell(Activation activation) : RecurrentCell
{
    public override int Gates => 1;

    public override string? OnnxOperator => OnnxName is null ? null : "RNN";

    /// <summary>The activations of the operator that are the same to the last constant.</summary>
    private string? OnnxName => activation == Activation.Tanh ? "Tanh" : activation == Activation.ReLU ? "Relu" : activation == Activation.Sigmoid ? "Sigmoid" : null;

    public override (string Name, object Value)[] OnnxAttributes(int directions) => [("activations", (string[])[.. Enumerable.Repeat(OnnxName!, directions)])];

    public override OnnxRows ActivationToOnnx(OnnxRows sums) => activation.ToOnnx(sums);

    public override float InitialWeightLimit(int channels, int units) => activation.InitialWeightLimit(channels, units);

    public override void Forward(in RecurrentStep step) => activation.Forward(step.Sums, step.State, step.Units, MatrixPart.Whole(step.Rows, step.Units));

    public override void Backward(in RecurrentStep step)
    {
        var count = step.Rows * step.Units;
        var stateGradient = new Span<float>(step.StateGradient, count);
        stateGradient.CopyTo(new Span<float>(step.SumGradient, count));
        activation.Backward(activation.DerivativeNeedsSums ? step.Sums : step.State, step.SumGradient, step.Units, MatrixPart.Whole(step.Rows, step.Units));
        stateGradient.Clear();
    }
}
