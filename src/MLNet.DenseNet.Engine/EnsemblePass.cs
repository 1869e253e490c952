using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of an ensemble's members at prediction.</summary>
internal static unsafe class EnsemblePass
{
    /// <summary>The scratch memory of a pass: the logits of all members, then that of a member's layers.</summary>
    /// <param name="members">How many members there are.</param>
    /// <param name="outputs">Outputs a row.</param>
    /// <param name="layers">The scratch memory of a member's layers.</param>
    public static LayerMemory Scratch(int members, int outputs, LayerMemory layers) => LayerMemory.Of((long)members * outputs) + layers;

    /// <param name="ensemble">The members.</param>
    /// <param name="outputActivation">The activation of their mean; null for none.</param>
    /// <param name="inputs">(rows x units): the output of the layers that they share.</param>
    /// <param name="output">(rows x output units), to be filled.</param>
    /// <param name="scratch">As <see cref="Scratch"/> says.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Ensemble ensemble, Activation? outputActivation, scoped in InputRows inputs, Span<float> output, Span<float> scratch, ThreadTeam? team, bool saturates)
    {
        var members = ensemble.Passes;
        var length = output.Length;
        var layerScratch = scratch[(members.Length * length)..];
        for (var member = 0; member < members.Length; member++)
            members[member].Predict(in inputs, scratch.Slice(member * length, length), layerScratch, team, saturates);

        fixed (float* logits = scratch, outputs = output)
            Combine(ensemble, outputActivation, logits, outputs, length, saturates);
    }

    /// <summary>Makes the ensemble's outputs of the logits of its members: their mean, then the output activation.</summary>
    /// <param name="ensemble">The members.</param>
    /// <param name="outputActivation">The activation of their mean; null for none.</param>
    /// <param name="logits">(members x rows x output units).</param>
    /// <param name="outputs">(rows x output units), to be filled.</param>
    /// <param name="length">The values of the outputs.</param>
    /// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(Ensemble ensemble, Activation? outputActivation, float* logits, float* outputs, int length, bool saturates)
    {
        ColumnMeans.Run(logits, ensemble.Passes.Length, length, outputs);
        var channels = ensemble.OutputChannels;
        var whole = MatrixPart.Whole(length / channels, channels);
        if (saturates)
            Saturation.Run(outputs, channels, whole);
        outputActivation?.Forward(outputs, outputs, channels, whole);
    }
}
