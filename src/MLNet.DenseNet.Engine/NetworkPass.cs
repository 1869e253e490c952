using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>A batch on its way through all layers of a network.</summary>
internal static class NetworkPass
{
    /// <param name="network">The network.</param>
    /// <param name="inputs">(rows x input units); whoever calls has checked that they are the network's.</param>
    /// <param name="workspace">Of this network.</param>
    /// <param name="training">The training step, or null at prediction.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <returns>(rows x output units): a view of the workspace.</returns>
    /// <exception cref="ArgumentException">The rows are more than the workspace has room for, or it is another network's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static ReadOnlySpan<float> Run(Network network, scoped in InputRows inputs, Workspace workspace, TrainingStep? training, ThreadTeam? team)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Network != network)
            throw new ArgumentException("The workspace was made for another network.", nameof(workspace));
        if (inputs.Rows < 1 || inputs.Rows > workspace.MaxRows)
            throw new ArgumentException($"The workspace has room for 1 to {workspace.MaxRows} rows; {inputs.Rows} were given.", nameof(inputs));

        workspace.Rows = inputs.Rows;
        return inputs.IsSparse ? Compute(network, Enter(network.LayerSpan, inputs.Sparse, workspace, out var first), first, workspace, training, team)
            : Compute(network, in inputs, first: 0, workspace, training, team);
    }

    /// <summary>From the first layer that computes on the inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static ReadOnlySpan<float> Compute(Network network, scoped in InputRows inputs, int first, Workspace workspace, TrainingStep? training, ThreadTeam? team)
    {
        workspace.FirstLayer = first;
        if (training is not null)
            workspace.FirstInput = inputs;
        Layers(network.LayerSpan, in inputs, first, workspace, training, team, saturates: false);
        var outputs = workspace.MutableOutput(network.LayerSpan.Length - 1);
        if (training is null && !(outputs.Length == 1 ? float.IsFinite(outputs[0]) : FiniteValues.All(outputs)))
            Saturate(network, in inputs, first, workspace);
        return outputs;
    }

    /// <summary>The rows as the first layer takes them that computes on them: one in front of it may hand them on.</summary>
    private static InputRows Enter(ReadOnlySpan<NetworkLayer> layers, CsrMatrix rows, Workspace workspace, out int firstThatComputes)
    {
        firstThatComputes = 0;
        var first = layers[0];
        if (layers.Length > 1 && first.Layer.HandsOnSparse(first))
        {
            firstThatComputes = 1;
            rows = first.Layer.HandOn(first, rows);
        }

        return layers[firstThatComputes].Layer.TakesSparse ? rows : workspace.WriteOut(rows);
    }

    /// <summary>By reference: for a single row of a small network copies of its description would be felt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Layers(ReadOnlySpan<NetworkLayer> layers, scoped in InputRows inputs, int first, Workspace workspace, TrainingStep? training, ThreadTeam? team, bool saturates)
    {
        var index = first;
        var layer = layers[index];
        layer.Layer.Forward(new ForwardPass(layer, in inputs, workspace.MutableOutput(index), workspace.Cache(index), training, team, saturates));
        while (++index < layers.Length)
        {
            layer = layers[index];
            InputRows input = workspace.OutputRows(index - 1);
            layer.Layer.Forward(new ForwardPass(layer, in input, workspace.MutableOutput(index), workspace.Cache(index), training, team, saturates));
        }
    }

    /// <summary>
    /// Computes rows anew whose features are finite and whose outputs are not, since a sum left the range of float32: now every sum ends at its largest numbers, and so nothing
    /// after it becomes infinity minus infinity. Row by row, so that what a row comes to does not depend on the others of its batch.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Saturate(Network network, scoped in InputRows inputs, int first, Workspace workspace)
    {
        var layers = network.LayerSpan;
        for (var row = 0; row < workspace.Rows; row++)
        {
            if (FiniteValues.All(workspace.MutableOutput(layers.Length - 1, row)))
                continue;
            var input = inputs.Row(row);
            if (!input.IsFinite)
                continue;
            var single = workspace.Single;
            single.Rows = 1;
            Layers(layers, in input, first, single, training: null, team: null, saturates: true);
            workspace.TakeRow(row, single);
        }
    }
}
