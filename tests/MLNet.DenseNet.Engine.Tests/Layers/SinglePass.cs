using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Passes of one batch through one layer alone.</summary>
internal static class SinglePass
{
    public static void Forward(LayerPasses layer, in InputRows input, Span<float> output, Span<float> cache, Span<float> scratch, TrainingStep? training, ThreadTeam? team, bool saturates = false)
    {
        scoped var pass = new ForwardPass(scratch, training, team, saturates);
        pass.TurnTo(in input, output, cache);
        layer.Forward(in pass);
    }

    public static void Backward(
        LayerPasses layer, in InputRows input, ReadOnlySpan<float> output, ReadOnlySpan<float> cache, Span<float> scratch,
        Span<float> outputGradient, Span<float> inputGradient, Engine.Gradients gradients, TrainingStep training, ThreadTeam? team = null)
    {
        scoped var pass = new BackwardPass(scratch, gradients, training, team, fusedUpdate: null);
        pass.TurnTo(in input, output, cache, outputGradient, inputGradient);
        layer.Backward(in pass);
    }
}
