using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of an ensemble's members at prediction.</summary>
internal static unsafe class EnsemblePass
{
    /// <summary>The scratch memory of a pass: two buffers that a member's layers write in turn, then the logits of all members, then the layers' own scratch memory. A size beyond int is the largest int, for which no buffer has room.</summary>
    /// <param name="members">How many members there are.</param>
    /// <param name="widestUnits">The most units of a layer's output.</param>
    /// <param name="outputs">Outputs a row.</param>
    /// <param name="layerScratch">The most that a layer needs.</param>
    public static LayerMemory Scratch(int members, int widestUnits, int outputs, LayerMemory layerScratch) =>
        layerScratch with { PerRow = (int)Math.Min(int.MaxValue, 2L * widestUnits + (long)members * outputs + layerScratch.PerRow) };

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
        var (rows, length) = (inputs.Rows, output.Length);
        var members = ensemble.Passes;
        var units = ensemble.Units;
        fixed (float* memory = scratch, mean = output)
        {
            // In the order that Scratch gives.
            var widest = (nint)rows * ensemble.WidestUnits;
            var outputs = memory + 2 * widest;
            var layerScratch = scratch[(int)(2 * widest + (nint)members.Length * length)..];
            for (var member = 0; member < members.Length; member++)
            {
                var passes = members[member];
                var input = inputs;
                for (var i = 0; i < passes.Length; i++)
                {
                    var to = i == passes.Length - 1 ? outputs + (nint)member * length : memory + (i & 1) * widest;
                    passes[i].Forward(new ForwardPass(in input, new Span<float>(to, rows * units[i]), cache: [], layerScratch, training: null, team, saturates));
                    input = new MatrixRows(to, rows, units[i]);
                }
            }

            ColumnMeans.Run(outputs, members.Length, length, mean);
            var whole = MatrixPart.Whole(rows, units[^1]);
            if (saturates)
                Saturation.Run(mean, units[^1], whole);
            outputActivation?.Forward(mean, mean, ensemble.OutputChannels, MatrixPart.Whole(length / ensemble.OutputChannels, ensemble.OutputChannels));
        }
    }
}
